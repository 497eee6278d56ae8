//! Counts what occurred: fields of kustomizations and of what they name, builtin kinds, lists that patches merge.

use std::collections::BTreeMap;

use plimsoll::schema::Type;

use super::objects::{merged_lists, schema};
use super::patches::field_type;
use super::tree::{Case, Node};
use crate::fuzz::{self, say};

/// The fields of each record, as the documentation of Kustomize has them; remote files, charts and programs are left out.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "Kustomization",
        &[
            "apiVersion",
            "kind",
            "metadata: Metadata",
            "resources",
            "bases",
            "components",
            "configMapGenerator: Generator",
            "secretGenerator: Generator",
            "generatorOptions: GeneratorOptions",
            "namePrefix",
            "nameSuffix",
            "namespace",
            "commonLabels",
            "labels: Label",
            "commonAnnotations",
            "patches: Patch",
            "patchesStrategicMerge",
            "patchesJson6902: Patch",
            "images: Image",
            "imageTags: Image",
            "replicas: Replica",
            "replacements: Replacement",
            "vars: Var",
            "configurations",
            "crds",
            "openapi: Openapi",
            "sortOptions: SortOptions",
            "buildMetadata",
            "generators",
            "transformers",
            "validators",
        ],
    ),
    ("Metadata", &["name", "namespace", "labels", "annotations"]),
    (
        "Generator",
        &[
            "namespace",
            "name",
            "behavior",
            "literals",
            "files",
            "envs",
            "env",
            "options: GeneratorOptions",
            "type",
        ],
    ),
    ("GeneratorOptions", &["labels", "annotations", "disableNameSuffixHash", "immutable"]),
    ("Label", &["pairs", "includeSelectors", "includeTemplates", "fields: FieldSpec"]),
    ("FieldSpec", &["group", "version", "kind", "path", "create"]),
    ("Patch", &["path", "patch", "target: Selector", "options: PatchOptions"]),
    ("PatchOptions", &["allowNameChange", "allowKindChange"]),
    ("Selector", &["group", "version", "kind", "name", "namespace", "annotationSelector", "labelSelector"]),
    ("Image", &["name", "newName", "tagSuffix", "newTag", "digest"]),
    ("Replica", &["name", "count"]),
    ("Replacement", &["source: Source", "targets: Target", "sourceValue", "path"]),
    ("Source", &["group", "version", "kind", "name", "namespace", "fieldPath", "options: FieldOptions"]),
    ("Target", &["select: Selector", "reject: Selector", "fieldPaths", "options: FieldOptions"]),
    ("FieldOptions", &["delimiter", "index", "encoding", "create"]),
    ("Var", &["name", "objref: VarTarget", "fieldref: VarField"]),
    ("VarTarget", &["apiVersion", "group", "version", "kind", "name", "namespace"]),
    ("VarField", &["fieldPath"]),
    ("Openapi", &["path", "version"]),
    ("SortOptions", &["order", "legacySortOptions: LegacySortOptions"]),
    ("LegacySortOptions", &["orderFirst", "orderLast"]),
    (
        "Configuration",
        &[
            "namePrefix: FieldSpec",
            "nameSuffix: FieldSpec",
            "namespace: FieldSpec",
            "commonLabels: FieldSpec",
            "labels: FieldSpec",
            "templateLabels: FieldSpec",
            "commonAnnotations: FieldSpec",
            "nameReference: NameReference",
            "varReference: FieldSpec",
            "images: FieldSpec",
            "replicas: FieldSpec",
        ],
    ),
    ("NameReference", &["group", "version", "kind", "fieldSpecs: FieldSpec"]),
];

/// The builtin kinds of `generators`, `transformers` and `validators`, but for charts.
pub const BUILTIN: &[&str] = &[
    "AnnotationsTransformer",
    "ConfigMapGenerator",
    "HashTransformer",
    "IAMPolicyGenerator",
    "ImageTagTransformer",
    "LabelTransformer",
    "NamespaceTransformer",
    "PatchJson6902Transformer",
    "PatchStrategicMergeTransformer",
    "PatchTransformer",
    "PrefixSuffixTransformer",
    "PrefixTransformer",
    "ReplacementTransformer",
    "ReplicaCountTransformer",
    "SecretGenerator",
    "SortOrderTransformer",
    "SuffixTransformer",
    "ValueAddTransformer",
];

