//! How a generated object joins those that are there: as a new one, in the place of another, or merged with it.

use std::collections::BTreeMap;

use source::OriginId;
use yaml::{Kind, NodeId, Tree};

use super::codes::GENERATOR_INVALID;
use super::context::Cx;
use super::error::BuildError;
use super::generate::put;
use super::res_map::ResMap;
use super::resource::{Behavior, Resource};

/// Where the origin of an object is noted, with `buildMetadata`.
pub const ORIGIN_ANNOTATION: &str = "config.kubernetes.io/origin";

/// Adds a generated object (api 0.21.1, `resWrangler.appendReplaceOrMerge`).
///
/// # Errors
/// The object that it is to replace or be merged with is not there, or there are several; or one is there and it is to be
/// new.
pub fn absorb(all: &mut ResMap, mut new: Resource, cx: &mut Cx<'_>) -> Result<(), BuildError> {
    let id = new.id().clone();
    let behavior = new.notes.behavior.unwrap_or_default();
    let found = all.by_any_id(&id);
    let invalid = |resource: &Resource, message: String, upstream: String| {
        BuildError::new(&GENERATOR_INVALID, resource.place(), message, upstream)
    };
    let at = match (&found[..], behavior) {
        ([], Behavior::Merge | Behavior::Replace) => {
            let message = format!("there is no {} `{}` to {} with", id.gvk.kind, id.name, behavior.word());
            let upstream = format!("id {} does not exist; cannot merge or replace", id.go_syntax());
            return Err(invalid(&new, message, upstream));
        }
        ([], _) => return all.append(new),
        ([at], Behavior::Merge | Behavior::Replace) => *at,
        ([at], _) => {
            let message = format!("{} `{}` is there already", id.gvk.kind, id.name);
            let upstream = format!(
                "id {} exists; can not use behavior: '{}', behavior must be merge or replace",
                id.go_syntax(),
                behavior.word()
            );
            let error = invalid(&new, message, upstream)
                .help("say `behavior: merge` or `behavior: replace`, or give it another name");
            return Err(match all.get(*at) {
                Some(old) => error.via(old.place(), "the other one"),
                None => error,
            });
        }
        _ => {
            let message = format!("several objects were called {} `{}`", id.gvk.kind, id.name);
            let upstream = format!("found multiple objects {} that could accept merge of {id}", found.len());
            return Err(invalid(&new, message, upstream));
        }
    };
    let Some(old) = all.get(at) else { return Ok(()) };
    take_metadata(&mut new, old, cx);
    if behavior == Behavior::Merge {
        for field in ["data", "binaryData"] {
            merge_data(&mut new, old, field, cx);
        }
        if let Some(origin) = old.annotation(ORIGIN_ANNOTATION).map(str::to_owned) {
            new.set_annotation(ORIGIN_ANNOTATION, &origin, OriginId::UNKNOWN);
        }
    }
    // It takes the place of what has its identity now, and the old one may have another kind by now.
    let places = all.by_current_id(new.id());
    if places[..] == [at] {
        all.replace(at, new);
        return Ok(());
    }
    let message = format!("what was {} `{}` has another kind now", id.gvk.kind, id.name);
    let upstream = match places[..] {
        [] => format!("cannot find resource with id {} to replace", new.id()),
        [_] => "unexpected target index in replacement".to_owned(),
        _ => "in Replace".to_owned(),
    };
    Err(invalid(&new, message, upstream))
}

/// Name, namespace and history are the old one's; of labels and annotations the new ones win.
fn take_metadata(new: &mut Resource, old: &Resource, cx: &mut Cx<'_>) {
    let wants_hash = new.notes.needs_hash && old.notes.needs_hash;
    new.notes = old.notes.clone();
    new.notes.needs_hash = wants_hash;
    new.variables.clone_from(&old.variables);
    for field in ["labels", "annotations"] {
        let of = |resource: &Resource| {
            let tree = resource.tree();
            resource
                .metadata()
                .and_then(|m| tree.get(m, field))
                .map_or_else(BTreeMap::new, |map| strings(tree, map))
        };
        let mut all = of(old);
        all.extend(of(new));
        let Some(metadata) = new.metadata() else { continue };
        write(new.tree_mut(), metadata, field, all, OriginId::UNKNOWN, cx);
    }
    let Some(metadata) = new.metadata() else { return };
    let origin_of = |field: &str| {
        let node = old.metadata().and_then(|m| old.tree().get(m, field));
        node.map_or(OriginId::UNKNOWN, |node| old.tree().origin(node))
    };
    // Whether there is a hash behind it the new one says too.
    let named = new.tree().get(metadata, "name").map_or(OriginId::UNKNOWN, |node| new.tree().origin(node));
    let switch = cx.origins.condition(named);
    let (name, namespace) = (old.name().to_owned(), old.namespace().to_owned());
    let tree = new.tree_mut();
    for (field, text) in [("name", name), ("namespace", namespace)] {
        let mut origin = origin_of(field);
        if field == "name" {
            origin = cx.given(origin, switch);
        }
        match tree.get(metadata, field) {
            Some(_) if text.is_empty() => {
                tree.remove(metadata, field, origin);
            }
            Some(node) => tree.set_untyped(node, text, origin),
            None if text.is_empty() => {}
            None => {
                let node = tree.plain(text, origin);
                tree.set(metadata, field, node);
            }
        }
    }
}

