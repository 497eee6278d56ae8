//! `$patch`: what a map or a list of a patch says about the whole of it.

use source::OriginId;
use yaml::{Kind, NodeId, Tree};

use super::keyed;

/// What is to be done with a map or a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

const KEY: &str = "$patch";

/// What a node of a patch asks for; the directive is taken out of it.
pub(super) fn directive(tree: &mut Tree, patch: Option<NodeId>) -> Result<Directive, String> {
    let Some(patch) = patch else { return Ok(Directive::Merge) };
    match tree.kind(patch) {
        Kind::Map => {
            let Some(value) = tree.get(patch, KEY) else { return Ok(Directive::Merge) };
            let found = parse(tree.text(value))?;
            tree.remove(patch, KEY, OriginId::UNKNOWN);
            Ok(found)
        }
        Kind::Seq => of_list(tree, patch),
        Kind::Scalar => Err(format!(
            "no implemented strategic merge patch strategy for '{}' ('{}')",
            tree.tag(patch),
            super::walk::contents(tree, patch)
        )),
    }
}

/// A list's is its first item that has one, and that item holds nothing else.
fn of_list(tree: &mut Tree, list: NodeId) -> Result<Directive, String> {
    let holds = |item: &&NodeId| tree.kind(**item) == Kind::Map && tree.get(**item, KEY).is_some();
    let first = tree.children(list).iter().find(holds).copied();
    let Some(item) = first.filter(|item| tree.children(*item).len() <= 2) else {
        return Ok(Directive::Merge);
    };
    let text = tree.get(item, KEY).map_or("", |value| tree.text(value)).to_owned();
    let found = parse(&text)?;
    let mut items = tree.children(list).to_vec();
    keyed::set_element(tree, &mut items, None, &[KEY], &[&text])?;
    tree.set_children(list, items, []);
    Ok(found)
}

fn parse(text: &str) -> Result<Directive, String> {
    match text {
        "merge" => Ok(Directive::Merge),
        "replace" => Ok(Directive::Replace),
        "delete" => Ok(Directive::Delete),
        other => Err(format!("unknown patch strategy '{other}'")),
    }
}
