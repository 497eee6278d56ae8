//! A case as a tree: directories of YAML that is still a tree, so that parts of it can be taken out again.

use std::fmt::Write as _;
use std::path::Path;

/// A node of YAML, as it will be written.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// A scalar of one line, as YAML has it: quoted, tagged, anchored.
    Raw(String),
    /// A map; keys as YAML has them.
    Map(Vec<(String, Node)>),
    /// A list.
    List(Vec<Node>),
    /// Documents of YAML in a block scalar.
    Docs(Vec<Node>),
    /// Lines in a block scalar.
    Lines(Vec<String>),
    /// In braces and brackets.
    Flow(Box<Node>),
    /// With a comment behind its key.
    Noted(String, Box<Node>),
}

use Node::{Docs, Flow, Lines, List, Map, Noted, Raw};

/// A scalar as YAML has it.
pub fn raw(text: impl Into<String>) -> Node {
    Raw(text.into())
}

/// A list of such scalars.
pub fn raws<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Node {
    List(texts.into_iter().map(raw).collect())
}

/// A map of what is there.
pub fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Text as YAML has it: plain where that is safe.
pub fn quoted(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c))
        && !matches!(text, "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null");
    if is_plain { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
}

impl Node {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            Flow(inner) | Noted(_, inner) => inner.get(key),
            _ => None,
        }
    }

    /// Sets a key.
    pub fn set(&mut self, key: &str, value: Node) {
        match self {
            Map(entries) => match entries.iter_mut().find(|(k, _)| k == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.to_owned(), value)),
            },
            Flow(inner) | Noted(_, inner) => inner.set(key, value),
            _ => {}
        }
    }

    /// Without its look.
    pub fn bare(&self) -> &Node {
        match self {
            Flow(inner) | Noted(_, inner) => inner.bare(),
            other => other,
        }
    }

    /// The scalar, as written.
    pub fn text(&self) -> Option<&str> {
        match self.bare() {
            Raw(text) => Some(text),
            _ => None,
        }
    }

    /// What stands below it, with the keys of a map.
    pub fn children(&self) -> Vec<(&str, &Node)> {
        match self {
            Map(entries) => entries.iter().map(|(k, v)| (k.as_str(), v)).collect(),
            List(items) | Docs(items) => items.iter().map(|item| ("", item)).collect(),
            Flow(inner) | Noted(_, inner) => inner.children(),
            Raw(_) | Lines(_) => Vec::new(),
        }
    }

    fn in_flow(&self, out: &mut String) {
        match self {
            Raw(text) => out.push_str(text),
            Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    let _ = write!(out, "{}{key}: ", if at > 0 { ", " } else { "" });
                    value.in_flow(out);
                }
                out.push('}');
            }
            List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    item.in_flow(out);
                }
                out.push(']');
            }
            Docs(_) | Lines(_) => {
                let _ = write!(out, "{}", serde_json::Value::from(self.block()));
            }
            Flow(inner) | Noted(_, inner) => inner.in_flow(out),
        }
    }

    /// The text of a block scalar.
    pub fn block(&self) -> String {
        match self {
            Docs(docs) => documents(docs),
            Lines(lines) => lines.iter().map(|line| format!("{line}\n")).collect(),
            _ => String::new(),
        }
    }

    /// Behind a key or a dash, at that indentation: a line of its own, or what follows in deeper lines.
    fn behind(&self, indent: usize, in_list: bool, out: &mut String) {
        let pad = " ".repeat(indent);
        match self {
            Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            List(items) if items.is_empty() => out.push_str(" []\n"),
            Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    match (at, in_list) {
                        (0, true) => out.push(' '),
                        (0, false) => {
                            out.push('\n');
                            out.push_str(&pad);
                        }
                        _ => out.push_str(&pad),
                    }
                    let _ = write!(out, "{key}:");
                    let deeper = if matches!(value.bare(), List(_)) { indent } else { indent + 2 };
                    value.behind(deeper, false, out);
                }
            }
            List(items) => {
                for (at, item) in items.iter().enumerate() {
                    match (at, in_list) {
                        (0, true) => out.push(' '),
                        (0, false) => {
                            out.push('\n');
                            out.push_str(&pad);
                        }
                        _ => out.push_str(&pad),
                    }
                    out.push('-');
                    item.behind(indent + 2, true, out);
                }
            }
            Raw(text) => {
                let _ = writeln!(out, " {text}");
            }
            Docs(_) | Lines(_) => {
                let text = self.block();
                if text.is_empty() {
                    out.push_str(" \"\"\n");
                    return;
                }
                // A first line that begins with a blank needs the indentation told.
                out.push_str(if text.starts_with([' ', '\n']) { " |2\n" } else { " |\n" });
                for line in text.lines() {
                    if line.is_empty() {
                        out.push('\n');
                    } else {
                        let _ = writeln!(out, "{pad}{line}");
                    }
                }
            }
            Flow(inner) => {
                out.push(' ');
                inner.in_flow(out);
                out.push('\n');
            }
            Noted(comment, inner) => {
                let _ = write!(out, " # {comment}");
                let mut rest = String::new();
                inner.behind(indent, false, &mut rest);
                match inner.bare() {
                    Map(entries) if !entries.is_empty() => out.push_str(&rest),
                    List(items) if !items.is_empty() => out.push_str(&rest),
                    // A comment stands behind a scalar, not before it.
                    _ => {
                        let length = out.len() - comment.len() - 3;
                        out.truncate(length);
                        let _ = writeln!(out, "{} # {comment}", rest.trim_end_matches('\n'));
                    }
                }
            }
        }
    }

    /// As one document.
    pub fn document(&self) -> String {
        match self {
            Raw(text) => format!("{text}\n"),
            Docs(_) | Lines(_) => self.block(),
            _ => {
                let mut out = String::new();
                self.behind(0, false, &mut out);
                out.trim_start_matches(['\n', ' ']).to_owned()
            }
        }
    }

    /// How many parts of it can be taken out.
    fn parts(&self) -> usize {
        match self {
            Map(entries) => entries.iter().map(|(_, v)| 1 + v.parts()).sum(),
            List(items) | Docs(items) => items.iter().map(|v| 1 + v.parts()).sum(),
            Lines(lines) => lines.len(),
            Flow(inner) | Noted(_, inner) => 1 + inner.parts(),
            Raw(_) => 0,
        }
    }

    /// Takes the part of that number out; `None` when it was, or how many parts were passed.
    fn take(&mut self, mut at: usize) -> Option<usize> {
        fn items<T>(all: &mut Vec<T>, mut at: usize, node: impl Fn(&mut T) -> &mut Node) -> Option<usize> {
            for i in 0..all.len() {
                if at == 0 {
                    all.remove(i);
                    return None;
                }
                at = node(&mut all[i]).take(at - 1)?;
            }
            Some(at)
        }
        match self {
            Map(entries) => items(entries, at, |(_, v)| v),
            List(all) | Docs(all) => items(all, at, |v| v),
            Lines(lines) => {
                if at < lines.len() {
                    lines.remove(at);
                    return None;
                }
                at -= lines.len();
                Some(at)
            }
            Flow(inner) | Noted(_, inner) => {
                if at == 0 {
                    *self = (**inner).clone();
                    return None;
                }
                inner.take(at - 1)
            }
            Raw(_) => Some(at),
        }
    }
}