fn merge_data(new: &mut Resource, old: &Resource, field: &str, cx: &mut Cx<'_>) {
    let of = |resource: &Resource| {
        let tree = resource.tree();
        tree.get(tree.root(), field).map_or_else(BTreeMap::new, |map| strings(tree, map))
    };
    let mut all = of(old);
    all.extend(of(new));
    let root = new.tree().root();
    let was = old.tree().get(old.tree().root(), field).map(|node| old.tree().origin(node));
    let sources = cx.origins.condition(was.unwrap_or_default());
    write(new.tree_mut(), root, field, all, sources, cx);
}

/// The entries of a map as texts with their origins; of equal keys the first.
fn strings(tree: &Tree, map: NodeId) -> BTreeMap<String, (String, OriginId)> {
    let mut all = BTreeMap::new();
    if tree.kind(map) != Kind::Map {
        return all;
    }
    for (key, value) in tree.entries(map) {
        let text = if tree.is_null(value) { "" } else { tree.text(value) };
        all.entry(tree.text(key).to_owned()).or_insert_with(|| (text.to_owned(), tree.origin(value)));
    }
    all
}

/// Puts a map of strings in the place of what is there; what is in it follows from `sources` too.
fn write(
    tree: &mut Tree,
    map: NodeId,
    field: &str,
    all: BTreeMap<String, (String, OriginId)>,
    sources: OriginId,
    cx: &mut Cx<'_>,
) {
    let was = tree.get(map, field).map_or(OriginId::UNKNOWN, |node| tree.origin(node));
    tree.forget(map, field);
    if all.is_empty() {
        return;
    }
    // The key is there whatever is in the map.
    let values = tree.map(cx.origins.unconditional(was));
    tree.set(map, field, values);
    tree.set_origin(values, cx.given(was, sources));
    for (key, (text, origin)) in all {
        put(tree, values, &key, &text, origin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::BuildOptions;
    use crate::render::kustomize::testing::{resource, with_cx};
    use crate::world::Memory;

    fn joined(behavior: Behavior) -> Result<String, String> {
        let mut old = resource(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: o, y: o}}\ndata: {a: \"1\", b: \"1\"}\n",
        );
        old.notes.needs_hash = true;
        let mut new = resource(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {y: n}}\ndata: {b: \"2\"}\n",
        );
        new.notes.behavior = Some(behavior);
        let mut all: ResMap = [old].into_iter().collect();
        let (world, options) = (Memory::new(), BuildOptions::default());
        with_cx(&world, &options, |cx| absorb(&mut all, new, cx))
            .map_err(|error| error.upstream().to_owned())?;
        assert!(!all.get(0).unwrap().notes.needs_hash);
        Ok(yaml::emit::tree(all.get(0).unwrap().tree()).unwrap())
    }

    #[test]
    fn new_data_is_put_over_the_old_or_in_its_place() {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: o, y: n}}\n";
        assert_eq!(joined(Behavior::Merge).unwrap(), format!("{head}data:\n  a: \"1\"\n  b: \"2\"\n"));
        assert_eq!(joined(Behavior::Replace).unwrap(), format!("{head}data: {{b: \"2\"}}\n"));
        assert_eq!(
            joined(Behavior::Unspecified).unwrap_err(),
            "id resid.ResId{Gvk:resid.Gvk{Group:\"\", Version:\"v1\", Kind:\"ConfigMap\", isClusterScoped:false}, Name:\"a\", Namespace:\"\"} exists; can not use behavior: 'unspecified', behavior must be merge or replace"
        );
    }
}
