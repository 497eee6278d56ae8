//! Nodes by path, found or made: kyaml's `PathGetter` for sources and `PathMatcher` for targets.

use gotmpl::regexp::Regexp;
use source::{Diagnostics, OriginId, SourceId};
use yaml::{Kind, NodeId, Options, Profile, Style, Tree, read_first};

use crate::render::kustomize::merge::{contents, expect, is_other_than_string};

/// What is made at a path's end where it is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Create {
    Scalar,
    Seq,
    Map,
}

/// A node that a path leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub id: NodeId,
    /// It was made without a type: what is written into it is what it looks like.
    pub is_untyped: bool,
}

/// Longer paths lead nowhere.
const PARTS: usize = 1_000;

fn is_null(tree: &Tree, id: NodeId) -> bool {
    tree.is_null(id)
}

/// Go's `strconv.Atoi`.
fn number(part: &str) -> Option<i64> {
    let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if is_number { part.parse().ok() } else { None }
}

fn in_brackets(part: &str) -> bool {
    part.starts_with('[') && part.ends_with(']')
}

fn key_and_value(part: &str) -> Result<(&str, &str), String> {
    let inner = part.strip_suffix(']').unwrap_or(part);
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    inner
        .split_once('=')
        .ok_or_else(|| "list path element must contain fieldName=fieldValue for element to match".to_owned())
}

/// The items of a list; of a null none.
fn items(tree: &Tree, id: NodeId) -> Result<Vec<NodeId>, String> {
    expect(tree, id, Kind::Seq)?;
    Ok(if tree.kind(id) == Kind::Seq { tree.children(id).to_vec() } else { Vec::new() })
}

