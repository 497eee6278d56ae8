//! Values within texts that are YAML or JSON themselves, as configuration files in ConfigMaps are.

use source::{Diagnostics, OriginId, SourceId};
use yaml::emit::{GoTyped, JsonStyle, json};
use yaml::{Kind, NodeId, Options, Profile, Tree, read_first};

use super::matcher::{Create, find, lookup, parsed};

/// Writes a value to a place within a text that the path goes through, and the text anew. `None` where the path goes
/// through none, or anything else is not as it should be: then nothing is changed, and the path is tried as a plain one.
pub(super) fn set(
    tree: &mut Tree,
    path: &[String],
    value: &Tree,
    create: Option<Create>,
    origin: &mut dyn FnMut(OriginId) -> OriginId,
) -> Option<()> {
    let (scalar, mut inner, rest) = text_on_path(tree, path)?;
    let root = inner.root();
    let found = find(&mut inner, root, rest, create).ok()??;
    if found.is_empty() {
        return None;
    }
    let from = value.root();
    for node in found {
        if inner.kind(node.id) != Kind::Scalar {
            let copy = inner.graft(value, from);
            inner.become_node(node.id, copy);
            continue;
        }
        let text = if value.kind(from) == Kind::Scalar { value.text(from) } else { "" };
        if node.is_untyped {
            inner.set_untyped(node.id, text, OriginId::UNKNOWN);
        } else {
            inner.set_text(node.id, text, OriginId::UNKNOWN);
        }
    }
    let text = written(&inner, tree.text(scalar))?;
    let origin = origin(tree.origin(scalar));
    tree.set_text(scalar, text, origin);
    Some(())
}

/// The first scalar on a path that has more parts, what its text holds, and those parts.
fn text_on_path<'p>(tree: &Tree, path: &'p [String]) -> Option<(NodeId, Tree, &'p [String])> {
    let mut at = tree.root();
    for (place, part) in path.iter().enumerate() {
        let rest = path.get(place + 1..).filter(|rest| !rest.is_empty())?;
        // One part after the other leads where upstream gets by looking up the longer and longer path.
        let found = lookup(tree, at, std::slice::from_ref(part)).ok()??;
        at = found;
        if tree.kind(found) == Kind::Scalar
            && let Ok(inner) = parsed(tree.text(found))
        {
            return Some((found, inner, rest));
        }
    }
    None
}

/// The text anew: JSON where it was JSON, indented where it was, and else as kyaml prints YAML.
fn written(inner: &Tree, before: &str) -> Option<String> {
    let text = yaml::emit::tree(inner).ok()?;
    if !before.trim_start().starts_with(['{', '[']) {
        return Some(text.trim().to_owned());
    }
    let mut found = Diagnostics::new();
    let options = Options::new(Profile::GoYamlV3);
    let doc = read_first(SourceId(u32::MAX), &text.as_str().into(), &options, &mut found);
    let doc = doc.filter(|_| found.is_empty())?;
    let pretty = before.contains('\n') && before.contains("  ");
    let style = JsonStyle { indent: if pretty { 2 } else { 0 }, ..JsonStyle::default() };
    let mut out = Vec::new();
    json(&GoTyped::root(doc.root()?), style, &mut out).ok()?;
    String::from_utf8(out).ok()
}
