//! A file of resources as Kustomize reads it: cut into documents, lists unwrapped, aliases written out, what is no
//! resource refused.

use std::ops::Range;
use std::sync::Arc;

use source::{Diagnostics, OriginId, Origins, SourceId, Span};
use yaml::{Doc, Kind, NodeId, Options, Profile, Style, Tree, read_first_part};

use super::anchors;
use super::codes::RESOURCE_INVALID;
use super::embedded::Place;
use super::error::{BuildError, ErrorKind};

/// The resources of a file. The error's text is upstream's, without the file's name.
///
/// Each document is read by itself, as kyaml does it; places in it are places of the file.
///
/// # Errors
/// It is no YAML, or something in it is no resource.
pub fn read_resources(
    source: SourceId,
    text: &Arc<str>,
    origins: &mut Origins,
) -> Result<Vec<Tree>, BuildError> {
    read_resources_at(&Place::file(source), text, origins)
}

/// The resources of a text that stands at a place of a file.
pub(super) fn read_resources_at(
    place: &Place,
    text: &Arc<str>,
    origins: &mut Origins,
) -> Result<Vec<Tree>, BuildError> {
    let mut trees = Vec::new();
    let parts = split(place, text)?;
    let is_alone = parts.len() == 1;
    for part in parts {
        let start = part.start;
        let Some(doc) = read_document(place, text, part.clone())? else { continue };
        let first = place.add_part(&doc, part, origins);
        let Some(mut tree) = Tree::of_doc(&doc, first) else { continue };
        let root = tree.root();
        if tree.is_null(root) {
            continue;
        }
        let at = place.span(start, start);
        let is_list = matches!(text_at(&tree, root, "kind"), "List" | "ResourceList");
        if is_list && is_alone && tree.get(root, "items").or(tree.get(root, "functionConfig")).is_some() {
            let items = tree.get(root, "items").map_or(Vec::new(), |items| tree.children(items).to_vec());
            for item in items {
                let mut own = Tree::new(OriginId::UNKNOWN);
                let top = own.graft(&tree, item);
                own.set_root(top);
                expand(&mut own, at)?;
                trees.push(own);
            }
            continue;
        }
        expand(&mut tree, at)?;
        trees.push(tree);
    }
    inline_lists(checked(trees)?)
}

fn expand(tree: &mut Tree, at: Span) -> Result<(), BuildError> {
    anchors::expand(tree).map_err(|text| BuildError::new(&RESOURCE_INVALID, at, text.clone(), text))
}

fn invalid(tree: &Tree, node: NodeId, message: impl Into<String>, upstream: impl Into<String>) -> BuildError {
    BuildError::new(&RESOURCE_INVALID, tree.origin(node), message, upstream)
}

/// Documents end at a line that starts with `---`, on which only a comment may follow.
fn split(place: &Place, text: &str) -> Result<Vec<Range<u32>>, BuildError> {
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, 0);
    let range = |start: usize, end: usize| start as u32..end as u32;
    while let Some(at) = memchr::memmem::find(&text.as_bytes()[from..], b"\n---").map(|n| from + n) {
        let Some(end) = text[at + 4..].find('\n').map(|n| at + 4 + n + 1) else { break };
        let rest = text[at + 4..end].trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            let separator = place.span(at as u32 + 1, end as u32 - 1);
            let upstream = format!("invalid document separator: ---{}", text[at + 4..end].trim_end());
            let message = "nothing but a comment may follow `---` on its line";
            return Err(BuildError::new(&RESOURCE_INVALID, separator, message, upstream));
        }
        parts.push(range(start, at + 1));
        start = end;
        // The separator's own line break begins no further one.
        from = end;
    }
    if !text.is_empty() {
        parts.push(range(start, text.len()));
    }
    Ok(parts)
}

fn read_document(place: &Place, text: &Arc<str>, part: Range<u32>) -> Result<Option<Arc<Doc>>, BuildError> {
    let mut found = Diagnostics::new();
    let doc = read_first_part(place.source(), text, part, &Options::new(Profile::Kustomize), &mut found);
    let fatal = found.into_iter().find(|d| doc.is_none() || *d.code == yaml::codes::YAML_ALIAS);
    match fatal {
        Some(mut first) => {
            let text = first.upstream.take().unwrap_or_else(|| first.message.clone());
            first.upstream = Some(format!("MalformedYAMLError: {text}"));
            if let source::Place::Span(at) = first.primary.at {
                first.primary.at = place.span(at.start, at.end).into();
            }
            Err(BuildError { diagnostic: Box::new(first), kind: ErrorKind::MalformedYaml })
        }
        None => Ok(doc),
    }
}