fn documents(docs: &[Node]) -> String {
    let texts: Vec<String> = docs.iter().map(Node::document).collect();
    texts.join("---\n")
}

/// What is built: files, and the arguments beside the directory `top`.
#[derive(Clone, Default, Debug)]
pub struct Case {
    /// Paths below the case's directory, and what is in them: `Docs` or `Lines`.
    pub files: Vec<(String, Node)>,
    /// Flags.
    pub args: Vec<String>,
}

impl Case {
    /// Writes the files below a directory.
    pub fn write(&self, dir: &Path) -> std::io::Result<()> {
        for (path, body) in &self.files {
            let path = dir.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, body.block())?;
        }
        Ok(())
    }

    /// All of it as a text to be read.
    pub fn show(&self) -> String {
        let mut out = format!("kustomize build top {}\n", self.args.join(" "));
        for (path, body) in &self.files {
            let _ = write!(out, "## {path}\n{}", body.block());
        }
        out
    }

    /// Whether it says anything of schemas, which Kustomize keeps for the life of its process.
    pub fn sets_schema(&self) -> bool {
        self.files.iter().any(|(_, body)| {
            let Docs(docs) = body else { return false };
            docs.iter().any(|doc| doc.children().iter().any(|(key, _)| key.eq_ignore_ascii_case("openapi")))
        })
    }

    /// How many parts can be taken out.
    pub fn parts(&self) -> usize {
        self.args.len() + self.files.iter().map(|(_, body)| 1 + body.parts()).sum::<usize>()
    }

    /// Without the part of that number.
    pub fn without(&self, mut at: usize) -> Case {
        let mut case = self.clone();
        if at < case.args.len() {
            case.args.remove(at);
            return case;
        }
        at -= case.args.len();
        for i in 0..case.files.len() {
            if at == 0 {
                case.files.remove(i);
                return case;
            }
            match case.files[i].1.take(at - 1) {
                None => return case,
                Some(rest) => at = rest,
            }
        }
        case
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_written_and_parts_taken_out() {
        let tree = map([
            ("a", List(vec![map([("b", raw("1")), ("c", List(vec![raw("x")]))]), List(vec![raw("y")])])),
            ("d", Noted("n".into(), Box::new(map([("e", Flow(Box::new(map([("f", raws(["g"]))]))))])))),
            ("h", Docs(vec![map([("i", raw("2"))]), map([("j", raw("3"))])])),
        ]);
        let text = tree.document();
        assert_eq!(
            text,
            "a:\n- b: 1\n  c:\n  - x\n- - y\nd: # n\n  e: {f: [g]}\nh: |\n  i: 2\n  ---\n  j: 3\n"
        );
        let case = Case { files: vec![("x".into(), Docs(vec![tree]))], args: Vec::new() };
        let smaller: Vec<String> = (0..case.parts()).map(|at| case.without(at).show()).collect();
        assert_eq!(smaller.len(), 20);
        assert_eq!(smaller.iter().collect::<std::collections::BTreeSet<_>>().len(), smaller.len());
    }
}