/// How often each was met.
#[derive(Default)]
pub struct Uses(BTreeMap<String, usize>);

impl Uses {
    /// Counts what a case has.
    pub fn count(&mut self, case: &Case) {
        for (path, body) in &case.files {
            let Node::Docs(docs) = body else { continue };
            for doc in docs {
                let is_patch = path.contains("/p");
                if path.contains("ustomization") {
                    self.record("Kustomization", doc);
                } else if path.contains("/conf") {
                    self.record("Configuration", doc);
                } else if is_patch {
                    self.patch(doc);
                }
                self.builtin(doc);
            }
        }
    }

    fn add(&mut self, name: String) {
        *self.0.entry(name).or_default() += 1;
    }

    fn record(&mut self, record: &str, node: &Node) {
        let Some((_, fields)) = FIELDS.iter().find(|(name, _)| *name == record) else { return };
        match node.bare() {
            Node::List(items) => items.iter().for_each(|item| self.record(record, item)),
            Node::Map(entries) => {
                for (key, value) in entries {
                    for field in *fields {
                        let (name, inner) = field.split_once(": ").unwrap_or((field, ""));
                        if name.eq_ignore_ascii_case(key) {
                            self.add(format!("{record}.{name}"));
                            self.record(inner, value);
                        }
                    }
                    if matches!(key.as_str(), "patch" | "patchesStrategicMerge") {
                        let texts = match value {
                            Node::List(items) => items.as_slice(),
                            one => std::slice::from_ref(one),
                        };
                        for text in texts {
                            if let Node::Docs(docs) = text {
                                docs.iter().for_each(|doc| self.patch(doc));
                            }
                        }
                    }
                    if matches!(key.as_str(), "generators" | "transformers" | "validators")
                        && let Node::List(items) = value
                    {
                        for item in items {
                            if let Node::Docs(docs) = item {
                                docs.iter().for_each(|doc| self.builtin(doc));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn builtin(&mut self, doc: &Node) {
        let text = |key: &str| doc.get(key).and_then(Node::text);
        if text("apiVersion") == Some("builtin")
            && let Some(kind) = text("kind")
        {
            self.add(kind.to_owned());
        }
    }

    /// A strategic merge patch: the lists in it.
    fn patch(&mut self, doc: &Node) {
        let text = |key: &str| doc.get(key).and_then(Node::text).unwrap_or_default();
        let api_version = text("apiVersion");
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        if let Some(kind) = schema().kind(group, version, text("kind")) {
            self.lists(doc, kind.ty());
        }
    }

    fn lists(&mut self, node: &Node, ty: Type<'static>) {
        match node.bare() {
            Node::Map(entries) => {
                for (key, value) in entries {
                    let list = format!("{}.{key}", ty.name());
                    if matches!(value.bare(), Node::List(_)) && merged_lists().contains(&list) {
                        self.add(list);
                    }
                    if let Some(inner) = field_type(Some(ty), key) {
                        self.lists(value, inner);
                    }
                }
            }
            Node::List(items) => {
                if let Some(element) = ty.element() {
                    items.iter().for_each(|item| self.lists(item, element));
                }
            }
            _ => {}
        }
    }

    /// Tells what was too seldom.
    pub fn report(&self) {
        let fields = FIELDS.iter().flat_map(|(record, fields)| {
            fields.iter().map(move |field| {
                let name = field.split_once(": ").map_or(*field, |(name, _)| name);
                format!("{record}.{name}")
            })
        });
        let kinds = BUILTIN.iter().map(|kind| (*kind).to_owned());
        let all: Vec<String> = fields.chain(kinds).chain(merged_lists().iter().cloned()).collect();
        let met = all.iter().filter_map(|name| self.0.get(name)).min();
        say(&format!(
            "{} fields, builtin kinds and merged lists; the rarest that occurred did so {} times",
            all.len(),
            met.copied().unwrap_or(0)
        ));
        if let Some(rare) = fuzz::rare(all, &self.0) {
            say(&rare);
        }
    }
}
