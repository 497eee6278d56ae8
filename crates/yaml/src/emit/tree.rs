//! A tree as go-yaml v3 writes its nodes: with the styles, tags, anchors and comments that they have.

use crate::comments::NodeComments;
use crate::doc::{NodeId, Resolved, Style};
use crate::emit::emitter::{Comments, Emitter, Props};
use crate::emit::form::{Form, KYAML, V3};
use crate::emit::{DEPTH, Error};
use crate::node::Kind;
use crate::resolve::resolve;
use crate::tree::Tree;

/// A tree as kyaml prints it (`yaml.String`): list items at their key's column.
pub fn tree(tree: &Tree) -> Result<String, Error> {
    write(tree, KYAML)
}

/// A tree as kyaml prints it where lists are indented ("wide").
pub fn tree_wide(tree: &Tree) -> Result<String, Error> {
    write(tree, V3)
}

struct Open<'t> {
    id: NodeId,
    map: bool,
    next: usize,
    /// The foot of the entry written last, which waits for its value to be complete.
    tail: &'t str,
    line: &'t str,
    foot: &'t str,
}

static NONE: NodeComments = NodeComments { head: String::new(), line: String::new(), foot: String::new() };

fn write(tree: &Tree, form: Form) -> Result<String, Error> {
    let mut out = Vec::new();
    let mut emitter = Emitter::new(&mut out, form);
    emitter.document_head(&tree.head);
    let mut open: Vec<Open<'_>> = Vec::new();
    open.extend(node(tree, tree.root(), "", false, &mut emitter)?);
    while let Some(top) = open.last_mut() {
        let Some(&child) = tree.children(top.id).get(top.next) else {
            emitter.end(&Comments { head: "", line: top.line, foot: top.foot, tail: top.tail });
            open.pop();
            continue;
        };
        let is_key = top.map && top.next.is_multiple_of(2);
        top.next += 1;
        let foot = tree.comments(child).map_or("", |c| c.foot.as_str());
        let tail = if is_key { std::mem::replace(&mut top.tail, foot) } else { "" };
        open.extend(node(tree, child, tail, is_key, &mut emitter)?);
        if open.len() > DEPTH {
            return Err(Error::Depth);
        }
    }
    emitter.finish(&tree.foot);
    String::from_utf8(out).map_err(|_| Error::Control)
}

/// Writes a scalar or alias, or opens a collection.
fn node<'t>(
    tree: &'t Tree,
    id: NodeId,
    tail: &'t str,
    is_key: bool,
    emitter: &mut Emitter<'_, 't>,
) -> Result<Option<Open<'t>>, Error> {
    let own = tree.comments(id).unwrap_or(&NONE);
    // A key's foot is written behind its value, as the next entry's tail.
    let foot = if is_key { "" } else { own.foot.as_str() };
    let comments = Comments { head: &own.head, line: &own.line, foot, tail };
    if tree.alias_target(id).is_some() {
        emitter.alias(tree.text(id), &Comments { tail: "", ..comments })?;
        return Ok(None);
    }
    let mut props = Props { anchor: tree.anchor(id), tag: tree.written_tag(id) };
    if tree.kind(id) != Kind::Scalar {
        let map = tree.kind(id) == Kind::Map;
        let flow = tree.style(id) == Style::Flow;
        let empty = tree.children(id).is_empty();
        let start = Comments { head: &own.head, tail: if map { tail } else { "" }, ..Comments::default() };
        emitter.start(map, flow, empty, props, &start)?;
        return Ok(Some(Open { id, map, next: 0, tail: "", line: &own.line, foot }));
    }
    let text = tree.text(id);
    let mut style = tree.style(id);
    if style == Style::Plain {
        let mut quote = false;
        if props.tag.is_none() {
            // Written plain it must read back as what it is: strings are quoted, other types say their tag.
            let (is, reads_as) = (tree.resolved(id), resolve(text, true));
            if is != reads_as {
                quote = is == Resolved::Str;
                props.tag = (!quote).then(|| tree.tag(id));
            }
        }
        if text.contains('\n') {
            style = Style::Literal;
        } else if quote {
            style = Style::DoubleQuoted;
        }
    }
    emitter.scalar(text, style, props, &comments)?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::{Diagnostics, OriginId, SourceId};

    use super::*;
    use crate::{Options, Profile, read};

    fn through(text: &str) -> String {
        let text: Arc<str> = text.into();
        let mut out = Diagnostics::new();
        let docs = read(SourceId(0), &text, &Options::new(Profile::Kustomize), &mut out);
        assert!(out.is_empty(), "{text}");
        super::tree(&Tree::of_doc(&docs[0], OriginId::UNKNOWN).unwrap()).unwrap()
    }

    #[test]
    fn styles_tags_and_anchors_stay() {
        for text in [
            "a: 'x'\nb: \"y\"\nc: |\n  z\nd: >-\n  w\n",
            "a: !!str 1\nb: !Ref x\nc: &n [1, 2]\nd: *n\n",
            "- - 1\n  - 2\n- k: v\n  l: {m: [], n: {}}\n",
            "? |\n  a\n  b\n: c\n",
        ] {
            assert_eq!(through(text), text);
        }
    }

    #[test]
    fn comments_stay_where_they_belong() {
        for text in [
            "# document\n\n# head\na: 1 # line\n# foot\n\nb: 2\n",
            "a: # on the key\n  b: 1\n  # below\n# further left\nc: 2\n",
            "- # head of item\n  a: 1\n- b\n# end\n",
            "a: [1, 2] # brackets\n",
        ] {
            assert_eq!(through(text), text);
        }
    }

    #[test]
    fn what_changes_on_the_way() {
        assert_eq!(through("a:\n    - b\n    -   c: d\n"), "a:\n- b\n- c: d\n");
        assert_eq!(through("<<: {a: 1}\n"), "!!merge <<: {a: 1}\n");
    }
}
