//! Strategic merge patches onto objects: what a patch may change, and what of an object stays.

use source::OriginId;
use yaml::{Kind, NodeComments, NodeId, Style, Tree};

use super::invalid;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decided::Before;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::kustomization::Selector;
use crate::render::kustomize::merge::{Merged, Trace, is_other_than_string, merge};
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::resource::Resource;

/// Merges a patch into an object. Kind and name stay unless the patch may change them; the namespace stays.
///
/// `written` is the patch with its notes in its annotations, as it is merged; `typed` is the origin of the object's type
/// where the patch would be merged whatever that is.
pub(super) fn apply(
    resource: &mut Resource,
    patch: &Resource,
    written: &Tree,
    typed: OriginId,
    cx: &mut Cx<'_>,
) -> Result<(), BuildError> {
    let (kind, name, namespace) =
        (resource.kind().to_owned(), resource.name().to_owned(), resource.namespace().to_owned());
    let allowed = &patch.notes;
    if allowed.allows_name_change || allowed.allows_kind_change {
        resource.store_previous_id();
    }
    let place = resource.place();
    let identity = identity(resource);
    cx.schema_is_read = true;
    let trace = if cx.options.trace { Some(Trace { origins: &mut *cx.origins, typed }) } else { None };
    let merged = resource.edit(|tree| merge(tree, written, &cx.schemas, trace));
    let merged = merged.map_err(|text| {
        let message = format!("the patch cannot be merged: {}", text.trim_end());
        invalid(None, message, text).via(place, "into this object").via(patch.place(), "the patch")
    })?;
    if merged == Merged::Deleted {
        let tree = resource.tree_mut();
        let nothing = tree.map(tree.origin(tree.root()));
        tree.set_root(nothing);
    }
    if resource.is_empty() {
        return Ok(());
    }
    let tree = resource.tree_mut();
    let root = tree.root();
    if !allowed.allows_kind_change {
        set_text(tree, root, "kind", &kind);
    }
    let metadata = metadata(tree);
    if !allowed.allows_name_change {
        set_text(tree, metadata, "name", &name);
    }
    if namespace.is_empty() {
        let by = written.origin(written.root());
        tree.remove(metadata, "namespace", by);
    } else {
        set_text(tree, metadata, "namespace", &namespace);
    }
    // What stays by rule is the object's own, whatever the patch says there.
    for (is_own, map, (field, text, origin)) in [
        (true, root, &identity[0]),
        (!allowed.allows_kind_change, root, &identity[1]),
        (!allowed.allows_name_change, metadata, &identity[2]),
        (true, metadata, &identity[3]),
    ] {
        if let Some(node) = tree.get(map, field).filter(|node| is_own && tree.text(*node) == text.as_str()) {
            tree.set_origin(node, *origin);
        }
    }
    Ok(())
}

/// The fields that identify an object, with where they came from.
fn identity(resource: &Resource) -> [(&'static str, String, OriginId); 4] {
    let tree = resource.tree();
    let field = |map: Option<NodeId>, name: &'static str| {
        let node = map.and_then(|map| tree.get(map, name));
        let text = node.map_or(String::new(), |node| tree.text(node).to_owned());
        (name, text, node.map_or(OriginId::UNKNOWN, |node| tree.origin(node)))
    };
    let (root, metadata) = (Some(tree.root()), resource.metadata());
    [field(root, "apiVersion"), field(root, "kind"), field(metadata, "name"), field(metadata, "namespace")]
}

