//! A file of resources as Kustomize reads it: cut into documents, lists unwrapped, aliases written out, what is no
//! resource refused.

use std::sync::Arc;

use source::{Diagnostics, OriginId, Origins, SourceId};
use yaml::{Doc, Kind, NodeId, Options, Profile, Style, Tree, read_first};

use super::anchors;
use super::embedded::Place;

/// The resources of a file. The error is upstream's, without the file's name.
///
/// Each document is read by itself from a copy of the text in which all else is blank, so that places in it are
/// places of the file.
pub fn read_resources(source: SourceId, text: &Arc<str>, origins: &mut Origins) -> Result<Vec<Tree>, String> {
    read_resources_at(&Place::file(source), text, origins)
}

/// The resources of a text that stands at a place of a file.
pub(super) fn read_resources_at(
    place: &Place,
    text: &Arc<str>,
    origins: &mut Origins,
) -> Result<Vec<Tree>, String> {
    let mut trees = Vec::new();
    let parts = split(text)?;
    for &(start, end) in &parts {
        let Some(doc) = read_part(place.source(), text, start, end)? else { continue };
        let first = place.add(doc.clone(), origins);
        let Some(mut tree) = Tree::of_doc(&doc, first) else { continue };
        let root = tree.root();
        if tree.tag(root) == "!!null" {
            continue;
        }
        let is_list = matches!(text_at(&tree, root, "kind"), "List" | "ResourceList");
        if is_list
            && parts.len() == 1
            && tree.get(root, "items").or(tree.get(root, "functionConfig")).is_some()
        {
            let items = tree.get(root, "items").map_or(Vec::new(), |items| tree.children(items).to_vec());
            for item in items {
                let mut own = Tree::new(OriginId::UNKNOWN);
                let top = own.graft(&tree, item);
                own.set_root(top);
                anchors::expand(&mut own)?;
                trees.push(own);
            }
            continue;
        }
        anchors::expand(&mut tree)?;
        trees.push(tree);
    }
    inline_lists(checked(trees)?)
}

/// Documents end at a line that starts with `---`, on which only a comment may follow.
fn split(text: &str) -> Result<Vec<(usize, usize)>, String> {
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(at) = text[from..].find("\n---").map(|n| from + n) {
        let Some(end) = text[at + 4..].find('\n').map(|n| at + 4 + n + 1) else { break };
        let rest = text[at + 4..end].trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            return Err(format!("invalid document separator: ---{}", text[at + 4..end].trim_end()));
        }
        parts.push((start, at + 1));
        start = end;
        // The separator's own line break begins no further one.
        from = end;
    }
    if !text.is_empty() {
        parts.push((start, text.len()));
    }
    Ok(parts)
}

fn read_part(
    source: SourceId,
    text: &Arc<str>,
    start: usize,
    end: usize,
) -> Result<Option<Arc<Doc>>, String> {
    let part: Arc<str> = if (start, end) == (0, text.len()) {
        text.clone()
    } else {
        // Blanks keep offsets, line breaks keep lines.
        let above = text[..start].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' });
        let mut part: String = above.collect();
        part.push_str(&text[start..end]);
        part.into()
    };
    let mut found = Diagnostics::new();
    let doc = read_first(source, &part, &Options::new(Profile::Kustomize), &mut found);
    let fatal = found.iter().find(|d| doc.is_none() || *d.code == yaml::codes::YAML_ALIAS);
    match fatal {
        Some(first) => {
            let text = first.upstream.clone().unwrap_or_else(|| first.message.clone());
            Err(format!("MalformedYAMLError: {text}"))
        }
        None => Ok(doc),
    }
}

/// The text of a scalar field of the root; empty for anything else.
fn text_at<'t>(tree: &'t Tree, map: NodeId, key: &str) -> &'t str {
    match tree.get(map, key) {
        Some(value) if tree.kind(value) == Kind::Scalar && tree.tag(value) != "!!null" => tree.text(value),
        _ => "",
    }
}

fn is_empty(tree: &Tree, id: NodeId) -> bool {
    tree.tag(id) == "!!null" || tree.kind(id) != Kind::Scalar && tree.children(id).is_empty()
}

/// Leaves empty ones out; refuses what has no kind or no name.
fn checked(trees: Vec<Tree>) -> Result<Vec<Tree>, String> {
    let mut good = Vec::with_capacity(trees.len());
    for tree in trees {
        let root = tree.root();
        if is_empty(&tree, root) {
            continue;
        }
        let has = |map: NodeId, key: &str| tree.get(map, key).is_some_and(|value| !is_empty(&tree, value));
        let metadata = tree.get(root, "metadata").filter(|m| !is_empty(&tree, *m));
        let any_metadata = metadata
            .is_some_and(|m| ["name", "namespace", "labels", "annotations"].iter().any(|key| has(m, key)));
        if !has(root, "apiVersion") && !has(root, "kind") && !any_metadata {
            return Err("missing Resource metadata".to_owned());
        }
        let kind = text_at(&tree, root, "kind");
        if kind.is_empty() {
            return Err("missing kind in object".to_owned());
        }
        if !kind.ends_with("List") && metadata.is_none_or(|m| text_at(&tree, m, "name").is_empty()) {
            return Err("missing metadata.name in object".to_owned());
        }
        good.push(tree);
    }
    Ok(good)
}

