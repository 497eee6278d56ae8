//! Which trees come back as they were from being written and read again.

use std::collections::HashSet;

use crate::doc::{NodeId, Resolved, Style};
use crate::node::Kind;
use crate::tree::Tree;

/// Deeper trees are not looked at to their end.
const LEVELS: usize = 100;
/// Longer keys are written in a form of their own.
const KEY: usize = 100;
/// Up to so many keys, comparing each with each is sooner done than hashing them.
const FEW: usize = 16;

/// Whether what [`tree`](crate::emit::tree) writes, read again by go-yaml v3, is for certain the same values: then whoever
/// only wants those can spare both steps.
///
/// `false` says that this is not known. Comments, tags, anchors, equal keys, numbers in rare forms and texts outside of
/// ASCII or with blanks at the ends of lines are not worth an argument here.
///
/// ```
/// use source::{Diagnostics, OriginId, SourceId};
/// use yaml::{Options, Profile, Tree, emit::is_steady, read};
///
/// let steady = |text: &str| {
///     let docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kustomize), &mut Diagnostics::new());
///     is_steady(&Tree::of_doc(&docs[0], OriginId::UNKNOWN).unwrap())
/// };
/// assert!(steady("a: {b: [1, \"2\", x y, null, true]}\nc: |\n  line\n    line\n"));
/// assert!(!steady("a: 1 # one\n"));
/// assert!(!steady("a: 0x1\n"));
/// ```
pub fn is_steady(tree: &Tree) -> bool {
    if !tree.head.is_empty() || !tree.foot.is_empty() {
        return false;
    }
    let mut todo = vec![(tree.root(), 0)];
    while let Some((id, level)) = todo.pop() {
        if level > LEVELS || !is_bare(tree, id) {
            return false;
        }
        match tree.kind(id) {
            Kind::Scalar if !is_steady_scalar(tree, id) => return false,
            Kind::Scalar => {}
            Kind::Seq => todo.extend(tree.children(id).iter().map(|child| (*child, level + 1))),
            Kind::Map => {
                let are_steady = tree.entries(id).all(|(key, _)| is_steady_key(tree, key));
                if !are_steady || has_equal_keys(tree, id) {
                    return false;
                }
                todo.extend(tree.entries(id).map(|(_, value)| (value, level + 1)));
            }
        }
    }
    true
}

/// Whether it has nothing but its type, which its form tells, and what it holds.
fn is_bare(tree: &Tree, id: NodeId) -> bool {
    let fits = match (tree.kind(id), tree.resolved(id)) {
        (Kind::Map, is) => is == Resolved::Map,
        (Kind::Seq, is) => is == Resolved::Seq,
        (Kind::Scalar, is) => !matches!(is, Resolved::Map | Resolved::Seq),
    };
    fits && tree.alias_target(id).is_none()
        && tree.written_tag(id).is_none()
        && tree.anchor(id).is_none()
        && tree.comments(id).is_none()
}

fn is_steady_key(tree: &Tree, key: NodeId) -> bool {
    let text = tree.text(key);
    let quoted_or_plain = matches!(tree.style(key), Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
    is_bare(tree, key)
        && tree.kind(key) == Kind::Scalar
        && tree.resolved(key) == Resolved::Str
        && quoted_or_plain
        && text.len() <= KEY
        && text != "<<"
        && is_line(text)
}

fn has_equal_keys(tree: &Tree, map: NodeId) -> bool {
    let mut keys = tree.entries(map).map(|(key, _)| tree.text(key));
    if keys.len() > FEW {
        let mut seen = HashSet::with_capacity(keys.len());
        return !keys.all(|key| seen.insert(key));
    }
    let mut seen = [""; FEW];
    for (at, key) in keys.enumerate() {
        if seen[..at].contains(&key) {
            return true;
        }
        seen[at] = key;
    }
    false
}

fn is_steady_scalar(tree: &Tree, id: NodeId) -> bool {
    let (text, style) = (tree.text(id), tree.style(id));
    match tree.resolved(id) {
        Resolved::Str if style == Style::Folded => false,
        Resolved::Str => is_line(text) || (style != Style::SingleQuoted && are_lines(text)),
        _ if style != Style::Plain => false,
        Resolved::Null => matches!(text, "null" | "~"),
        Resolved::Bool => matches!(text, "true" | "false"),
        Resolved::Int => is_decimal(text),
        _ => false,
    }
}

/// An integer as every reader of YAML knows it.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    (1..=18).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && (digits[0] != b'0' || text == "0")
}

/// One line of printable ASCII without blanks around it.
fn is_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first() != Some(&b' ')
        && bytes.last() != Some(&b' ')
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Lines of printable ASCII that need no hint of how far they are indented, end without blanks, and have at most one break
/// behind the last.
fn are_lines(text: &str) -> bool {
    let bytes = text.as_bytes();
    !matches!(bytes.first(), None | Some(b' ' | b'\n'))
        && bytes.last() != Some(&b' ')
        && !text.ends_with("\n\n")
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n'))
        && memchr::memmem::find(bytes, b" \n").is_none()
}

