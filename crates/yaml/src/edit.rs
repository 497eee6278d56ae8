//! Changes of a source text that touch nothing else: what fixes are made of.

mod lines;
mod places;
mod write;

use std::sync::Arc;

use source::Edit;

use self::write::{Wrap, inner};
use crate::doc::{Doc, NodeId, Style};
use crate::emit::{Error, Lists, View, Visit};
use crate::node::Kind;

/// Makes edits of one document's source. Each method gives the edit for one change, as if it were the only one.
///
/// What is written looks like what stands around it: indentation, where the dashes of lists stand, quotes, brackets,
/// line breaks. Comments stay, except those on the lines that go.
///
/// ```
/// use std::sync::Arc;
/// use yaml::emit::View;
///
/// let text: Arc<str> = "spec:\n    image: 'a:1' # pinned\n    ports:\n    - 80\n".into();
/// let mut out = source::Diagnostics::new();
/// let options = yaml::Options::new(yaml::Profile::Kubernetes);
/// let docs = yaml::read(source::SourceId(0), &text, &options, &mut out);
/// let spec = docs[0].root().unwrap().get("spec").unwrap();
///
/// let edits = yaml::Edits::of(&docs[0]);
/// let edit = edits.replace_value(spec.get("image").unwrap().id(), &View::Text("a:2")).unwrap();
/// assert_eq!((edit.span.start, &*edit.text), (17, "'a:2'"));
/// let edit = edits.insert_entry(spec.id(), usize::MAX, "replicas", &View::Int(3)).unwrap();
/// assert_eq!(&*edit.text, "\n    replicas: 3");
/// let edit = edits.remove_entry(spec.id(), "ports").unwrap();
/// assert_eq!(&text[edit.span.start as usize..edit.span.end as usize], "    ports:\n    - 80\n");
/// ```
pub struct Edits<'d> {
    doc: &'d Arc<Doc>,
    text: &'d str,
    line_break: &'static str,
    odd_breaks: bool,
    step: u8,
    lists: Lists,
}

/// Why no edit can be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EditError {
    /// There is no such node, entry or item, or it is none of that kind.
    Missing,
    /// The node is an alias, or it is reached through one: a change would show elsewhere too.
    Alias,
    /// There is no colon, and the key is written so that none can be put behind it.
    LongKey,
    /// The text has line breaks that editors do not show as such: a lone carriage return, U+0085, U+2028, U+2029.
    LineBreaks,
    /// The new value cannot be written.
    Value(Error),
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EditError::Missing => f.write_str("there is no such entry or item"),
            EditError::Alias => f.write_str("an alias stands there, so the change belongs to its anchor"),
            EditError::LongKey => f.write_str("a key of this form cannot be given a value"),
            EditError::LineBreaks => {
                f.write_str("the text has line breaks other than those of Unix and Windows")
            }
            EditError::Value(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EditError {}

impl From<Error> for EditError {
    fn from(error: Error) -> EditError {
        EditError::Value(error)
    }
}

type Made = Result<Edit, EditError>;

/// A single scalar as a value to be written.
impl Visit for View<'_> {
    fn view(&self) -> View<'_> {
        *self
    }
    fn items(&self, _: &mut Vec<Self>) {}
    fn entries(&self, _: &mut Vec<(Self, Self)>) {}
}