/// Puts the items of lists such as `RoleList` in their place, behind all other resources of the file.
fn inline_lists(trees: Vec<Tree>) -> Result<Vec<Tree>, String> {
    let mut queue = std::collections::VecDeque::from(trees);
    let mut out = Vec::new();
    while let Some(tree) = queue.pop_front() {
        let root = tree.root();
        let kind = text_at(&tree, root, "kind");
        let Some(items) = tree.get(root, "items").filter(|_| kind.ends_with("List")) else {
            out.push(tree);
            continue;
        };
        if tree.tag(items) == "!!null" {
            continue;
        }
        if tree.kind(items) != Kind::Seq {
            let found = if tree.kind(items) == Kind::Map { "map[string]interface {}" } else { "string" };
            return Err(format!("expected array in {kind}/items, but found {found}"));
        }
        let mut inner = Vec::new();
        for &item in tree.children(items) {
            let mut own = Tree::new(OriginId::UNKNOWN);
            let top = own.graft(&tree, item);
            own.set_root(top);
            through_json(&mut own);
            inner.push(own);
        }
        queue.extend(checked(inner)?);
    }
    Ok(out)
}

/// Items of an inlined list have been JSON in between: numbers and moments have their canonical text, keys are
/// sorted, comments and styles are gone.
fn through_json(tree: &mut Tree) {
    let mut todo = vec![tree.root()];
    while let Some(id) = todo.pop() {
        tree.set_comments(id, yaml::NodeComments::default());
        match tree.kind(id) {
            Kind::Scalar => {
                let mut json = Vec::new();
                let style = yaml::emit::JsonStyle { escape_html: false, ..Default::default() };
                if yaml::emit::json(&yaml::emit::GoTyped::root(tree.node(id)), style, &mut json).is_err() {
                    // Infinities have no JSON; they are refused when they are printed.
                    continue;
                }
                let text = String::from_utf8_lossy(&json).into_owned();
                let origin = tree.origin(id);
                if text.starts_with('"') {
                    if tree.tag(id) == "!!timestamp" {
                        tree.set_text(id, text.trim_matches('"'), origin);
                    }
                    tree.make_string(id);
                    tree.set_style(id, Style::DoubleQuoted);
                } else {
                    tree.set_text(id, text, origin);
                    tree.set_style(id, Style::Plain);
                }
            }
            Kind::Seq => todo.extend(tree.children(id)),
            Kind::Map => {
                let keys: Vec<&str> = tree.entries(id).map(|(key, _)| tree.text(key)).collect();
                let mut order: Vec<usize> = (0..keys.len()).collect();
                order.sort_by_key(|at| keys[*at]);
                tree.reorder(id, &order);
                todo.extend(tree.entries(id).map(|(_, value)| value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<String>, String> {
        let trees = read_resources(SourceId(0), &text.into(), &mut Origins::new())?;
        let name = |tree: &Tree| {
            let metadata = tree.get(tree.root(), "metadata").unwrap_or(tree.root());
            format!("{}/{}", text_at(tree, tree.root(), "kind"), text_at(tree, metadata, "name"))
        };
        Ok(trees.iter().map(name).collect())
    }

    #[test]
    fn documents_and_lists() {
        let text = "kind: A\nmetadata: {name: a}\n---\n# nothing\n--- # c\nkind: BList\nitems:\n- kind: B\n  metadata: {name: b}\n---\nkind: C\nmetadata: {name: c}\n";
        assert_eq!(names(text), Ok(vec!["A/a".to_owned(), "C/c".to_owned(), "B/b".to_owned()]));
        let text = "kind: List\nitems:\n- &x {kind: B, metadata: {name: b}}\n";
        assert_eq!(names(text), Ok(vec!["B/b".to_owned()]));
    }

    #[test]
    fn what_is_no_resource() {
        for (text, error) in [
            ("a: 1\n", "missing Resource metadata"),
            ("apiVersion: v1\n", "missing kind in object"),
            ("kind: A\n", "missing metadata.name in object"),
            ("kind: A\n---x\nb: c\n", "invalid document separator: ---x"),
            ("kind: AList\nitems: {}\n", "expected array in AList/items, but found map[string]interface {}"),
            ("a: [\n", "MalformedYAMLError: yaml: line 1: did not find expected node content"),
        ] {
            assert_eq!(names(text), Err(error.to_owned()), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text: Arc<str> = "kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata: {name: b}\n".into();
        let mut origins = Origins::new();
        let trees = read_resources(SourceId(0), &text, &mut origins).unwrap();
        let kind = trees[1].get(trees[1].root(), "kind").unwrap();
        let span = origins.primary(trees[1].origin(kind)).unwrap();
        assert_eq!(&text[span.start as usize..span.end as usize], "B");
    }
}
