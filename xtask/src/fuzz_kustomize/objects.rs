//! Objects of the kinds that Kustomize's schema knows, grown by that schema, and some that it does not know.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use plimsoll::render::kustomize::field_spec::name_references::NAME_REFERENCES;
use plimsoll::render::kustomize::field_spec::transformers::{COMMON_LABEL_SELECTORS, IMAGES, REPLICAS};
use plimsoll::render::kustomize::field_spec::var_references::VAR_REFERENCES;
use plimsoll::schema::{Kind, Schema, Shape, Type};

use super::pool::{self, KEYS, NAMES, NAMESPACES};
use super::tree::{Node, map, raw};
use crate::fuzz::Random;

/// The schema that strategic merges go by.
pub fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(Schema::kustomize)
}

/// The lists that are merged: name of the type, and of the field.
pub fn merged_lists() -> &'static BTreeSet<String> {
    static LISTS: OnceLock<BTreeSet<String>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for kind in schema().kinds() {
            gather(kind.ty(), &mut seen, &mut lists);
        }
        lists
    })
}

fn gather(ty: Type<'_>, seen: &mut BTreeSet<String>, lists: &mut BTreeSet<String>) {
    if let Some(element) = ty.element() {
        return gather(element, seen, lists);
    }
    if ty.shape() != Shape::Object || !seen.insert(ty.name().to_owned()) {
        return;
    }
    for field in ty.fields() {
        if field.patch().merge && field.ty().shape() == Shape::List {
            lists.insert(format!("{}.{}", ty.name(), field.name()));
        }
        gather(field.ty(), seen, lists);
    }
}

/// The fields on the way to what transformers look for and merges go by.
fn is_of_interest(name: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let named = NAME_REFERENCES.iter().flat_map(|named| named.fields);
        let specs = named.chain(VAR_REFERENCES).chain(COMMON_LABEL_SELECTORS).chain(IMAGES).chain(REPLICAS);
        let paths = specs.map(|spec| match &spec.path {
            std::borrow::Cow::Borrowed(path) => *path,
            std::borrow::Cow::Owned(_) => "",
        });
        let words = paths.flat_map(|path| path.split('/')).map(|word| word.trim_end_matches("[]"));
        words.chain(merged_lists().iter().filter_map(|list| Some(list.rsplit_once('.')?.1))).collect()
    });
    words.contains(name)
}

/// An object, and what it is called by now.
#[derive(Clone, Debug)]
pub struct Object {
    pub api_version: String,
    pub kind: String,
    /// As first written.
    pub first_name: String,
    pub name: String,
    /// As first written.
    pub first_namespace: Option<String>,
    pub namespace: Option<String>,
    pub tree: Node,
    /// Whether a patch changed it, so that the tree is not what it looks like by now.
    pub is_patched: bool,
}

impl Object {
    /// The type that merges go by.
    pub fn ty(&self) -> Option<Type<'static>> {
        self.known().map(Kind::ty)
    }

    fn known(&self) -> Option<Kind<'static>> {
        schema().kind(self.group(), self.version(), &self.kind)
    }

    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    pub fn is_namespaced(&self) -> bool {
        self.known().is_none_or(Kind::is_namespaced)
    }

    /// A name and the namespace that it had with it: those at first, mostly, or those of now.
    pub fn identity(&self, random: &mut Random) -> (&str, Option<&str>) {
        if random.percent(70) {
            (&self.first_name, self.first_namespace.as_deref())
        } else {
            (&self.name, self.namespace.as_deref())
        }
    }

    /// Whether prefixes and suffixes pass it by.
    pub fn keeps_name(&self) -> bool {
        matches!(self.kind.as_str(), "Namespace" | "CustomResourceDefinition" | "APIService")
    }

    pub fn has_replicas(&self) -> bool {
        matches!(self.kind.as_str(), "Deployment" | "ReplicaSet" | "StatefulSet" | "ReplicationController")
    }
}

