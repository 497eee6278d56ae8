//! Replacements, and the builtin kinds that `generators`, `transformers` and `validators` name.

use super::layers::{Builder, LABEL_PATHS};
use super::objects::Object;
use super::pool::NAMESPACES;
use super::tree::{Node, map, quoted, raw, raws};

impl Builder<'_> {
    /// A dotted path to a field of a tree; in targets of a replacement with wildcards.
    pub fn field_path(&mut self, tree: &Node, is_target: bool) -> String {
        for _ in 0..6 {
            let (path, node) = self.any_path(tree, is_target);
            // Nothing can be copied from a null, and little sense is in maps.
            let is_null = matches!(node.text(), Some("null" | "~"));
            if !is_null && (node.text().is_some() || self.random.percent(10)) {
                return path;
            }
        }
        "metadata.name".to_owned()
    }

    fn any_path<'n>(&mut self, tree: &'n Node, is_target: bool) -> (String, &'n Node) {
        let (mut path, mut node) = (String::new(), tree);
        for depth in 0..12 {
            let children = node.children();
            let is_text = matches!(node.bare(), Node::Docs(_));
            if is_text || children.is_empty() || depth > 2 && self.random.percent(8) {
                break;
            }
            let at = self.random.below(children.len());
            let (key, child) = children[at];
            if depth == 0 && matches!(key, "apiVersion" | "kind") && self.random.percent(80) {
                continue;
            }
            let segment = match node.bare() {
                Node::List(_) => match (child.get("name").and_then(Node::text), self.random.below(10)) {
                    (Some(name), 0..6) if name.chars().all(|c| c.is_alphanumeric() || c == '-') => {
                        format!("[name={name}]")
                    }
                    (_, 6..8) if is_target => "*".to_owned(),
                    (None, 8) if matches!(child.bare(), Node::Raw(_)) => {
                        format!("[={}]", child.text().unwrap_or_default().trim_matches(['"', '\'']))
                    }
                    _ => at.to_string(),
                },
                _ if key.contains(['.', '/']) => {
                    if self.random.percent(50) {
                        format!("[{key}]")
                    } else {
                        key.replace('.', "\\.")
                    }
                }
                _ => key.to_owned(),
            };
            if !path.is_empty() {
                path.push('.');
            }
            path += &segment;
            node = child;
        }
        (path, node)
    }

    /// The field `replacements`.
    pub fn replacements(&mut self, dir: &str, k: &mut Node, all: &[Object]) {
        if !self.random.percent(11) {
            return;
        }
        let mut entries = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            if let Some(replacement) = self.replacement(all) {
                entries.push(replacement);
            }
        }
        if self.random.percent(10) && !entries.is_empty() {
            let body = if entries.len() == 1 { entries.remove(0) } else { Node::List(entries) };
            let name = self.file(dir, "rep", "yaml", Node::Docs(vec![body]));
            entries = vec![map([("path", raw(name))])];
        }
        k.set("replacements", Node::List(entries));
    }

    fn options(&mut self, is_source: bool) -> Node {
        let mut options = Node::Map(Vec::new());
        if self.random.percent(if is_source { 90 } else { 35 }) {
            options.set("delimiter", raw(self.random.word(&["\":\"", "/", "\"-\"", "\".\""])));
            if self.random.percent(80) {
                options.set(
                    "index",
                    raw(self.random.word(if is_source {
                        &["0", "0", "0", "0", "0", "0", "0", "0", "0", "1"]
                    } else {
                        &["0", "1", "-1", "5"]
                    })),
                );
            }
        }
        if !is_source && self.random.percent(20) {
            options.set("create", raw("false"));
        }
        if self.random.percent(6) {
            options.set("encoding", raw("base64"));
        }
        options
    }

    /// A replacement from one object to others.
    pub fn replacement(&mut self, all: &[Object]) -> Option<Node> {
        let from = self.some_unpatched(all)?;
        let mut replacement = Node::Map(Vec::new());
        if self.random.percent(15) {
            replacement.set(
                "sourceValue",
                raw(self.random.word(&["x", "\"80\"", "a-b", "\"\"", "\"8080\"", "a:b"])),
            );
        } else {
            let mut source = map([("kind", raw(&from.kind))]);
            let (name, namespace) = from.identity(self.random);
            source.set("name", raw(quoted(name)));
            if self.random.percent(25) && !from.group().is_empty() {
                source.set("group", raw(from.group()));
            }
            if self.random.percent(25) {
                source.set("version", raw(from.version()));
            }
            if let Some(namespace) = namespace
                && self.random.percent(90)
            {
                source.set("namespace", raw(namespace));
            }
            if self.random.percent(80) {
                let path = self.field_path(&from.tree, false);
                source.set("fieldPath", raw(quoted(&path)));
            }
            if self.random.percent(18) {
                let options = self.options(true);
                source.set("options", options);
            }
            replacement.set("source", source);
        }
        let mut targets = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let to = self.some_unpatched(all)?;
            let select = self.exact_target(&to);
            let mut target = map([("select", select)]);
            let makes = self.random.percent(45);
            if makes || self.random.percent(15) {
                let mut options = self.options(false);
                if makes {
                    options.set("create", raw("true"));
                }
                target.set("options", options);
            }
            if self.random.percent(15) {
                let other = self.some(all)?;
                let reject = self.target(&other);
                target.set("reject", Node::List(vec![reject]));
            }
            if self.random.percent(92) {
                let mut paths = Vec::new();
                for _ in 0..1 + self.random.below(2) {
                    paths.push(match self.random.below(12) {
                        0..3 if makes || self.random.percent(3) => self
                            .random
                            .word(&[
                                "metadata.annotations.new",
                                "spec.new.field",
                                "metadata.labels.app",
                                "spec.template.spec.containers.0.image",
                                "spec.template.spec.containers.[name=new].image",
                                "spec.list.0",
                            ])
                            .to_owned(),
                        3 if self.random.percent(10) => "data.k1.host".to_owned(),
                        4 if self.random.percent(10) => "data.k2.list.[name=a].port".to_owned(),
                        _ => self.field_path(&to.tree, true),
                    });
                }
                target.set("fieldPaths", raws(paths.iter().map(|path| quoted(path))));
            }
            targets.push(target);
        }
        replacement.set("targets", Node::List(targets));
        Some(replacement)
    }

    /// The fields `generators`, `transformers` and `validators`.
    pub fn plugin_fields(&mut self, dir: &str, k: &mut Node, all: &mut Vec<Object>) {
        for (field, percent) in [("generators", 4), ("transformers", 16), ("validators", 2)] {
            if !self.random.percent(percent) {
                continue;
            }
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                let config = match field {
                    "generators" => self.generator_object(dir, all),
                    _ => self.transformer_object(dir, all, field == "validators"),
                };
                let Some(config) = config else { continue };
                let docs = Node::Docs(vec![config]);
                entries.push(match self.random.below(10) {
                    0..5 => docs,
                    5..9 => raw(self.file(dir, "t", "yaml", docs)),
                    _ => {
                        let inner = format!("{dir}/plug");
                        let name = self.file(&inner, "t", "yaml", docs);
                        let kustomization = Node::Docs(vec![map([("resources", raws([name]))])]);
                        self.case.files.retain(|(path, _)| *path != format!("{inner}/kustomization.yaml"));
                        self.case.files.push((format!("{inner}/kustomization.yaml"), kustomization));
                        raw("./plug")
                    }
                });
            }
            k.set(field, Node::List(entries));
        }
    }

    fn header(&mut self, kind: &str) -> Node {
        let name = if self.random.percent(1) { "x".to_owned() } else { self.fresh() };
        let mut metadata = map([("name", raw(name))]);
        if self.random.percent(4) {
            metadata.set("annotations", map([("app", raw("x"))]));
        }
        map([("apiVersion", raw("builtin")), ("kind", raw(kind)), ("metadata", metadata)])
    }

    fn generator_object(&mut self, dir: &str, all: &mut Vec<Object>) -> Option<Node> {
        let kind = self.random.word(&["ConfigMapGenerator", "SecretGenerator", "IAMPolicyGenerator"]);
        let mut config = self.header(kind);
        if kind == "IAMPolicyGenerator" {
            config.set("cloud", raw(if self.random.percent(95) { "gke" } else { "other" }));
            let mut service = map([("name", raw(self.random.word(&["sa", "\"12\"", "k8s"])))]);
            if self.random.percent(50) {
                service.set("namespace", raw("ns1"));
            }
            config.set("kubernetesService", service);
            config.set("serviceAccount", map([("name", raw("gsa")), ("projectId", raw("proj"))]));
            return Some(config);
        }
        let args = self.generator(dir, kind.trim_end_matches("Generator"), all);
        let Node::Map(entries) = args else { return None };
        for (key, value) in entries {
            if key == "name" && self.random.percent(70) {
                config.set("metadata", map([("name", value)]));
            } else {
                config.set(&key, value);
            }
        }
        Some(config)
    }

    fn specs(&mut self, paths: &[&str]) -> Node {
        Node::List((0..1 + self.random.below(2)).map(|_| self.field_spec(paths)).collect())
    }

    fn transformer_object(&mut self, dir: &str, all: &mut Vec<Object>, is_validator: bool) -> Option<Node> {
        let kinds: Vec<&str> =
            super::uses::BUILTIN.iter().copied().filter(|kind| kind.ends_with("Transformer")).collect();
        let mut kind = self.random.word(&kinds);
        // None of these can be had, or will do as a validator.
        if kind == "SortOrderTransformer" && self.random.percent(80) {
            kind = "HashTransformer";
        }
        if is_validator && self.random.percent(97) {
            kind = "LabelTransformer";
        }
        let object = self.some_unpatched(all)?;
        let mut config = self.header(kind);
        match kind {
            "AnnotationsTransformer" | "LabelTransformer" => {
                let mut pairs = self.pairs();
                if is_validator && self.random.percent(98) {
                    pairs = map([("validated-by", raw("x"))]);
                }
                config.set(if kind.starts_with('L') { "labels" } else { "annotations" }, pairs);
                let mut specs = self.specs(LABEL_PATHS);
                // Upstream lets a validator put this one label.
                if is_validator && self.random.percent(95) {
                    specs =
                        Node::List(vec![map([("path", raw("metadata/labels")), ("create", raw("true"))])]);
                }
                config.set("fieldSpecs", specs);
            }
            "ImageTagTransformer" => {
                let image = self.image();
                config.set("imageTag", image);
                let specs = self.specs(&[
                    "spec/template/spec/containers[]/image",
                    "spec/image",
                    "spec/containers/image",
                ]);
                if self.random.percent(80) {
                    config.set("fieldSpecs", specs);
                }
            }
            "NamespaceTransformer" => {
                let namespace = self.random.word(NAMESPACES);
                let name = self.fresh();
                config.set("metadata", map([("name", raw(name)), ("namespace", raw(namespace))]));
                if self.random.percent(70) {
                    let specs = self.specs(&["metadata/namespace", "subjects", "spec/namespace"]);
                    config.set("fieldSpecs", specs);
                }
                if self.random.percent(40) {
                    config.set("unsetOnly", raw(self.random.word(&["true", "true", "false"])));
                }
                if self.random.percent(50) {
                    let which = self.random.word(&[
                        "defaultOnly",
                        "allServiceAccounts",
                        "none",
                        "allServiceAccounts",
                    ]);
                    config.set("setRoleBindingSubjects", raw(which));
                }
            }
            "PatchJson6902Transformer" => {
                let operations = Node::Docs(vec![Node::List(self.grow().json_patch(&object.tree))]);
                let target = map([
                    ("group", raw(quoted(object.group()))),
                    ("version", raw(object.version())),
                    ("kind", raw(&object.kind)),
                    ("name", raw(quoted(&object.name))),
                ]);
                config.set("target", target);
                if self.random.percent(60) {
                    config.set("jsonOp", operations);
                } else {
                    let name = self.file(dir, "p", "yaml", operations);
                    config.set("path", raw(name));
                }
            }
            "PatchStrategicMergeTransformer" => {
                let docs = Node::Docs(vec![self.strategic(&object, all)]);
                if self.random.percent(50) {
                    config.set("patches", docs);
                } else {
                    let name = self.file(dir, "p", "yaml", docs);
                    config.set("paths", raws([name]));
                }
            }
            "PatchTransformer" => {
                let Node::Map(entries) = self.patch(dir, &object, all) else { return None };
                for (key, value) in entries {
                    config.set(&key, value);
                }
            }
            "PrefixTransformer" | "SuffixTransformer" | "PrefixSuffixTransformer" => {
                if kind != "SuffixTransformer" {
                    config.set("prefix", raw("t-"));
                }
                if kind != "PrefixTransformer" {
                    config.set("suffix", raw("-t"));
                }
                if self.random.percent(97) {
                    let specs = self.specs(&["metadata/name", "metadata/name", "spec/name", "data/k1"]);
                    config.set("fieldSpecs", specs);
                }
            }
            "ReplacementTransformer" => {
                let replacement = self.replacement(all)?;
                config.set("replacements", Node::List(vec![replacement]));
            }
            "ReplicaCountTransformer" => {
                let replica = self.replica(&object);
                config.set("replica", replica);
                let specs = self.specs(&["spec/replicas", "spec/count"]);
                config.set("fieldSpecs", specs);
            }
            "SortOrderTransformer" => {
                let order = self.random.word(&["legacy", "fifo"]);
                config.set("sortOptions", map([("order", raw(order))]));
            }
            "ValueAddTransformer" => {
                if self.random.percent(80) {
                    config.set("value", raw(self.random.word(&["added", "\"80\"", "a/b"])));
                }
                let mut targets = Vec::new();
                for _ in 0..1 + self.random.below(2) {
                    let path = self.random.word(&[
                        "metadata/namespace",
                        "metadata/annotations/new",
                        "spec/resourceRef/external",
                        "spec/template/spec/containers[]/image",
                        "data/k1",
                    ]);
                    let mut target = map([("fieldPath", raw(path))]);
                    if self.random.percent(60) {
                        let selector = self.target(&object);
                        target.set("selector", selector);
                    }
                    if self.random.percent(35) {
                        target.set("filePathPosition", raw(self.random.word(&["0", "1", "2"])));
                    }
                    targets.push(target);
                }
                if self.random.percent(10) {
                    let name = self.file(dir, "v", "yaml", Node::Docs(vec![Node::List(targets)]));
                    config.set("targetFilePath", raw(name));
                } else {
                    config.set("targets", Node::List(targets));
                }
            }
            _ => {}
        }
        Some(config)
    }
}
