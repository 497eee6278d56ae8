//! Names, labels, annotations, images and replicas.

use super::Builder;
use crate::fuzz_kustomize::objects::Object;
use crate::fuzz_kustomize::pool::NAMESPACES;
use crate::fuzz_kustomize::tree::{Node, map, quoted, raw};

impl Builder<'_> {
    pub(super) fn naming(&mut self, k: &mut Node, all: &mut [Object]) {
        if self.random.percent(25) {
            let namespace = self.random.word(NAMESPACES).to_owned();
            k.set("namespace", raw(&namespace));
            for object in &mut *all {
                if object.is_namespaced() {
                    object.namespace = Some(namespace.clone());
                }
            }
        }
        for (field, percent) in [("namePrefix", 28), ("nameSuffix", 16)] {
            if !self.random.percent(percent) {
                continue;
            }
            let affix = match field {
                "namePrefix" => self.random.word(&["p-", "dev-", "a-", "1"]),
                _ => self.random.word(&["-s", "-v2", "-a"]),
            };
            k.set(field, raw(serde_json::to_string(affix).unwrap_or_default()));
            for object in all.iter_mut().filter(|object| !object.keeps_name()) {
                object.name = if field == "namePrefix" {
                    format!("{affix}{}", object.name)
                } else {
                    format!("{}{affix}", object.name)
                };
            }
        }
    }

    pub(super) fn marks(&mut self, k: &mut Node) {
        if self.random.percent(14) {
            let pairs = self.pairs();
            k.set("commonLabels", pairs);
        }
        if self.random.percent(20) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                let mut entry = map([("pairs", self.pairs())]);
                for flag in ["includeSelectors", "includeTemplates"] {
                    if self.random.percent(35) {
                        entry.set(flag, raw(self.random.word(&["true", "true", "false"])));
                    }
                }
                if self.random.percent(20) {
                    let specs = (0..1 + self.random.below(2)).map(|_| self.field_spec(LABEL_PATHS)).collect();
                    entry.set("fields", Node::List(specs));
                }
                entries.push(entry);
            }
            k.set("labels", Node::List(entries));
        }
        if self.random.percent(14) {
            let pairs = self.pairs();
            k.set("commonAnnotations", pairs);
        }
    }

    /// Where a transformer is to look too.
    pub fn field_spec(&mut self, paths: &[&str]) -> Node {
        let mut spec = map([("path", raw(self.random.word(paths)))]);
        if self.random.percent(45) {
            spec.set("kind", raw(self.random.word(&["Deployment", "Foo", "Service", "ConfigMap", "Pod"])));
        }
        if self.random.percent(20) {
            spec.set("group", raw(self.random.word(&["apps", "example.com", "batch"])));
        }
        if self.random.percent(20) {
            spec.set("version", raw("v1"));
        }
        // The built-in tables make these, and may not be contradicted.
        let path = spec.get("path").and_then(Node::text).unwrap_or_default();
        let is_known = matches!(
            path,
            "metadata/labels"
                | "metadata/annotations"
                | "spec/selector"
                | "spec/template/metadata/labels"
                | "spec/replicas"
        );
        if is_known && self.random.percent(97) {
            spec.set("create", raw("true"));
        } else if self.random.percent(40) {
            spec.set("create", raw(self.random.word(&["true", "true", "false"])));
        }
        spec
    }

    /// An image's new name, tag, digest.
    pub fn image(&mut self) -> Node {
        let name = self.random.word(&[
            "nginx",
            "busybox",
            "reg.io/app",
            "reg.io:5000/team/app",
            "app",
            "ngi.x",
            "my/nginx",
        ]);
        let mut image = map([("name", raw(name))]);
        if self.random.percent(35) {
            image.set("newName", raw(self.random.word(&["other", "reg.io/other", "nginx"])));
        }
        if self.random.percent(45) {
            image.set("newTag", raw(self.random.word(&["v2", "\"1.10\"", "latest", "\"\""])));
        }
        if self.random.percent(12) {
            let digest = "sha256:25a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3";
            image.set("digest", raw(digest));
        }
        if self.random.percent(10) {
            image.set("tagSuffix", raw("-x"));
        }
        image
    }

    pub(super) fn amounts(&mut self, k: &mut Node, all: &[Object]) {
        for (field, percent) in [("images", 22), ("imageTags", 3)] {
            if self.random.percent(percent) {
                let images = (0..1 + self.random.below(3)).map(|_| self.image()).collect();
                k.set(field, Node::List(images));
            }
        }
        if self.random.percent(25) {
            let with: Vec<Object> = all.iter().filter(|object| object.has_replicas()).cloned().collect();
            if let Some(object) = self.some(&with) {
                let entry = self.replica(&object);
                k.set("replicas", Node::List(vec![entry]));
            }
        }
    }

    /// A number of replicas for an object.
    pub fn replica(&mut self, object: &Object) -> Node {
        let name = if self.random.percent(50) { &object.name } else { &object.first_name };
        let name = if self.random.below(200) == 0 { "nobody" } else { name };
        map([("name", raw(quoted(name))), ("count", raw(self.random.word(&["0", "3", "5"])))])
    }
}

/// Where labels and annotations may be put.
pub const LABEL_PATHS: &[&str] = &[
    "metadata/labels",
    "spec/labels",
    "spec/template/metadata/labels",
    "spec/selector",
    "metadata/annotations",
    "spec/items[]/metadata/labels",
    "spec/items/metadata/labels",
];
