//! JSON Patch (RFC 6902) on trees, with the leniencies of evanphx/json-patch 4 that Kustomize and kubectl have.
//!
//! Operations are read from the nodes, not into the types of the json-patch crate: upstream takes paths that these refuse,
//! and what a patch brings keeps its origins. That crate is held against this one in the tests instead.

use source::OriginId;

use crate::doc::NodeId;
use crate::node::{Kind, Node};
use crate::tree::Tree;

/// Applies a patch: a list of operations, as a node. `by` gives the origin of a node of the patch.
///
/// Negative indexes count from the end, `replace` of a missing key adds it, and a path's text before its first
/// slash is passed over. Values that move keep their origins; what the patch brings has the patch's. The error is
/// upstream's; what was changed before it stays changed.
///
/// ```
/// use std::sync::Arc;
/// use source::{Diagnostics, OriginId, SourceId};
/// use yaml::{Options, Profile, Tree, read};
///
/// let options = Options::new(Profile::Kubernetes);
/// let doc = |text: &str| read(SourceId(0), &text.into(), &options, &mut Diagnostics::new()).remove(0);
/// let mut tree = Tree::of_doc(&doc("a: [1, 2]\n"), OriginId::UNKNOWN).unwrap();
/// let patch = doc(r#"[{"op": "add", "path": "/a/-", "value": 3}, {"op": "move", "from": "/a/0", "path": "/b"}]"#);
/// yaml::patch(&mut tree, patch.root().unwrap(), &|_| OriginId::UNKNOWN).unwrap();
/// assert_eq!(yaml::emit::tree(&tree).unwrap(), "a: [2, 3]\nb: 1\n");
/// ```
pub fn patch(tree: &mut Tree, patch: Node<'_>, by: &dyn Fn(Node<'_>) -> OriginId) -> Result<(), String> {
    patch_tracing(tree, patch, by, &mut |by, _| by)
}

/// The same; where a value comes to stand in place of another, `replaced` gives its origin from its own and that of the
/// other.
pub fn patch_tracing(
    tree: &mut Tree,
    patch: Node<'_>,
    by: &dyn Fn(Node<'_>) -> OriginId,
    replaced: &mut dyn FnMut(OriginId, OriginId) -> OriginId,
) -> Result<(), String> {
    for operation in patch.items() {
        apply(tree, operation, by, replaced)?;
    }
    Ok(())
}

/// One operation of a patch, traced in the same way.
pub fn patch_one_tracing(
    tree: &mut Tree,
    operation: Node<'_>,
    by: &dyn Fn(Node<'_>) -> OriginId,
    replaced: &mut dyn FnMut(OriginId, OriginId) -> OriginId,
) -> Result<(), String> {
    apply(tree, operation, by, replaced)
}

const MISSING: &str = "missing value";

fn field<'p>(operation: Node<'p>, key: &str) -> Option<Node<'p>> {
    operation.get(key).filter(|node| !node.is_null())
}

fn pointer<'p>(operation: Node<'p>, key: &str) -> Option<&'p str> {
    field(operation, key).and_then(Node::as_str)
}

