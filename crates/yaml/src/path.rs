//! Paths of fields: `spec.containers[name=app].image`.

use std::fmt;
use std::str::FromStr;

use crate::doc::NodeId;
use crate::node::{Kind, Node};

/// One step down.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Into a map, to the value under that key.
    Key(Box<str>),
    /// Into a list, to the item at that place, counted from 0.
    Index(usize),
    /// Into a list, to the first item whose field has that text: `[name=app]`.
    Where {
        /// A key of the items.
        key: Box<str>,
        /// The text of its value, whatever its type.
        value: Box<str>,
    },
}

/// The way from a document's root to a node. Empty for the root.
///
/// Steps are parted by dots, a list's stand in brackets; a dot at the start is allowed. A key that holds a dot, a
/// bracket, a quote, an equals sign or a blank stands in brackets and quotes. Quotes inside of quotes and
/// backslashes have a backslash before them.
///
/// ```
/// use yaml::Path;
/// let path: Path = ".spec.containers[name=app].ports[0]".parse().unwrap();
/// assert_eq!(path.to_string(), "spec.containers[name=app].ports[0]");
/// let path: Path = "metadata.annotations['example.com/a']".parse().unwrap();
/// assert_eq!(path.to_string(), "metadata.annotations[\"example.com/a\"]");
/// let error = "spec.containers[0".parse::<Path>().unwrap_err();
/// assert_eq!(error.to_string(), "expected `]` at the end of `spec.containers[0`");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Path {
    /// From the root downwards.
    pub steps: Vec<Step>,
}

/// Why a text is no path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathError {
    /// The text.
    pub text: String,
    /// Byte offset of what does not fit.
    pub at: usize,
    /// What would fit there.
    pub expected: &'static str,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PathError { text, at, expected } = self;
        match text.get(*at..).and_then(|rest| rest.chars().next()) {
            None => write!(f, "expected {expected} at the end of `{text}`"),
            Some(c) => write!(f, "expected {expected} in place of `{c}` at byte {at} of `{text}`"),
        }
    }
}

impl std::error::Error for PathError {}

impl Path {
    /// The node at the path below `root`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// let text: Arc<str> = "spec:\n  containers:\n  - {name: a, image: x}\n  - {name: b, image: y}\n".into();
    /// # let mut out = source::Diagnostics::new();
    /// # let options = yaml::Options::new(yaml::Profile::Kubernetes);
    /// let docs = yaml::read(source::SourceId(0), &text, &options, &mut out);
    /// let root = docs[0].root().unwrap();
    /// let path: yaml::Path = "spec.containers[name=b].image".parse().unwrap();
    /// assert_eq!(path.find(root).unwrap().text(), "y");
    /// ```
    pub fn find<'a>(&self, root: Node<'a>) -> Option<Node<'a>> {
        self.steps.iter().try_fold(root, |node, step| step.find(node))
    }

    /// The deepest node on the path that is there, and how many steps lead to it.
    pub fn nearest<'a>(&self, root: Node<'a>) -> (Node<'a>, usize) {
        let mut node = root;
        for (taken, step) in self.steps.iter().enumerate() {
            match step.find(node) {
                Some(next) => node = next,
                None => return (node, taken),
            }
        }
        (node, self.steps.len())
    }

    /// The path from `root` to a node of the same document; `None` where it is not below `root`. A key has the path
    /// of its value. Items are named by their place.
    pub fn to(root: Node<'_>, target: NodeId) -> Option<Path> {
        let mut path = Path::default();
        let mut at = root;
        // Steps go down only, so that they end; the limit is for aliases.
        for _ in 0..crate::emit::DEPTH {
            if at.id() == target {
                return Some(path);
            }
            let is_key = |key: Node<'_>| key.id() == target;
            let next = match at.kind() {
                Kind::Map => at.entries().find(|(k, v)| is_key(*k) || contains(*v, target)).map(|(k, v)| {
                    path.steps.push(Step::Key(k.text().into()));
                    (is_key(k), v)
                }),
                Kind::Seq => {
                    at.items().enumerate().find(|(_, item)| contains(*item, target)).map(|(i, item)| {
                        path.steps.push(Step::Index(i));
                        (false, item)
                    })
                }
                Kind::Scalar => None,
            };
            match next {
                Some((true, _)) => return Some(path),
                Some((false, node)) => at = node,
                None => return None,
            }
        }
        None
    }

    /// The same path with one more key.
    pub fn key(mut self, key: impl Into<Box<str>>) -> Path {
        self.steps.push(Step::Key(key.into()));
        self
    }

    /// The same path with one more place in a list.
    pub fn index(mut self, index: usize) -> Path {
        self.steps.push(Step::Index(index));
        self
    }
}

fn contains(node: Node<'_>, target: NodeId) -> bool {
    match node.doc().and_then(|doc| doc.node(target)) {
        Some(other) => node.holds(other),
        None => node.tree().is_some_and(|tree| node.holds(tree.node(target))),
    }
}

impl Step {
    /// The node that the step leads to from `node`.
    pub fn find<'a>(&self, node: Node<'a>) -> Option<Node<'a>> {
        match self {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.items().nth(*index),
            Step::Where { key, value } => {
                node.items().find(|item| item.get(key).is_some_and(|v| v.text() == &**value))
            }
        }
    }
}