/// The one node that a path leads to; elements are found by exact values, `-` is the last one.
pub(super) fn lookup(tree: &Tree, root: NodeId, path: &[String]) -> Result<Option<NodeId>, String> {
    let mut at = root;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let found = match number(part) {
            Some(index) if index < 0 => return Err(format!("array index {index} cannot be negative")),
            Some(index) => items(tree, at)?.get(usize::try_from(index).unwrap_or(usize::MAX)).copied(),
            None if part == "-" => items(tree, at)?.last().copied(),
            None if part == "*" => return Err("wildcard is not supported in PathGetter".to_owned()),
            None if in_brackets(part) => {
                let (key, value) = key_and_value(part)?;
                items(tree, at)?.into_iter().find(|item| match key {
                    "" => tree.text(*item) == value,
                    _ => {
                        let field = if tree.kind(*item) == Kind::Map { tree.get(*item, key) } else { None };
                        field.is_some_and(|field| tree.text(field) == value)
                    }
                })
            }
            None if is_null(tree, at) => None,
            None => {
                expect(tree, at, Kind::Map)?;
                tree.get(at, part)
            }
        };
        match found {
            Some(found) => at = found,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// All nodes that a path leads to, `*` standing for every item and `[key=pattern]` for those whose field the regular
/// expression matches anywhere; `None` where there is none. With `create` what is missing is made on the way.
pub(super) fn find(
    tree: &mut Tree,
    root: NodeId,
    path: &[String],
    create: Option<Create>,
) -> Result<Option<Vec<Found>>, String> {
    if path.len() > PARTS {
        return Err(format!("a path of {} parts", path.len()));
    }
    step(tree, Found { id: root, is_untyped: false }, path, create)
}

type Matches = Result<Option<Vec<Found>>, String>;

fn step(tree: &mut Tree, at: Found, path: &[String], create: Option<Create>) -> Matches {
    let Some((part, rest)) = path.split_first() else { return Ok(Some(vec![at])) };
    if let Some(index) = number(part).and_then(|index| usize::try_from(index).ok()) {
        return indexed(tree, at.id, index, rest, create);
    }
    if in_brackets(part) {
        return elements(tree, at.id, part, rest, create);
    }
    if part == "*" {
        let mut all = None;
        for item in items(tree, at.id)? {
            gather(&mut all, step(tree, Found { id: item, is_untyped: false }, rest, create)?);
        }
        return Ok(all);
    }
    field(tree, at.id, part, rest, create)
}

fn gather(all: &mut Option<Vec<Found>>, more: Option<Vec<Found>>) {
    if let Some(more) = more {
        all.get_or_insert_default().extend(more);
    }
}

/// What a missing node before that part of a path has to be.
fn made(tree: &mut Tree, next: Option<&String>, create: Create) -> Found {
    let kind = match next.map(String::as_str) {
        None | Some("") => create,
        Some(next) if in_brackets(next) || number(next).is_some_and(|index| index >= 0) => Create::Seq,
        Some(_) => Create::Map,
    };
    let id = match kind {
        Create::Scalar => tree.plain("", OriginId::UNKNOWN),
        Create::Seq => tree.seq(OriginId::UNKNOWN),
        Create::Map => tree.map(OriginId::UNKNOWN),
    };
    Found { id, is_untyped: kind == Create::Scalar }
}

fn indexed(tree: &mut Tree, list: NodeId, index: usize, rest: &[String], create: Option<Create>) -> Matches {
    let items = items(tree, list)?;
    let item = match (items.get(index), create) {
        (Some(item), _) => Found { id: *item, is_untyped: false },
        (None, Some(create)) if index == items.len() => {
            let item = made(tree, rest.first(), create);
            tree.push(list, item.id);
            item
        }
        (None, _) => {
            return Err(format!("index {index} specified but only {} elements found", items.len()));
        }
    };
    step(tree, item, rest, create)
}

fn elements(tree: &mut Tree, list: NodeId, part: &str, rest: &[String], create: Option<Create>) -> Matches {
    let (key, pattern) = key_and_value(part)?;
    let found = matching(tree, list, key, pattern, rest, create)?.filter(|found| !found.is_empty());
    if found.is_some() || create.is_none() {
        return Ok(found);
    }
    let value = tree.plain(pattern, OriginId::UNKNOWN);
    let element = if key.is_empty() {
        value
    } else {
        let element = tree.map(OriginId::UNKNOWN);
        let key = tree.plain(key, OriginId::UNKNOWN);
        tree.insert_entry(element, 0, key, value);
        element
    };
    tree.push(list, element);
    // Upstream looks again and again for a pattern that does not match itself, and dies of it.
    let mut found = matching(tree, list, key, pattern, rest, create)?.unwrap_or_default();
    for found in &mut found {
        found.is_untyped |= found.id == value;
    }
    if found.is_empty() {
        return Err(format!("the element made for {part:?} does not match it"));
    }
    Ok(Some(found))
}

fn matching(
    tree: &mut Tree,
    list: NodeId,
    key: &str,
    pattern: &str,
    rest: &[String],
    create: Option<Create>,
) -> Matches {
    let mut all = None;
    for item in items(tree, list)? {
        let pattern = Regexp::compile(pattern.as_bytes()).map_err(|e| e.to_string())?;
        let shown = match key {
            "" => Some(item),
            _ if tree.kind(item) == Kind::Map => tree.get(item, key),
            _ => None,
        };
        let Some(shown) = shown else { continue };
        if !pattern.is_match(printed(tree, shown).trim().as_bytes()) {
            continue;
        }
        let item = Found { id: item, is_untyped: false };
        // Of a scalar element the rest of the path is not looked at.
        let found = if key.is_empty() { Some(vec![item]) } else { step(tree, item, rest, create)? };
        gather(&mut all, found);
    }
    Ok(all)
}

/// A node as kyaml prints it, quotes and comments included.
fn printed(tree: &Tree, id: NodeId) -> String {
    let text = tree.text(id);
    let is_word = tree.kind(id) == Kind::Scalar
        && tree.style(id) == Style::Plain
        && tree.comments(id).is_none()
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && tree.tag(id) == "!!str"
        && tree.written_tag(id).is_none()
        && !is_other_than_string(text);
    if is_word { text.to_owned() } else { contents(tree, id) }
}

fn field(tree: &mut Tree, map: NodeId, name: &str, rest: &[String], create: Option<Create>) -> Matches {
    let found = if is_null(tree, map) {
        None
    } else {
        expect(tree, map, Kind::Map)?;
        tree.get(map, name)
    };
    let found = match (found, create) {
        (Some(id), _) => Found { id, is_untyped: false },
        (None, None) => return Ok(None),
        (None, Some(create)) => {
            let found = made(tree, rest.first(), create);
            let key = tree.plain(name, OriginId::UNKNOWN);
            // Into a null nothing is put: what is written there is lost.
            tree.insert_entry(map, usize::MAX, key, found.id);
            found
        }
    };
    if tree.kind(found.id) == Kind::Scalar && !rest.is_empty() {
        // The text may hold more; what is found there is a copy, and changing it changes nothing.
        let inner = parsed(tree.text(found.id))?;
        let copy = tree.graft(&inner, inner.root());
        return step(tree, Found { id: copy, is_untyped: false }, rest, create);
    }
    step(tree, found, rest, create)
}

/// The first document of a text. The error is go-yaml's.
pub(super) fn parsed(text: &str) -> Result<Tree, String> {
    let mut found = Diagnostics::new();
    let doc = read_first(SourceId(u32::MAX), &text.into(), &Options::new(Profile::Kustomize), &mut found);
    if let Some(fault) = found.iter().find(|_| doc.as_ref().is_none_or(|doc| doc.is_broken())) {
        return Err(fault.upstream.clone().unwrap_or_else(|| fault.message.clone()));
    }
    let tree = doc.and_then(|doc| Tree::of_doc(&doc, OriginId::UNKNOWN));
    tree.ok_or_else(|| "wrong node kind: expected MappingNode but got 0".to_owned())
}