/// The text of a scalar field of the root; empty for anything else.
fn text_at<'t>(tree: &'t Tree, map: NodeId, key: &str) -> &'t str {
    match tree.get(map, key) {
        Some(value) if tree.kind(value) == Kind::Scalar && !tree.is_null(value) => tree.text(value),
        _ => "",
    }
}

fn is_empty(tree: &Tree, id: NodeId) -> bool {
    tree.is_null(id) || tree.kind(id) != Kind::Scalar && tree.children(id).is_empty()
}

/// Leaves empty ones out; refuses what has no kind or no name.
fn checked(trees: Vec<Tree>) -> Result<Vec<Tree>, BuildError> {
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
            let message = "this is no resource: it has neither a kind nor metadata";
            return Err(invalid(&tree, root, message, "missing Resource metadata"));
        }
        named(&tree)?;
        good.push(tree);
    }
    Ok(good)
}

/// Refuses an object without a kind or a name; lists need none. A build looks when it reads one and once more at its end,
/// because a JSON patch may have taken either away.
///
/// # Errors
/// It has none.
pub(super) fn named(tree: &Tree) -> Result<(), BuildError> {
    let root = tree.root();
    let kind = text_at(tree, root, "kind");
    if kind.is_empty() {
        let upstream = format!("missing kind in object {}", meta_text(tree));
        return Err(invalid(tree, root, "the resource has no kind", upstream));
    }
    let metadata = tree.get(root, "metadata");
    if !kind.ends_with("List") && metadata.is_none_or(|m| text_at(tree, m, "name").is_empty()) {
        let upstream = format!("missing metadata.name in object {}", meta_text(tree));
        return Err(invalid(tree, root, format!("the {kind} has no metadata.name"), upstream));
    }
    Ok(())
}

/// The metadata of an object as Go prints it.
fn meta_text(tree: &Tree) -> String {
    let root = tree.root();
    let metadata = tree.get(root, "metadata");
    let own = |key: &str| metadata.map_or("", |m| text_at(tree, m, key));
    let map = |key: &str| {
        let mut pairs: Vec<(&str, &str)> = metadata
            .and_then(|m| tree.get(m, key))
            .map_or(Vec::new(), |m| tree.entries(m).map(|(k, v)| (tree.text(k), tree.text(v))).collect());
        pairs.sort_unstable();
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
        pairs.join(" ")
    };
    format!(
        "{{{{{} {}}} {{{{{} {}}} map[{}] map[{}]}}}}",
        text_at(tree, root, "apiVersion"),
        text_at(tree, root, "kind"),
        own("name"),
        own("namespace"),
        map("labels"),
        map("annotations")
    )
}

/// Puts the items of lists such as `RoleList` in their place, behind all other resources of the file.
fn inline_lists(trees: Vec<Tree>) -> Result<Vec<Tree>, BuildError> {
    let mut queue = std::collections::VecDeque::from(trees);
    let mut out = Vec::new();
    while let Some(tree) = queue.pop_front() {
        let root = tree.root();
        let kind = text_at(&tree, root, "kind");
        let Some(items) = tree.get(root, "items").filter(|_| kind.ends_with("List")) else {
            out.push(tree);
            continue;
        };
        if tree.is_null(items) {
            continue;
        }
        if tree.kind(items) != Kind::Seq {
            let found = if tree.kind(items) == Kind::Map { "map[string]interface {}" } else { "string" };
            let upstream = format!("expected array in {kind}/items, but found {found}");
            return Err(invalid(&tree, items, format!("the items of a {kind} are a list"), upstream));
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

/// Items of an inlined list have been JSON in between, and look like it still: numbers and moments have their canonical
/// text, keys are sorted, comments are gone, all is in braces and brackets.
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
            Kind::Seq => {
                tree.set_style(id, Style::Flow);
                todo.extend(tree.children(id));
            }
            Kind::Map => {
                tree.set_style(id, Style::Flow);
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
        let trees = read_resources(SourceId(0), &text.into(), &mut Origins::new());
        let trees = trees.map_err(|error| error.upstream().to_owned())?;
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
            ("apiVersion: v1\n", "missing kind in object {{v1 } {{ } map[] map[]}}"),
            ("kind: A\n", "missing metadata.name in object {{ A} {{ } map[] map[]}}"),
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
