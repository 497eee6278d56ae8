//! Patches, in each way of writing them, and what they aim at.

use super::Builder;
use crate::fuzz_kustomize::objects::Object;
use crate::fuzz_kustomize::tree::{Node, map, quoted, raw};

impl Builder<'_> {
    /// What selects an object among others; mostly it alone.
    pub fn exact_target(&mut self, object: &Object) -> Node {
        if !self.random.percent(75) {
            return self.target(object);
        }
        let (name, namespace) = object.identity(self.random);
        let mut target = map([("kind", raw(quoted(&object.kind))), ("name", raw(quoted(name)))]);
        if let Some(namespace) = namespace
            && object.is_namespaced()
            && self.random.percent(20)
        {
            target.set("namespace", raw(namespace));
        }
        if self.random.percent(15) {
            target.set("group", raw(quoted(object.group())));
            target.set("version", raw(object.version()));
        }
        target
    }

    /// What selects an object, and maybe others.
    pub fn target(&mut self, object: &Object) -> Node {
        let mut target = Node::Map(Vec::new());
        if self.random.percent(75) {
            let kind = match self.random.below(12) {
                0 => "Deployment|StatefulSet".to_owned(),
                1 => ".*".to_owned(),
                _ => object.kind.clone(),
            };
            target.set("kind", raw(quoted(&kind)));
        }
        if self.random.percent(50) {
            let name = match self.random.below(10) {
                0 => ".*".to_owned(),
                1 => format!("{}.*", object.first_name),
                2 => "[a-c]+".to_owned(),
                3 => object.name.clone(),
                4 => "nothing".to_owned(),
                _ => object.first_name.clone(),
            };
            target.set("name", raw(quoted(&name)));
        }
        if self.random.percent(15) {
            target.set("group", raw(quoted(object.group())));
        }
        if self.random.percent(15) {
            target.set("version", raw(object.version()));
        }
        if self.random.percent(10) {
            let namespace = object.namespace.clone().unwrap_or_else(|| "default".to_owned());
            target.set("namespace", raw(namespace));
        }
        if self.random.percent(10) {
            let selector = self.random.word(&[
                "app=x",
                "app",
                "tier notin (x)",
                "app in (x,hello)",
                "k1!=x",
                "\"!app\"",
            ]);
            target.set("labelSelector", raw(selector));
        }
        if self.random.percent(6) {
            let selector = self.random.word(&["example.com/x=x", "app", "k1 in (x, main)", "\"!k1\""]);
            target.set("annotationSelector", raw(selector));
        }
        if target.children().is_empty() {
            target.set("kind", raw(&object.kind));
        }
        target
    }

    pub(super) fn patch_fields(&mut self, dir: &str, k: &mut Node, all: &mut Vec<Object>) {
        if self.random.percent(12) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(2) {
                if let Some(object) = self.some(all) {
                    let patch = self.strategic(&object, all);
                    let docs = Node::Docs(vec![patch]);
                    entries.push(if self.random.percent(50) {
                        docs
                    } else {
                        raw(self.file(dir, "p", "yaml", docs))
                    });
                }
            }
            k.set("patchesStrategicMerge", Node::List(entries));
        }
        if self.random.percent(48) {
            let mut entries = Vec::new();
            for _ in 0..1 + self.random.below(3) {
                if let Some(object) = self.some_unpatched(all) {
                    entries.push(self.patch(dir, &object, all));
                }
            }
            k.set("patches", Node::List(entries));
        }
    }

    /// A strategic merge patch; what it deletes is gone.
    pub fn strategic(&mut self, object: &Object, all: &mut Vec<Object>) -> Node {
        let patch = self.grow().strategic(object);
        if patch.get("$patch").and_then(Node::text) == Some("delete") {
            all.retain(|other| other.kind != object.kind || other.first_name != object.first_name);
        }
        note_patched(object, all);
        patch
    }

    /// An entry of `patches`.
    pub fn patch(&mut self, dir: &str, object: &Object, all: &mut Vec<Object>) -> Node {
        let mut entry = Node::Map(Vec::new());
        let (docs, is_json) = if self.random.percent(30) {
            let operations = self.grow().json_patch(&object.tree);
            note_patched(object, all);
            let body = if self.random.percent(10) {
                let json: Vec<String> =
                    operations.iter().map(|op| json_text(op).unwrap_or_default()).collect();
                Node::Lines(vec![format!("[{}]", json.join(", "))])
            } else {
                Node::Docs(vec![Node::List(operations)])
            };
            (body, true)
        } else {
            let mut docs = vec![self.strategic(object, all)];
            if self.random.percent(4)
                && let Some(other) = self.some(all)
            {
                docs.push(self.strategic(&other, all));
            }
            (Node::Docs(docs), false)
        };
        let is_single = matches!(&docs, Node::Docs(docs) if docs.len() == 1);
        if is_json || self.random.percent(if is_single { 45 } else { 2 }) {
            let target = if is_json { self.exact_target(object) } else { self.target(object) };
            entry.set("target", target);
        }
        if self.random.percent(50) {
            entry.set("patch", docs);
        } else {
            let name = self.file(dir, "p", "yaml", docs);
            entry.set("path", raw(name));
        }
        if self.random.percent(12) {
            let mut options = Node::Map(Vec::new());
            for key in ["allowNameChange", "allowKindChange"] {
                if self.random.percent(60) {
                    options.set(key, raw(self.random.word(&["true", "true", "false"])));
                }
            }
            entry.set("options", options);
        }
        entry
    }

    pub(super) fn late_patches(&mut self, dir: &str, k: &mut Node, all: &mut [Object]) {
        if !self.random.percent(10) {
            return;
        }
        let mut entries = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let Some(object) = self.some_unpatched(all) else { continue };
            let mut target = map([("version", raw(object.version())), ("kind", raw(&object.kind))]);
            if !object.group().is_empty() {
                target.set("group", raw(object.group()));
            }
            let (name, namespace) = object.identity(self.random);
            target.set("name", raw(quoted(name)));
            if let Some(namespace) = namespace
                && self.random.percent(40)
            {
                target.set("namespace", raw(namespace));
            }
            let operations = Node::Docs(vec![Node::List(self.grow().json_patch(&object.tree))]);
            let mut entry = map([("target", target)]);
            if self.random.percent(50) {
                entry.set("patch", operations);
            } else {
                let name = self.file(dir, "p", "yaml", operations);
                entry.set("path", raw(name));
            }
            note_patched(&object, all);
            entries.push(entry);
        }
        k.set("patchesJson6902", Node::List(entries));
    }
}

fn note_patched(object: &Object, all: &mut [Object]) {
    let is_it = |other: &&mut Object| other.kind == object.kind && other.first_name == object.first_name;
    all.iter_mut().filter(is_it).for_each(|other| other.is_patched = true);
}

/// A tree of simple scalars as JSON.
fn json_text(node: &Node) -> Option<String> {
    Some(match node {
        Node::Raw(text) => match text.as_str() {
            "true" | "false" | "null" => text.clone(),
            text if text.starts_with('"') => text.to_owned(),
            text => serde_json::to_string(text).ok()?,
        },
        Node::Map(entries) => {
            let entries: Option<Vec<String>> = entries
                .iter()
                .map(|(key, value)| {
                    Some(format!("{}: {}", serde_json::to_string(key).ok()?, json_text(value)?))
                })
                .collect();
            format!("{{{}}}", entries?.join(", "))
        }
        Node::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(json_text).collect();
            format!("[{}]", items?.join(", "))
        }
        Node::Docs(_) | Node::Lines(_) => serde_json::to_string(&node.block()).ok()?,
        Node::Flow(inner) | Node::Noted(_, inner) => json_text(inner)?,
    })
}
