//! JSON patches (RFC 6902), with the leniencies of evanphx/json-patch 4.

use std::sync::Arc;

use source::{Chain, Diagnostics, OriginId, Origins};
use yaml::{Doc, Kind, Node, Options, Profile, Tree, read_first};

use super::invalid;
use super::strategic::rewrite_strings;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decided::Before;
use crate::render::kustomize::embedded::Place;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::json_form::{Numbers, through_json};
use crate::render::kustomize::output::pairs_up;
use crate::render::kustomize::resource::Resource;

/// A list of operations.
pub(super) struct JsonPatch {
    /// `None` for a text that says `null`.
    doc: Option<Arc<Doc>>,
    first: OriginId,
}

impl JsonPatch {
    /// From a text: JSON where it begins with `[`, else YAML 1.1, of which only the first document counts. The error is
    /// upstream's.
    pub(super) fn read(text: &str, place: &Place, origins: &mut Origins) -> Result<JsonPatch, String> {
        if text.is_empty() {
            return Err("empty json patch operations".to_owned());
        }
        let text = if text.starts_with('[') {
            let value: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
            // JSON's own escapes are not all YAML's; printed anew there are none of these.
            if text.contains("\\/") || text.contains("\\u") { value.to_string() } else { text.to_owned() }
        } else {
            text.to_owned()
        };
        let text: Arc<str> = text.into();
        let mut found = Diagnostics::new();
        let doc = read_first(place.source(), &text, &Options::new(Profile::HelmValues), &mut found);
        let broken = found.iter().find(|_| doc.as_ref().is_none_or(|doc| doc.is_broken()));
        if let Some(fault) = broken {
            return Err(fault.upstream.clone().unwrap_or_else(|| fault.message.clone()));
        }
        let unreadable =
            |value: &str, ty: &str| Err(format!("json: cannot unmarshal {value} into Go value of type {ty}"));
        let Some(doc) = doc else { return Ok(JsonPatch { doc: None, first: OriginId::UNKNOWN }) };
        if let Some(root) = doc.root().filter(|root| !root.is_null()) {
            if root.kind() != Kind::Seq {
                return unreadable(go_name(root), "jsonpatch.Patch");
            }
            let odd = root.items().find(|item| item.kind() != Kind::Map && !item.is_null());
            if let Some(odd) = odd {
                return unreadable(go_name(odd), "jsonpatch.Operation");
            }
        } else {
            return Ok(JsonPatch { doc: None, first: OriginId::UNKNOWN });
        }
        let first = place.add(doc.clone(), origins);
        Ok(JsonPatch { doc: Some(doc), first })
    }

    /// Whether there are no operations.
    pub(super) fn is_empty(&self) -> bool {
        self.operations().is_none_or(|list| list.items().next().is_none())
    }

    /// Whether there is not even a list.
    pub(super) fn is_absent(&self) -> bool {
        self.doc.is_none()
    }

    fn operations(&self) -> Option<Node<'_>> {
        self.doc.as_ref()?.root()
    }

    /// Applies it to an object, which is JSON for that time: numbers become 64-bit floats, comments go. The build's own
    /// annotations outlive any operation.
    pub(super) fn apply(&self, resource: &mut Resource, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let Some(operations) = self.operations() else { return Ok(()) };
        let place = resource.place();
        let first = self.first;
        let (trace, origins) = (cx.options.trace, &mut *cx.origins);
        let result = resource.edit(|tree| {
            let notes = internal_annotations(tree);
            // What is one node in several places is several values of JSON.
            tree.unshare();
            through_json(tree, Numbers::Json)?;
            for operation in operations.items() {
                let before = trace.then(|| Before::below(tree, tree.root(), origins));
                let mut replaced = |by: OriginId, was: OriginId| match origins.primary(by) {
                    Some(by) if trace => origins.intern(Chain::Patched { by, was }),
                    _ => by,
                };
                yaml::patch_one_tracing(tree, operation, &|node| node.origin(first), &mut replaced)?;
                let Some(before) = before else { continue };
                let mut asked = OriginId::UNKNOWN;
                for key in ["op", "path", "from"] {
                    let origin = operation.get(key).map_or(OriginId::UNKNOWN, |node| node.origin(first));
                    asked = origins.union(asked, origin);
                }
                before.mark(tree, tree.root(), (asked, true), origins);
            }
            if tree.kind(tree.root()) != Kind::Map {
                return Err(
                    "json: cannot unmarshal array into Go value of type map[string]interface {}".to_owned()
                );
            }
            through_json(tree, Numbers::Yaml)?;
            restore(tree, notes)
        });
        result.map_err(|text| {
            let at = origins.primary(operations.origin(first));
            invalid(at, format!("the patch does not fit: {text}"), text).via(place, "this object")
        })
    }
}

fn go_name(node: Node<'_>) -> &'static str {
    match node.value() {
        yaml::Value::Map => "object",
        yaml::Value::Seq => "array",
        yaml::Value::Bool(_) => "bool",
        yaml::Value::Int(_) | yaml::Value::UInt(_) | yaml::Value::Float(_) => "number",
        _ => "string",
    }
}

/// The annotations that a build or a pipeline of functions keeps its notes in.
fn internal_annotations(tree: &Tree) -> Vec<(String, String)> {
    let annotations =
        tree.get(tree.root(), "metadata").and_then(|metadata| tree.get(metadata, "annotations"));
    let is_internal = |key: &str| {
        key.starts_with("internal.config.kubernetes.io")
            || matches!(key, "config.kubernetes.io/path" | "config.kubernetes.io/index" | "config.k8s.io/id")
    };
    let entries = annotations.into_iter().flat_map(|annotations| tree.entries(annotations));
    let entries = entries.map(|(key, value)| (tree.text(key).to_owned(), tree.text(value).to_owned()));
    entries.filter(|(key, _)| is_internal(key)).collect()
}

/// Puts them back, and makes strings of all annotations.
fn restore(tree: &mut Tree, notes: Vec<(String, String)>) -> Result<(), String> {
    let root = tree.root();
    let metadata = match tree.get(root, "metadata").filter(|found| tree.kind(*found) == Kind::Map) {
        Some(found) => found,
        None if notes.is_empty() => return Ok(()),
        None => {
            let made = tree.map(OriginId::UNKNOWN);
            tree.set(root, "metadata", made);
            made
        }
    };
    if let Some(annotations) = tree.get(metadata, "annotations") {
        pairs_up(tree, annotations)?;
        rewrite_strings(tree, metadata, "annotations");
    }
    if !notes.is_empty() {
        let annotations = tree.get(metadata, "annotations").filter(|found| tree.kind(*found) == Kind::Map);
        let annotations = annotations.unwrap_or_else(|| {
            let made = tree.map(OriginId::UNKNOWN);
            tree.set(metadata, "annotations", made);
            made
        });
        for (key, value) in notes {
            let value = tree.string(value, OriginId::UNKNOWN);
            tree.set(annotations, &key, value);
        }
    }
    rewrite_strings(tree, metadata, "annotations");
    Ok(())
}