fn apply(
    tree: &mut Tree,
    operation: Node<'_>,
    by: &dyn Fn(Node<'_>) -> OriginId,
    replaced: &mut dyn FnMut(OriginId, OriginId) -> OriginId,
) -> Result<(), String> {
    let kind = pointer(operation, "op").unwrap_or("unknown");
    let path = pointer(operation, "path");
    let no_path = || format!("{kind} operation failed to decode path: {MISSING}");
    match kind {
        "add" => {
            let path = path.ok_or_else(no_path)?;
            let place = find(tree, path).ok_or_else(|| {
                format!("add operation does not apply: doc is missing path: \"{path}\": {MISSING}")
            })?;
            let value = value_of(tree, operation, by);
            add(tree, &place, value, replaced).map_err(|e| format!("error in add for path: '{path}': {e}"))
        }
        "remove" => {
            let path = path.ok_or_else(no_path)?;
            let place = find(tree, path).ok_or_else(|| {
                format!("remove operation does not apply: doc is missing path: \"{path}\": {MISSING}")
            })?;
            let removed = remove(tree, &place, by(operation));
            removed.map(drop).map_err(|e| format!("error in remove for path: '{path}': {e}"))
        }
        "replace" => {
            let path = path.ok_or_else(no_path)?;
            let value = value_of(tree, operation, by);
            if path.is_empty() {
                if tree.kind(value) == Kind::Scalar {
                    return Err("replace operation value must be object or array: %!w(<nil>)".to_owned());
                }
                tree.set_root(value);
                return Ok(());
            }
            let place = find(tree, path).ok_or_else(|| {
                format!("replace operation does not apply: doc is missing path: {path}: {MISSING}")
            })?;
            get(tree, &place).map_err(|_| {
                format!("replace operation does not apply: doc is missing key: {path}: {MISSING}")
            })?;
            set(tree, &place, value, replaced).map_err(|e| format!("error in remove for path: '{path}': {e}"))
        }
        "move" | "copy" => {
            let from = pointer(operation, "from")
                .ok_or_else(|| format!("{kind} operation failed to decode from: {MISSING}"))?;
            let source = find(tree, from).ok_or_else(|| {
                format!("{kind} operation does not apply: doc is missing from path: {from}: {MISSING}")
            })?;
            let wrong = |e: String| match kind {
                "move" => format!("error in move for path: '{}': {e}", source.key),
                _ => format!("error in copy for from: '{from}': {e}"),
            };
            let found = get(tree, &source).map_err(wrong)?;
            let value = if kind == "move" {
                remove(tree, &source, by(operation)).map_err(wrong)?
            } else {
                match found {
                    Some(found) => tree.copy(found),
                    None => tree.plain("null", by(operation)),
                }
            };
            let path = path.ok_or_else(no_path)?;
            let place = find(tree, path).ok_or_else(|| {
                format!("{kind} operation does not apply: doc is missing destination path: {path}: {MISSING}")
            })?;
            add(tree, &place, value, replaced).map_err(|e| match kind {
                "move" => format!("error in move for path: '{path}': {e}"),
                _ => format!("error while adding value during copy: {e}"),
            })
        }
        "test" => {
            let path = path.ok_or_else(no_path)?;
            let failed = || format!("testing value {path} failed: test failed");
            let found = if path.is_empty() {
                Some(tree.root())
            } else {
                let place = find(tree, path).ok_or_else(|| {
                    format!("test operation does not apply: is missing path: {path}: {MISSING}")
                })?;
                get(tree, &place).map_err(|e| format!("error in test for path: '{path}': {e}"))?
            };
            let wanted = operation.get("value").filter(|v| !v.is_null());
            let equal = match (found.map(|id| tree.node(id)).filter(|n| !n.is_null()), wanted) {
                (None, None) => true,
                (Some(a), Some(b)) => equal(a, b),
                _ => false,
            };
            if equal { Ok(()) } else { Err(failed()) }
        }
        other => Err(format!("Unexpected kind: {other}")),
    }
}

/// The collection that a path ends in, and the key or index in it.
struct Place {
    within: NodeId,
    key: String,
}

fn find(tree: &Tree, path: &str) -> Option<Place> {
    let decoded = |part: &str| part.replace("~1", "/").replace("~0", "~");
    let (_, path) = path.split_once('/')?;
    let mut parts: Vec<&str> = path.split('/').collect();
    let key = decoded(parts.pop()?);
    let mut within = tree.root();
    for part in parts {
        within = get(tree, &Place { within, key: decoded(part) }).ok()??;
        within = tree.alias_target(within).unwrap_or(within);
        if tree.kind(within) == Kind::Scalar {
            return None;
        }
    }
    Some(Place { within, key })
}

fn invalid(index: i64) -> String {
    format!("Unable to access invalid index: {index}: invalid index referenced")
}

/// An index below `length`, counted from the end where it is negative.
fn index(key: &str, length: usize) -> Result<usize, String> {
    let digits = key.strip_prefix(['+', '-']).unwrap_or(key);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("strconv.Atoi: parsing \"{key}\": invalid syntax"));
    }
    let at: i64 = key.parse().map_err(|_| format!("strconv.Atoi: parsing \"{key}\": value out of range"))?;
    let length = length as i64;
    let from_start = if at < 0 { at + length } else { at };
    usize::try_from(from_start).ok().filter(|_| from_start < length).ok_or_else(|| invalid(at))
}