/// Whether a text needs no quotes between dots.
fn is_bare(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '[', ']', '"', '\'', '=', ' ', '\t', '\n', '\r', '\\'])
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            _ => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Key(key) if is_bare(key) => {
                    let dot = if at > 0 { "." } else { "" };
                    write!(f, "{dot}{key}")?;
                }
                Step::Key(key) => {
                    f.write_str("[")?;
                    quoted(f, key)?;
                    f.write_str("]")?;
                }
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Where { key, value } => {
                    f.write_str("[")?;
                    for (text, end) in [(key, "="), (value, "]")] {
                        if is_bare(text) {
                            f.write_str(text)?;
                        } else {
                            quoted(f, text)?;
                        }
                        f.write_str(end)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Path, PathError> {
        let mut parser = Parser { text, at: 0 };
        let mut path = Path::default();
        let mut first = true;
        parser.skip('.');
        while parser.at < text.len() {
            if parser.skip('[') {
                path.steps.push(parser.bracket()?);
            } else {
                if !first && !parser.skip('.') {
                    return Err(parser.expected("`.` or `[`"));
                }
                if parser.peek() == Some('[') && !first {
                    return Err(parser.expected("a key"));
                }
                path.steps.push(Step::Key(parser.word(&['.', '['])?));
            }
            first = false;
        }
        Ok(path)
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn expected(&self, expected: &'static str) -> PathError {
        PathError { text: self.text.to_owned(), at: self.at, expected }
    }

    fn bracket(&mut self) -> Result<Step, PathError> {
        let was_quoted = matches!(self.peek(), Some('"' | '\''));
        let word = self.word(&['=', ']'])?;
        if self.skip('=') {
            let value = if self.peek() == Some(']') { "".into() } else { self.word(&[']'])? };
            self.close()?;
            return Ok(Step::Where { key: word, value });
        }
        let start = self.at - word.len();
        self.close()?;
        if was_quoted {
            return Ok(Step::Key(word));
        }
        match word.parse() {
            Ok(index) => Ok(Step::Index(index)),
            Err(_) => Err(PathError {
                text: self.text.to_owned(),
                at: start,
                expected: "a number, `key=value` or a key in quotes",
            }),
        }
    }

    fn close(&mut self) -> Result<(), PathError> {
        if self.skip(']') { Ok(()) } else { Err(self.expected("`]`")) }
    }

    /// A text in quotes, or what stands before one of the ends.
    fn word(&mut self, ends: &[char]) -> Result<Box<str>, PathError> {
        let Some(quote @ ('"' | '\'')) = self.peek() else {
            let rest = &self.text[self.at..];
            let end = rest.find(ends).unwrap_or(rest.len());
            if end == 0 {
                return Err(self.expected("a key"));
            }
            self.at += end;
            return Ok(rest[..end].into());
        };
        self.at += 1;
        let mut word = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                '\\' => match self.peek() {
                    Some(escaped) => {
                        self.at += escaped.len_utf8();
                        word.push(if escaped == 'n' { '\n' } else { escaped });
                    }
                    None => break,
                },
                _ if c == quote => return Ok(word.into()),
                _ => word.push(c),
            }
        }
        Err(self.expected("a closing quote"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::{Diagnostics, SourceId};

    use super::*;
    use crate::{Doc, Options, Profile, read};

    fn doc(text: &str) -> Arc<Doc> {
        let mut out = Diagnostics::new();
        read(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut out).remove(0)
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in [
            "",
            "a",
            "a.b[0][1].c",
            "[0].a",
            "a[\"b.c/d\"].e",
            "[\"\"]",
            "a[\"q\\\"\\\\\"]",
            "a[name=x].b",
            "a[\"k.l\"=\"v w\"]",
            "a[name=\"\"]",
        ] {
            assert_eq!(text.parse::<Path>().map(|p| p.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(".a".parse::<Path>().unwrap().to_string(), "a");
        assert_eq!("a[name=]".parse::<Path>().unwrap().to_string(), "a[name=\"\"]");
    }

    #[test]
    fn what_is_no_path() {
        for (text, message) in [
            ("a..b", "expected a key in place of `.` at byte 2 of `a..b`"),
            ("a.", "expected a key at the end of `a.`"),
            ("a[", "expected a key at the end of `a[`"),
            ("a[x]", "expected a number, `key=value` or a key in quotes in place of `x` at byte 2 of `a[x]`"),
            ("a[\"x", "expected a closing quote at the end of `a[\"x`"),
            ("a[0]b", "expected `.` or `[` in place of `b` at byte 4 of `a[0]b`"),
        ] {
            assert_eq!(text.parse::<Path>().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn every_node_has_a_path_that_leads_back() {
        let doc = doc("a: [1, {b.c: x}]\nd:\n- - e\nf: &n {g: 1}\nh: *n\n");
        let root = doc.root().unwrap();
        let mut todo = vec![root];
        let mut seen = 0;
        while let Some(node) = todo.pop() {
            let path = Path::to(root, node.id()).unwrap();
            if !node.is_alias() {
                assert_eq!(path.find(root).unwrap().id(), node.id(), "{path}");
            }
            seen += 1;
            todo.extend(node.items().chain(node.entries().map(|(_, v)| v)));
        }
        // The alias' one entry counts once more.
        assert_eq!(seen, 12);
        let key = root.entry("d").unwrap().0;
        assert_eq!(Path::to(root, key.id()).unwrap().to_string(), "d");
    }

    #[test]
    fn the_nearest_node_tells_how_far_a_path_leads() {
        let doc = doc("a: {b: 1}\n");
        let path: Path = "a.c.d".parse().unwrap();
        let (node, taken) = path.nearest(doc.root().unwrap());
        assert_eq!((node.kind(), taken), (Kind::Map, 1));
    }
}