impl<'d> Edits<'d> {
    /// Looks at a document's habits once.
    pub fn of(doc: &'d Arc<Doc>) -> Edits<'d> {
        let text: &str = doc.text();
        let first_break = memchr::memchr(b'\n', text.as_bytes());
        let crlf = first_break.is_some_and(|at| at > 0 && text.as_bytes()[at - 1] == b'\r');
        let mut edits = Edits {
            doc,
            text,
            line_break: if crlf { "\r\n" } else { "\n" },
            odd_breaks: odd_breaks(text),
            step: 2,
            lists: Lists::AtKey,
        };
        edits.learn();
        edits
    }

    /// The first nested map tells how far levels stand apart, the first list in a map where dashes stand.
    fn learn(&mut self) {
        let (mut step, mut lists) = (None, None);
        for id in (0..self.doc.len() as u32).map(NodeId) {
            let raw = self.doc.raw(id);
            if raw.kind != Kind::Map || raw.style == Style::Flow || step.is_some() && lists.is_some() {
                continue;
            }
            let column = self.column(raw.start);
            for (_, value) in self.pairs(id) {
                let raw = self.doc.raw(value);
                if raw.style != Style::Block || raw.next == value.0 + 1 || !self.first_on_line(raw.start) {
                    continue;
                }
                let inner = self.column(raw.start);
                if raw.kind == Kind::Map {
                    step.get_or_insert(inner.saturating_sub(column).clamp(1, 9) as u8);
                } else if raw.kind == Kind::Seq {
                    lists.get_or_insert(if inner > column { Lists::In } else { Lists::AtKey });
                }
            }
        }
        self.step = step.unwrap_or(2);
        self.lists = lists.unwrap_or(Lists::AtKey);
    }

    /// Puts an entry into a map, before the one at that place or last.
    pub fn insert_entry<V: Visit>(&self, map: NodeId, at: usize, key: &str, value: &V) -> Made {
        let raw = self.collection(map, Kind::Map)?;
        let pairs: Vec<_> = self.pairs(map).collect();
        let like = pairs.get(at.saturating_sub(1).min(pairs.len().saturating_sub(1)));
        let entry = Wrap::Entry(key, value);
        if raw.style == Style::Flow && (!pairs.is_empty() || self.in_flow(map)) {
            let key_quotes = like.and_then(|(k, _)| self.quotes_of(*k));
            let quotes = pairs.iter().find_map(|(_, v)| self.quotes_of(*v)).or(key_quotes);
            let braced = self.flow(&entry, quotes, key_quotes)?;
            return Ok(self.insert_in_brackets(raw.start, &self.ends_of(&pairs), at, inner(&braced)));
        }
        let key_quotes = like.and_then(|(k, _)| self.quotes_of(*k));
        let quotes = self.common_quotes(pairs.iter().map(|(_, v)| *v));
        let block = self.block(&entry, quotes, key_quotes)?;
        if pairs.is_empty() {
            return Ok(self.fill_empty(map, &block));
        }
        Ok(self.insert_lines(&self.starts_of(&pairs), &self.ends_of(&pairs), at, &block))
    }

    /// Puts an item into a list, before the one at that place or last.
    pub fn insert_item<V: Visit>(&self, seq: NodeId, at: usize, value: &V) -> Made {
        let raw = self.collection(seq, Kind::Seq)?;
        let items: Vec<NodeId> = self.children(seq).collect();
        let ends: Vec<u32> = items.iter().map(|item| self.end_of(*item)).collect();
        let item = Wrap::Item(value);
        if raw.style == Style::Flow && (!items.is_empty() || self.in_flow(seq)) {
            let quotes = items.iter().find_map(|item| self.quotes_of(*item));
            let bracketed = self.flow(&item, quotes, quotes)?;
            return Ok(self.insert_in_brackets(raw.start, &ends, at, inner(&bracketed)));
        }
        let quotes = self.common_quotes(items.iter().copied());
        let block = self.block(&item, quotes, None)?;
        if items.is_empty() {
            return Ok(self.fill_empty(seq, &block));
        }
        let starts = self.dashes(raw.start, &ends);
        Ok(self.insert_lines(&starts, &ends, at, &block))
    }

    /// Puts a value in place of a node, which is no key. The quotes of a string stay; a tag goes.
    pub fn replace_value<V: Visit>(&self, node: NodeId, value: &V) -> Made {
        let raw = self.editable(node)?;
        let end = self.end_of(node);
        let absent = raw.start == raw.end && self.start_with_tag(node) == raw.start;
        // Where nothing is written the new value comes behind the colon, if there is one.
        let start = if absent { end } else { self.start_with_tag(node) };
        let quotes = self.quotes_of(node);
        if absent && self.lacks_colon(node, end) && self.key_spans_lines(node) {
            return Err(EditError::LongKey);
        }
        if self.in_flow(node) {
            let text = self.flow(&Wrap::Item(value), quotes, quotes)?;
            let before = if absent && self.lacks_colon(node, end) { ": " } else { self.with_blank(start) };
            return Ok(self.edit(before, start, end, inner(&text)));
        }
        if absent && self.lacks_colon(node, end) {
            // `? key` alone: the value gets a line with a colon of its own.
            let text = self.flow(&Wrap::Item(value), quotes, quotes)?;
            let key = self.start_of_key(NodeId(node.0 - 1));
            if self.byte(key) != b'?' {
                return Err(EditError::LongKey);
            }
            let (blanks, line) = (" ".repeat(self.column(key) as usize), self.line_end(end));
            return Ok(self.edit(self.line_break, line, line, &format!("{blanks}: {}", inner(&text))));
        }
        let mut text = self.block(&Wrap::Bare(value), quotes, None)?;
        let parent = self.parent(node);
        let base = match parent {
            None => 0,
            Some((parent, _)) => self.column(self.doc.raw(parent).start),
        };
        let empty = match value.view() {
            View::Seq | View::Map => text.trim_end() == "[]" || text.trim_end() == "{}",
            _ => true,
        };
        if empty {
            // One line, or a block scalar whose lines go in from the parent's column.
            self.shift(&mut text, base);
            let was_below = raw.kind != Kind::Scalar && raw.style == Style::Block;
            if let (true, Some(colon)) = (was_below, self.colon_before(start)) {
                return Ok(self.replace("", colon, end, &format!(" {}", self.up_to(&text, end))));
            }
            // A list may have stood at its key's column, which is not far enough in for anything else.
            let below = parent.is_some() && self.first_on_line(start) && self.column(start) <= base;
            let blanks = " ".repeat(if below { usize::from(self.step) } else { 0 });
            let before = if below { &*blanks } else { self.with_blank(start) };
            return Ok(self.replace(before, start, end, self.up_to(&text, end)));
        }
        match parent {
            Some((_, Kind::Map)) => {
                let list = value.view() == View::Seq && self.lists == Lists::AtKey;
                let column = base + if list { 0 } else { u32::from(self.step) };
                let here = self.column(start);
                if self.colon_before(start).is_none() && self.first_on_line(start) {
                    // Below a comment or an anchor it stands where the old value stood, if that is far enough in.
                    let more = if here > base || list { 0 } else { u32::from(self.step) };
                    self.shift(&mut text, here + more);
                    let blanks = " ".repeat(more as usize);
                    return Ok(self.replace(&blanks, start, end, self.up_to(&text, end)));
                }
                self.shift(&mut text, column);
                let text = self.up_to(&text, end);
                let blanks = " ".repeat(column as usize);
                let from = self.text[..start as usize].trim_end_matches([' ', '\t', '\r', '\n']).len() as u32;
                Ok(self.replace("", from, end, &format!("{}{blanks}{text}", self.line_break)))
            }
            _ => {
                let blank = self.with_blank(start);
                self.shift(&mut text, self.column(start) + blank.len() as u32);
                Ok(self.replace(blank, start, end, self.up_to(&text, end)))
            }
        }
    }

    /// Renames a key; its quotes stay.
    pub fn replace_key(&self, key: NodeId, name: &str) -> Made {
        let raw = self.editable(key)?;
        if raw.kind != Kind::Scalar {
            return Err(EditError::Missing);
        }
        let quotes = self.quotes_of(key);
        let text = self.flow(&Wrap::Item(&View::Text(name)), quotes, quotes)?;
        Ok(self.edit("", self.start_with_tag(key), raw.end, inner(&text)))
    }

    /// Takes an entry out of a map, with the comments on its lines.
    pub fn remove_entry(&self, map: NodeId, key: &str) -> Made {
        let raw = self.collection(map, Kind::Map)?;
        let pairs: Vec<_> = self.pairs(map).collect();
        let at = pairs.iter().position(|(k, _)| self.doc.scalar(*k) == key).ok_or(EditError::Missing)?;
        let (starts, ends) = (self.starts_of(&pairs), self.ends_of(&pairs));
        Ok(self.remove(raw.style, map, &starts, &ends, at, "{}"))
    }

    /// Takes an item out of a list, with the comments on its lines.
    pub fn remove_item(&self, seq: NodeId, at: usize) -> Made {
        let raw = self.collection(seq, Kind::Seq)?;
        let items: Vec<NodeId> = self.children(seq).collect();
        if at >= items.len() {
            return Err(EditError::Missing);
        }
        let ends: Vec<u32> = items.iter().map(|item| self.end_of(*item)).collect();
        let starts = if raw.style == Style::Flow {
            items.iter().map(|item| self.start_with_tag(*item)).collect()
        } else {
            self.dashes(raw.start, &ends)
        };
        Ok(self.remove(raw.style, seq, &starts, &ends, at, "[]"))
    }
}

/// Line breaks of YAML 1.1 that are none to editors. Whoever meets them in a manifest has other worries than a fix.
fn odd_breaks(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
        || !text.is_ascii() && text.contains(['\u{85}', '\u{2028}', '\u{2029}'])
}

#[cfg(test)]
mod tests;