const COMMON: &[(&str, &str)] = &[
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("v1", "Pod"),
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "ServiceAccount"),
    ("networking.k8s.io/v1", "Ingress"),
    ("networking.k8s.io/v1beta1", "Ingress"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "PersistentVolume"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("policy/v1", "PodDisruptionBudget"),
    ("v1", "Namespace"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("v1", "ReplicationController"),
    ("v1", "PodTemplate"),
];

const FOREIGN: &[(&str, &str)] = &[
    ("example.com/v1", "Foo"),
    ("example.com/v1alpha1", "Bar"),
    ("serving.knative.dev/v1", "Service"),
    ("v1", "Unheard"),
    ("apps/v1beta1", "Deployment"),
    ("extensions/v1beta1", "Deployment"),
    ("resource.k8s.io/v1", "DeviceClass"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
];

/// Grows objects.
pub struct Grower<'r> {
    pub random: &'r mut Random,
    /// How many nodes may still be made, so that no object is endless.
    budget: usize,
}

impl<'r> Grower<'r> {
    pub fn new(random: &'r mut Random) -> Grower<'r> {
        Grower { random, budget: 0 }
    }

    /// An object of that name.
    pub fn object(&mut self, name: &str) -> Object {
        self.budget = 20 + self.random.below(100);
        let kinds: Vec<Kind<'static>> = schema().kinds().collect();
        let (api_version, kind) = match self.random.below(100) {
            0..70 => {
                let (api_version, kind) = *self.random.pick(COMMON);
                (api_version.to_owned(), kind.to_owned())
            }
            70..86 => {
                let kind = *self.random.pick(&kinds);
                (kind.api_version(), kind.kind().to_owned())
            }
            _ => {
                let (api_version, kind) = *self.random.pick(FOREIGN);
                (api_version.to_owned(), kind.to_owned())
            }
        };
        // A kind that ends in List is taken apart.
        let kind = kind.strip_suffix("List").map(str::to_owned).unwrap_or(kind);
        let mut object = Object {
            api_version,
            kind,
            first_name: name.to_owned(),
            name: name.to_owned(),
            first_namespace: None,
            namespace: None,
            tree: Node::Map(Vec::new()),
            is_patched: false,
        };
        if self.random.percent(if object.is_namespaced() { 20 } else { 3 }) {
            object.namespace = Some(self.random.word(NAMESPACES).to_owned());
            object.first_namespace.clone_from(&object.namespace);
        }
        let mut metadata = self.metadata(Some(name), object.namespace.as_deref());
        if object.api_version == "v1" && matches!(&*object.kind, "ConfigMap" | "Secret") {
            self.ask_for_hash(&mut metadata);
        }
        let mut entries = vec![
            ("apiVersion".to_owned(), raw(&object.api_version)),
            ("kind".to_owned(), raw(&object.kind)),
            ("metadata".to_owned(), metadata),
        ];
        // A kind of another version is like the one that is known.
        let like = || kinds.iter().find(|k| k.kind() == object.kind).map(|k| k.ty());
        match (object.kind.as_str(), object.ty().or_else(like)) {
            ("ConfigMap" | "Secret", _) => entries.extend(self.data(object.kind == "Secret")),
            (_, Some(ty)) => {
                let Node::Map(fields) = self.fields(ty, 0) else { return object };
                entries.extend(
                    fields
                        .into_iter()
                        .filter(|(k, _)| !matches!(k.as_str(), "apiVersion" | "kind" | "metadata")),
                );
            }
            _ => entries.push(("spec".to_owned(), self.free(0))),
        }
        object.tree = Node::Map(entries);
        object
    }

    fn data(&mut self, is_secret: bool) -> Vec<(String, Node)> {
        let mut data = Vec::new();
        for key in KEYS.iter().take(self.random.below(5)) {
            let value = match self.random.below(10) {
                _ if is_secret => raw(self.random.word(&["YQ==", "Yg==", "aGVsbG8gd29ybGQ="])),
                0 => Node::Lines(vec!["line: one".into(), "  two".into(), String::new(), "end".into()]),
                1 => Node::Docs(vec![map([
                    ("host", raw("example.com")),
                    ("list", Node::List(vec![map([("name", raw("a")), ("port", raw("80"))])])),
                ])]),
                2 => raw("'{\"host\": \"example.com\", \"ports\": [80, 443], \"on\": true}'"),
                _ => raw(self.random.scalar()),
            };
            data.push(((*key).to_owned(), value));
        }
        let mut entries = vec![("data".to_owned(), Node::Map(data))];
        if is_secret {
            entries.push(("type".to_owned(), raw(self.random.word(&["Opaque", "kubernetes.io/tls"]))));
            if self.random.percent(20) {
                entries.push(("stringData".to_owned(), map([("k1", raw(self.random.text()))])));
            }
        } else if self.random.percent(8) {
            entries.push(("binaryData".to_owned(), map([("bin", raw("/wA="))])));
        }
        if self.random.percent(5) {
            entries.push(("immutable".to_owned(), raw("true")));
        }
        entries
    }

    /// `metadata`; that of a template has no name.
    pub fn metadata(&mut self, name: Option<&str>, namespace: Option<&str>) -> Node {
        let mut entries: Vec<(String, Node)> = Vec::new();
        let mut put = |key: &str, value: Node| entries.push((key.to_owned(), value));
        if let Some(name) = name {
            put("name", raw(name));
        }
        if let Some(namespace) = namespace {
            put("namespace", raw(namespace));
        }
        if self.random.percent(35) {
            put("labels", self.pairs());
        }
        if self.random.percent(25) {
            put("annotations", self.annotations());
        }
        match self.random.below(100) {
            0..3 => put("creationTimestamp", raw("null")),
            3..7 => put("finalizers", Node::List(vec![raw("example.com/f"), raw("example.com/g")])),
            7..11 => put(
                "ownerReferences",
                Node::List(vec![map([
                    ("apiVersion", raw("v1")),
                    ("kind", raw("ConfigMap")),
                    ("name", raw(self.random.word(NAMES))),
                    ("uid", raw(self.random.word(&["u-1", "u-2"]))),
                ])]),
            ),
            11..13 => put("labels2", raw("x")),
            _ => {}
        }
        Node::Map(entries)
    }

    fn annotations(&mut self) -> Node {
        let mut pairs = self.pairs();
        if self.random.percent(8) {
            let value = self.random.word(&["\"true\"", "\"false\"", "x"]);
            pairs.set("config.kubernetes.io/local-config", raw(value));
        }
        if self.random.percent(5) {
            let key = self.random.word(&[
                "kustomize.config.k8s.io/needs-hash",
                "kustomize.config.k8s.io/behavior",
                "config.kubernetes.io/origin",
                "config.kubernetes.io/index",
                "internal.config.kubernetes.io/path",
            ]);
            pairs.set(key, raw("enabled"));
        }
        pairs
    }

    /// Has a hash put behind the name of a ConfigMap or Secret that nothing generated. Of other kinds upstream hashes its own
    /// nodes, with the lines and columns that they were read from.
    fn ask_for_hash(&mut self, metadata: &mut Node) {
        if self.random.percent(4) {
            let mut annotations = self.annotations();
            annotations.set("internal.config.kubernetes.io/needsHashSuffix", raw("enabled"));
            metadata.set("annotations", annotations);
        }
    }

    /// A map of some keys to scalars.
    pub fn pairs(&mut self) -> Node {
        let mut pairs = Node::Map(Vec::new());
        for _ in 0..self.random.below(4) {
            let value = self.random.scalar();
            let key = self.random.word(KEYS);
            pairs.set(key, raw(value));
        }
        pairs
    }

    /// Some fields of an object.
    fn fields(&mut self, ty: Type<'static>, depth: usize) -> Node {
        let mut entries: Vec<(String, Node)> = Vec::new();
        let count = ty.fields().len().max(1);
        for field in ty.fields() {
            let name = field.name();
            if name == "status" && !self.random.percent(7) || depth == 0 && name == "metadata" {
                continue;
            }
            let chance = match name {
                "containers" | "template" | "spec" | "selector" | "subjects" | "jobTemplate" | "webhooks" => {
                    90
                }
                "name" | "image" | "kind" => 85,
                _ if field.is_required() => 80,
                _ if field.patch().merge => 35,
                _ if is_of_interest(name) => 30,
                _ => (150 / count).clamp(2, 25),
            };
            let chance = if self.budget == 0 && name != "name" { chance / 12 } else { chance };
            if depth < 18 && self.random.percent(chance) {
                self.budget = self.budget.saturating_sub(1);
                let value = self.value(field.ty(), name, depth + 1);
                entries.push((name.to_owned(), value));
            }
        }
        if self.random.percent(20) && entries.len() > 1 {
            let at = self.random.below(entries.len());
            entries.rotate_left(at);
        }
        Node::Map(entries)
    }

    /// A value of a type, for a field of that name.
    pub fn value(&mut self, ty: Type<'static>, field: &str, depth: usize) -> Node {
        self.budget = self.budget.saturating_sub(1);
        if self.random.percent(1) {
            return raw("null");
        }
        match ty.shape() {
            Shape::Object if ty.name().ends_with("ObjectMeta") => {
                let name = self.random.percent(if field == "metadata" { 25 } else { 80 });
                let name = name.then(|| self.random.word(NAMES));
                let metadata = self.metadata(name, None);
                self.flow(metadata, 3)
            }
            Shape::Object => {
                let fields = self.fields(ty, depth);
                self.flow(fields, 6)
            }
            Shape::Map => {
                let Some(element) = ty.element() else { return raw("x") };
                let mut entries = Node::Map(Vec::new());
                for _ in 0..1 + self.random.below(3) {
                    let key = self.random.word(KEYS);
                    let value = self.value(element, key, depth + 1);
                    entries.set(key, value);
                }
                self.flow(entries, 10)
            }
            Shape::List => {
                let Some(element) = ty.element() else { return raw("[]") };
                let count = if self.random.percent(4) { 0 } else { 1 + self.random.below(3) };
                let count = if self.budget == 0 { count.min(1) } else { count };
                let items = (0..count).map(|_| self.item(element, ty, field, depth + 1)).collect();
                self.flow(Node::List(items), 8)
            }
            Shape::Bool => raw(self.random.word(&["true", "false"])),
            Shape::Int32 | Shape::Int64 => raw(self.integer(field)),
            Shape::Number => raw(self.random.word(&["1", "0.5", "1.50", "1e3", "100000000"])),
            Shape::Bytes => raw(self.random.word(&["YQ==", "Yg==", "aGVsbG8="])),
            Shape::Quantity => raw(self.random.word(&["100m", "1Gi", "1", "\"2\"", "0.5", "1e3"])),
            Shape::IntOrString => raw(self.random.word(&["80", "http", "25%", "\"80\"", "8080"])),
            Shape::Time | Shape::MicroTime => {
                raw(self.random.word(&["\"2020-01-01T00:00:00Z\"", "2020-01-01T00:00:00Z", "null"]))
            }
            Shape::Duration => raw(self.random.word(&["1h30m", "10s"])),
            Shape::String => self.string(field),
            Shape::Any => self.free(depth),
            _ if depth > 8 => raw("true"),
            _ => match ty.element() {
                Some(element) => self.value(element, field, depth + 1),
                None => raw("true"),
            },
        }
    }

    /// An item of a list; the fields that tell items apart are nearly always there.
    pub fn item(&mut self, element: Type<'static>, list: Type<'static>, field: &str, depth: usize) -> Node {
        let mut item = self.value(element, field, depth);
        let keys: Vec<&'static str> = list.list_keys().collect();
        for key in keys.into_iter().chain(["name"]) {
            let Some(found) = element.field(key) else { continue };
            let percent = match (key, field) {
                ("protocol", _) => 50,
                // A subject without a name is an error.
                (_, "subjects") => 99,
                _ => 93,
            };
            if item.get(key).is_none() && self.random.percent(percent) {
                let value = self.value(found.ty(), key, depth + 1);
                if let Node::Map(entries) = &mut item {
                    entries.insert(0, (key.to_owned(), value));
                }
            }
        }
        item
    }

    fn flow(&mut self, node: Node, percent: usize) -> Node {
        if self.random.percent(percent) && is_small(&node) { Node::Flow(Box::new(node)) } else { node }
    }

    fn integer(&mut self, field: &str) -> String {
        let ports = ["80", "443", "8080"];
        if field.ends_with("ort") || field.ends_with("Port") {
            return self.random.word(&ports).to_owned();
        }
        self.random.word(&["0", "1", "2", "3", "010", "0x1F", "1000000", "-1", "\"5\"", "$(PORT)"]).to_owned()
    }

    fn string(&mut self, field: &str) -> Node {
        let random = &mut *self.random;
        let words: &[&str] = match field {
            "name" | "secretName" | "claimName" | "serviceName" | "serviceAccountName" | "volumeName"
            | "configMapName" | "storageClassName" | "priorityClassName" | "ingressClassName"
            | "schedulerName" | "resourceNames" | "secretNamespace" | "nodeName" => NAMES,
            "namespace" => NAMESPACES,
            "image" | "reference" => pool::IMAGES,
            "kind" => &[
                "ServiceAccount",
                "User",
                "Role",
                "ClusterRole",
                "Deployment",
                "StatefulSet",
                "ConfigMap",
                "Secret",
                "PersistentVolumeClaim",
            ],
            "apiGroup" => &["rbac.authorization.k8s.io", "\"\"", "apps"],
            "apiVersion" => &["v1", "apps/v1", "rbac.authorization.k8s.io/v1"],
            "key" => KEYS,
            "topologyKey" => &["zone", "host"],
            "whenUnsatisfiable" => &["DoNotSchedule", "ScheduleAnyway"],
            "protocol" => &["TCP", "UDP", "SCTP"],
            "ip" | "podIPs" | "podCIDRs" => &["10.0.0.1", "10.0.0.2"],
            "mountPath" | "devicePath" => &["/a", "/b", "/a/b"],
            "uid" => &["u-1", "u-2"],
            "type" => &["Ready", "Available", "ClusterIP", "Opaque"],
            _ => {
                if random.percent(4) {
                    return Node::Lines(vec![
                        "first line".into(),
                        format!(" indented {}", random.word(&["x", "$(A_VAR)"])),
                        "last".into(),
                    ]);
                }
                return raw(random.scalar());
            }
        };
        if random.percent(3) { raw(random.scalar()) } else { raw(random.word(words)) }
    }

    /// A value without a schema, of words that transformers look for.
    pub fn free(&mut self, depth: usize) -> Node {
        const FIELDS: &[&str] = &[
            "name",
            "image",
            "containers",
            "initContainers",
            "spec",
            "template",
            "metadata",
            "env",
            "ports",
            "items",
            "enabled",
            "count",
            "ref",
            "configMapRef",
            "nested",
            "tags",
        ];
        let mut entries = Node::Map(Vec::new());
        for _ in 0..1 + self.random.below(4) {
            let field = self.random.word(FIELDS);
            let value = match field {
                "name" | "image" => self.string(field),
                "metadata" => self.metadata(None, None),
                "enabled" => raw("true"),
                "count" => raw(self.random.word(&["1", "1.0", "12345678901234567890", "1e3"])),
                "tags" => Node::List((0..self.random.below(4)).map(|_| raw(self.random.scalar())).collect()),
                _ if depth > 4 => raw(self.random.scalar()),
                "containers" | "initContainers" | "env" | "ports" | "items" => {
                    Node::List((0..self.random.below(4)).map(|_| self.free(depth + 2)).collect())
                }
                // An object within an object is merged by the schema of its own kind.
                "nested" => {
                    let mut inner = self.free(depth + 3);
                    inner.set("apiVersion", raw("apps/v1"));
                    inner.set("kind", raw("Deployment"));
                    let container = map([("name", raw(self.random.word(NAMES))), ("image", raw("nginx"))]);
                    let spec = map([("containers", Node::List(vec![container]))]);
                    inner.set("spec", map([("template", map([("spec", spec)]))]));
                    inner
                }
                _ => self.free(depth + 1),
            };
            entries.set(field, value);
        }
        entries
    }
}

/// Whether a node looks well in braces.
fn is_small(node: &Node) -> bool {
    fn count(node: &Node) -> usize {
        match node {
            Node::Docs(_) | Node::Lines(_) | Node::Noted(..) => 100,
            Node::Raw(text) if text.contains([',', '{', '}', '[', ']', '#']) || text.contains(": ") => 100,
            Node::Raw(text) if text.starts_with(['-', '=', '.', '!']) || text.ends_with(':') => 100,
            _ => 1 + node.children().iter().map(|(_, child)| count(child)).sum::<usize>(),
        }
    }
    count(node) < 12
}