/// `Ok(None)` for a key that a map lacks.
fn get(tree: &Tree, place: &Place) -> Result<Option<NodeId>, String> {
    match tree.kind(place.within) {
        Kind::Seq => {
            let items = tree.children(place.within);
            Ok(Some(items[index(&place.key, items.len())?]))
        }
        _ => Ok(tree.get(place.within, &place.key)),
    }
}

fn set(
    tree: &mut Tree,
    place: &Place,
    value: NodeId,
    replaced: &mut dyn FnMut(OriginId, OriginId) -> OriginId,
) -> Result<(), String> {
    let was = if tree.kind(place.within) == Kind::Seq {
        let at = index(&place.key, tree.children(place.within).len())?;
        tree.replace_child(place.within, at, value)
    } else {
        tree.set(place.within, &place.key, value)
    };
    if let Some(was) = was {
        let origin = replaced(tree.origin(value), tree.origin(was));
        tree.set_origin(value, origin);
    }
    Ok(())
}

fn add(
    tree: &mut Tree,
    place: &Place,
    value: NodeId,
    replaced: &mut dyn FnMut(OriginId, OriginId) -> OriginId,
) -> Result<(), String> {
    if tree.kind(place.within) != Kind::Seq {
        set(tree, place, value, replaced)?;
    } else if place.key == "-" {
        tree.push(place.within, value);
    } else {
        let length = tree.children(place.within).len() + 1;
        let at = index(&place.key, length).map_err(|e| match e.starts_with("strconv") {
            true => format!("value was not a proper array index: '{}': {e}", place.key),
            false => e,
        })?;
        tree.insert_item(place.within, at, value);
    }
    Ok(())
}

fn remove(tree: &mut Tree, place: &Place, by: OriginId) -> Result<NodeId, String> {
    let removed = match tree.kind(place.within) {
        Kind::Seq => {
            let at = index(&place.key, tree.children(place.within).len())?;
            tree.remove_item(place.within, at, by)
        }
        _ => tree.remove(place.within, &place.key, by),
    };
    removed.ok_or_else(|| format!("Unable to remove nonexistent key: {}: {MISSING}", place.key))
}

fn value_of(tree: &mut Tree, operation: Node<'_>, by: &dyn Fn(Node<'_>) -> OriginId) -> NodeId {
    match operation.get("value") {
        Some(value) => tree.take_in(value, by),
        None => tree.plain("null", by(operation)),
    }
}

/// Equal as JSON: numbers by their text, maps whatever their order.
fn equal(a: Node<'_>, b: Node<'_>) -> bool {
    let mut todo = vec![(a, b)];
    while let Some((a, b)) = todo.pop() {
        match (a.kind(), b.kind()) {
            (Kind::Scalar, Kind::Scalar) => {
                if a.text() != b.text() || a.as_str().is_some() != b.as_str().is_some() {
                    return a.is_null() && b.is_null();
                }
            }
            (Kind::Seq, Kind::Seq) => {
                if a.items().count() != b.items().count() {
                    return false;
                }
                todo.extend(a.items().zip(b.items()));
            }
            (Kind::Map, Kind::Map) => {
                if a.entries().count() != b.entries().count() {
                    return false;
                }
                for (key, value) in a.entries() {
                    let Some(other) = b.get(key.text()) else { return false };
                    todo.push((value, other));
                }
            }
            _ => return false,
        }
    }
    true
}