#[cfg(test)]
mod tests {
    use source::{Diagnostics, OriginId, SourceId};

    use super::*;
    use crate::emit::{GoTyped, sigs, tree as write};
    use crate::{Options, Profile, read, read_first};

    fn tree_of(text: &str) -> Tree {
        let options = Options::new(Profile::Kustomize);
        let docs = read(SourceId(0), &text.into(), &options, &mut Diagnostics::new());
        Tree::of_doc(&docs[0], OriginId::UNKNOWN).unwrap()
    }

    #[test]
    fn what_is_steady_prints_the_same_after_a_round() {
        // Every scalar as a value, an item and a key, in blocks and in flow, in each style.
        let texts = [
            "a",
            "a b",
            "-",
            "- a",
            "--- a",
            "...",
            "?",
            "? a",
            ":",
            "a: b",
            "a:",
            ":a",
            "a #b",
            "#a",
            "a,b",
            "[a",
            "{a}",
            "%a",
            "@a",
            "`a",
            "&a",
            "*a",
            "!a",
            "!!str a",
            "|",
            ">-",
            "'",
            "\"",
            "it's",
            "\\",
            "yes",
            "on",
            "y",
            "null",
            "~",
            "",
            "true",
            "1",
            "-1",
            "007",
            "0x1",
            "1e3",
            "1.5",
            ".inf",
            "=",
            "<<",
            "2001-01-01",
            "1_000",
            "1:30",
            "0o7",
            "a\nb",
            "a\n",
            "a\n  b\n\nc\n",
            "- a\n- b\n",
            "#a\n#b\n",
            "---\na\n",
            "a:\n  b: c\n",
            "a\n\nb",
        ];
        let styles = [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted, Style::Literal, Style::Folded];
        let shapes =
            ["k: x\n", "k:\n- x\n", "k: {a: x}\n", "k: [x, {b: x}]\n", "x: k\n", "k:\n- - x\n  - a: x\n"];
        let (mut steady, mut all) = (0, 0);
        let cases = texts.iter().flat_map(|text| styles.iter().map(move |style| (*text, *style)));
        let cases = cases.flat_map(|(text, style)| shapes.map(|shape| (text, style, shape)));
        for (text, style, shape) in cases {
            let mut tree = tree_of(shape);
            for id in (0..tree.len() as u32).map(NodeId).collect::<Vec<_>>() {
                if tree.kind(id) == Kind::Scalar && tree.text(id) == "x" {
                    tree.set_text(id, text, OriginId::UNKNOWN);
                    tree.set_style(id, style);
                }
            }
            all += 1;
            if !is_steady(&tree) {
                continue;
            }
            steady += 1;
            let round = write(&tree).unwrap();
            let options = Options::new(Profile::GoYamlV3);
            let doc =
                read_first(SourceId(0), &round.as_str().into(), &options, &mut Diagnostics::new()).unwrap();
            let (mut direct, mut after) = (Vec::new(), Vec::new());
            sigs(&GoTyped::root(tree.node(tree.root())), &mut direct).unwrap();
            sigs(&GoTyped::root(doc.root().unwrap()), &mut after).unwrap();
            let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            assert_eq!(shown(&direct), shown(&after), "{text:?} {style:?} {shape:?}\n{round}");
        }
        assert!(steady * 2 > all, "{steady} of {all}");
    }

    #[test]
    fn what_is_not_known_to_be() {
        for text in [
            "# head\na: 1\n",
            "a: 1 # line\n",
            "a: !!str 1\n",
            "a: &x 1\n",
            "a: >\n  x\n",
            "a: 1.5\n",
            "1: a\n",
            "a: \" x\"\n",
            "a: |\n   x \n  y\n",
            "a: |+\n  x\n\n",
            "a: 2001-01-01\n",
            "a: ü\n",
        ] {
            assert!(!is_steady(&tree_of(text)), "{text}");
        }
    }

    #[test]
    fn equal_keys_are_not() {
        for count in [2, 40] {
            let mut tree = Tree::new(OriginId::UNKNOWN);
            for at in 0..count {
                let (key, value) =
                    (tree.string(format!("k{at}"), OriginId::UNKNOWN), tree.plain("1", OriginId::UNKNOWN));
                tree.insert_entry(tree.root(), usize::MAX, key, value);
            }
            assert!(is_steady(&tree));
            let (key, value) = (tree.string("k0", OriginId::UNKNOWN), tree.plain("1", OriginId::UNKNOWN));
            tree.insert_entry(tree.root(), usize::MAX, key, value);
            assert!(!is_steady(&tree));
        }
    }
}