/// Merges a patch into the objects at those places; then all identities have to be different still.
///
/// The patch takes each object's apiVersion, and its labels and annotations become strings: a null there deletes
/// nothing.
pub(super) fn apply_to_all(
    all: &mut ResMap,
    places: &[usize],
    patch: &Resource,
    target: Option<&Selector>,
    after: &dyn Fn(&mut Resource, &mut Cx<'_>),
    cx: &mut Cx<'_>,
) -> Result<(), BuildError> {
    let mut written = patch.exposed();
    let metadata = metadata(&mut written);
    for field in ["labels", "annotations"] {
        rewrite_strings(&mut written, metadata, field);
    }
    let root = written.root();
    for &place in places {
        let Some(resource) = all.get_mut(place) else { continue };
        let api_version = resource.id().gvk.api_version();
        set_text(&mut written, root, "apiVersion", &api_version);
        let asked = target.map_or(OriginId::UNKNOWN, |target| cx.selected_by(target, resource));
        let before = Before::of(resource, cx);
        let was = resource.place();
        let typed = target.map_or(OriginId::UNKNOWN, |target| {
            let is_any = target.group.is_empty() && target.version.is_empty();
            cx.typed(resource, is_any, target.kind.is_empty())
        });
        apply(resource, patch, &written, typed, cx)?;
        if resource.is_empty() {
            cx.drop_object(was, asked);
            continue;
        }
        after(resource, cx);
        // An apiVersion that is not there was put into the patch all the same, and comes out as a null.
        if api_version.is_empty() && !resource.is_empty() {
            let tree = resource.tree_mut();
            let root = tree.root();
            if tree.get(root, "apiVersion").is_none() {
                let nothing = tree.plain("", tree.origin(root));
                tree.set(root, "apiVersion", nothing);
            }
        }
        Before::decided(before, resource, asked, cx);
    }
    all.drop_empty();
    all.check_conflicts()
}

/// `metadata`, made where it is missing.
fn metadata(tree: &mut Tree) -> NodeId {
    let root = tree.root();
    match tree.get(root, "metadata").filter(|found| tree.kind(*found) == Kind::Map) {
        Some(found) => found,
        None => {
            let made = tree.map(tree.origin(root));
            tree.set(root, "metadata", made);
            made
        }
    }
}

/// Sets a text as kyaml's `SetMapField` does: the node keeps its style and loses its type, so that unquoted digits are a
/// number.
pub(in crate::render::kustomize) fn set_text(tree: &mut Tree, map: NodeId, key: &str, text: &str) {
    let Some(value) = tree.get(map, key) else {
        let origin = tree.origin(map);
        let quoted = is_other_than_string(text);
        let value = if quoted { tree.string(text, origin) } else { tree.plain(text, origin) };
        if quoted {
            tree.set_style(value, Style::DoubleQuoted);
        }
        tree.set(map, key, value);
        return;
    };
    let is_bare = tree.written_tag(value).is_none() && tree.comments(value).is_none();
    if is_bare && tree.kind(value) == Kind::Scalar && tree.text(value) == text {
        tree.untype(value);
        return;
    }
    let origin = tree.origin(value);
    tree.set_comments(value, NodeComments::default());
    tree.set_untyped(value, text, origin);
}

/// Labels or annotations as kyaml sets them: sorted, all of them strings, and gone where there are none.
pub(in crate::render::kustomize) fn rewrite_strings(tree: &mut Tree, metadata: NodeId, field: &str) {
    let Some(old) = tree.get(metadata, field) else { return };
    let mut entries: Vec<(String, String, OriginId, OriginId)> = Vec::new();
    for (key, value) in tree.pairs(old) {
        let entry =
            (tree.text(key).to_owned(), tree.text(value).to_owned(), tree.origin(key), tree.origin(value));
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    // Of equal keys the last counts, as in Go's maps.
    entries.reverse();
    entries.dedup_by(|b, a| a.0 == b.0);
    entries.reverse();
    let origin = tree.origin(old);
    let gone = tree.removed(old).to_vec();
    tree.forget(metadata, field);
    if entries.is_empty() {
        return;
    }
    let map = tree.map(origin);
    let mut children = Vec::with_capacity(2 * entries.len());
    for (key, value, key_origin, origin) in entries {
        let key = tree.plain(key, key_origin);
        let lines = value.contains('\n');
        let quoted = !lines && is_other_than_string(&value);
        let value = tree.string(value, origin);
        if lines {
            tree.set_style(value, Style::Literal);
        } else if quoted {
            tree.set_style(value, Style::DoubleQuoted);
        }
        children.extend([key, value]);
    }
    tree.set_children(map, children, gone);
    let key = tree.string(field, origin);
    tree.insert_entry(metadata, usize::MAX, key, map);
}
