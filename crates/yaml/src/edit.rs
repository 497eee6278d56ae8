//! Changes of a source text that touch nothing else: what fixes are made of.

use std::sync::Arc;

use source::{Edit, Span};

use crate::doc::{Doc, NodeId, Style};
use crate::emit::{self, Error, Form, Lists, V3, View, Visit};
use crate::node::{Kind, Value};

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
    /// The new value cannot be written.
    Value(Error),
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EditError::Missing => f.write_str("there is no such entry or item"),
            EditError::Alias => f.write_str("an alias stands there, so the change belongs to its anchor"),
            EditError::LongKey => f.write_str("a key of this form cannot be given a value"),
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
        let mut edits =
            Edits { doc, text, line_break: if crlf { "\r\n" } else { "\n" }, step: 2, lists: Lists::AtKey };
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
        let raw = self.doc.nodes.get(node.0 as usize).ok_or(EditError::Missing)?;
        if self.is_alias(node) {
            return Err(EditError::Alias);
        }
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
        let raw = self.doc.nodes.get(key.0 as usize).ok_or(EditError::Missing)?;
        if self.is_alias(key) {
            return Err(EditError::Alias);
        }
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

    // --- where things stand -------------------------------------------------------------------------------

    fn edit(&self, before: &str, start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(self.doc.source(), start, end), text: format!("{before}{text}") }
    }

    fn collection(&self, id: NodeId, kind: Kind) -> Result<&'d crate::doc::Raw, EditError> {
        let raw = self.doc.nodes.get(id.0 as usize).ok_or(EditError::Missing)?;
        if self.is_alias(id) {
            return Err(EditError::Alias);
        }
        if raw.kind == kind { Ok(raw) } else { Err(EditError::Missing) }
    }

    fn is_alias(&self, id: NodeId) -> bool {
        self.doc.raw(id).flags & crate::doc::ALIAS != 0
    }

    fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'d> {
        let doc: &'d Doc = self.doc;
        let end = doc.raw(id).next;
        let mut at = id.0 + 1;
        std::iter::from_fn(move || {
            let here = (at < end).then_some(NodeId(at))?;
            at = doc.raw(here).next;
            Some(here)
        })
    }

    fn pairs(&self, map: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + use<'d> {
        let mut children = self.children(map);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The collection that a node stands in.
    fn parent(&self, id: NodeId) -> Option<(NodeId, Kind)> {
        let found = (0..id.0).rev().map(NodeId).find(|at| self.doc.raw(*at).next > id.0)?;
        Some((found, self.doc.raw(found).kind))
    }

    fn in_flow(&self, id: NodeId) -> bool {
        self.parent(id).is_some_and(|(parent, _)| self.doc.raw(parent).style == Style::Flow)
    }

    fn byte(&self, at: u32) -> u8 {
        self.text.as_bytes().get(at as usize).copied().unwrap_or(0)
    }

    fn line_start(&self, at: u32) -> u32 {
        let before = &self.text.as_bytes()[..(at as usize).min(self.text.len())];
        memchr::memrchr(b'\n', before).map_or(0, |n| n as u32 + 1)
    }

    /// Up to the line break.
    fn line_end(&self, at: u32) -> u32 {
        let rest = &self.text.as_bytes()[(at as usize).min(self.text.len())..];
        let end = memchr::memchr(b'\n', rest).map_or(self.text.len() as u32, |n| at + n as u32);
        if end > at && self.byte(end - 1) == b'\r' { end - 1 } else { end }
    }

    fn past_break(&self, mut at: u32) -> u32 {
        at += u32::from(self.byte(at) == b'\r');
        at + u32::from(self.byte(at) == b'\n')
    }

    fn column(&self, at: u32) -> u32 {
        let line = &self.text[self.line_start(at) as usize..at as usize];
        line.chars().count() as u32
    }

    fn first_on_line(&self, at: u32) -> bool {
        self.text[self.line_start(at) as usize..at as usize].bytes().all(|b| b == b' ')
    }

    /// Where the text of a node ends, with the colon of a key that has no value. A block scalar that keeps the line
    /// breaks at its end ends behind them.
    fn end_of(&self, id: NodeId) -> u32 {
        let mut last = id;
        // A pair alone in a list's brackets has none of its own.
        let closed =
            |raw: &crate::doc::Raw| raw.style == Style::Flow && matches!(self.byte(raw.start), b'{' | b'[');
        while self.doc.raw(last).kind != Kind::Scalar
            && !self.is_alias(last)
            && !closed(self.doc.raw(last))
            && let Some(child) = self.children(last).last()
        {
            last = child;
        }
        let raw = self.doc.raw(last);
        let mut end = raw.end;
        if raw.start == raw.end && raw.kind == Kind::Scalar {
            let rest = self.text[end as usize..].trim_start_matches([' ', '\t', '\r', '\n']);
            let separates = |after: &str| {
                after.is_empty()
                    || after.starts_with([' ', '\t', '\r', '\n'])
                    || self.in_flow(last) && after.starts_with([',', '}', ']'])
            };
            if rest.strip_prefix(':').is_some_and(separates) && self.is_value(last) {
                end = (self.text.len() - rest.len()) as u32 + 1;
            }
        }
        if matches!(raw.style, Style::Literal | Style::Folded) && self.keeps_breaks(raw.start) {
            let rest = &self.text[end as usize..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\r', '\n']).len();
            // Whole lines only: the last of them ends here.
            if let Some(at) = rest[..blank].rfind('\n') {
                end += at as u32;
                end -= u32::from(end > 0 && self.byte(end - 1) == b'\r');
            }
        }
        end
    }

    fn is_value(&self, id: NodeId) -> bool {
        self.parent(id).is_some_and(|(parent, kind)| {
            kind == Kind::Map && self.pairs(parent).any(|(_, value)| value == id)
        })
    }

    /// Whether a value that is not written has no colon either: `? key`, or `key` alone in brackets.
    fn lacks_colon(&self, value: NodeId, end: u32) -> bool {
        // The key stands right before its value, unless it is a collection; then its last node does.
        let key_end = (value.0.checked_sub(1)).map_or(0, |key| self.doc.raw(NodeId(key)).end);
        let between = self.text.get(key_end as usize..end as usize).unwrap_or("");
        self.is_value(value) && !between.contains(':')
    }

    fn key_spans_lines(&self, value: NodeId) -> bool {
        let Some(key) = value.0.checked_sub(1).map(|key| self.doc.raw(NodeId(key))) else { return false };
        matches!(key.style, Style::Literal | Style::Folded)
            || self.text[key.start as usize..key.end as usize].contains('\n')
    }

    fn keeps_breaks(&self, start: u32) -> bool {
        let header = &self.text[start as usize..self.line_end(start) as usize];
        header.bytes().skip(1).take_while(|b| !b.is_ascii_whitespace()).any(|b| b == b'+')
    }

    fn starts_of(&self, pairs: &[(NodeId, NodeId)]) -> Vec<u32> {
        pairs.iter().map(|(key, _)| self.start_of_key(*key)).collect()
    }

    fn ends_of(&self, pairs: &[(NodeId, NodeId)]) -> Vec<u32> {
        pairs.iter().map(|(key, value)| self.end_of(*key).max(self.end_of(*value))).collect()
    }

    /// A key's first byte, its `?`, anchor and tag included.
    fn start_of_key(&self, key: NodeId) -> u32 {
        let start = self.start_with_props(key);
        let before = self.text[..start as usize].trim_end_matches([' ', '\t']);
        let line = self.line_start(start) as usize;
        let indicators = |line: &str| line.bytes().all(|b| matches!(b, b' ' | b'-' | b'?' | b':'));
        if before.ends_with('?') && before.get(line..).is_some_and(indicators) {
            before.len() as u32 - 1
        } else {
            start
        }
    }

    /// A node's first byte with its anchor and tag.
    fn start_with_props(&self, id: NodeId) -> u32 {
        let mut start = self.doc.raw(id).start;
        let flags = self.doc.raw(id).flags;
        let has = |flag: u8| usize::from(flags & flag != 0);
        // Each is a word of its own.
        for _ in 0..has(crate::doc::TAGGED) + has(crate::doc::ANCHORED) {
            let before = self.text[..start as usize].trim_end_matches([' ', '\t']);
            let word = before.rfind([' ', '\t', '\n', '[', '{', ',']).map_or(0, |at| at + 1);
            if before.len() as u32 == start && start == self.doc.raw(id).end
                || !before[word..].starts_with(['&', '!'])
            {
                break;
            }
            start = word as u32;
        }
        start
    }

    /// A node's first byte with its tag, but without an anchor before that.
    fn start_with_tag(&self, id: NodeId) -> u32 {
        let props = self.start_with_props(id);
        let start = self.doc.raw(id).start;
        let tag = self.text[props as usize..start as usize].find('!');
        tag.map_or(start, |at| props + at as u32)
    }

    /// The dashes of a block list, given where it starts and its items end.
    fn dashes(&self, start: u32, ends: &[u32]) -> Vec<u32> {
        let mut dashes = vec![start];
        for end in ends.iter().take(ends.len().saturating_sub(1)) {
            let mut at = *end;
            // Past blanks and comments.
            loop {
                match self.byte(at) {
                    b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                    b'#' => at = self.line_end(at),
                    _ => break,
                }
            }
            dashes.push(at);
        }
        dashes
    }

    /// Just behind the colon that stands before a place with nothing but blanks and line breaks between.
    fn colon_before(&self, at: u32) -> Option<u32> {
        let before = self.text[..at as usize].trim_end_matches([' ', '\t', '\r', '\n']);
        let colon = before.len() as u32;
        let comments = self.doc.comments();
        let comment = comments.partition_point(|c| c.start < colon).checked_sub(1).map(|at| comments[at]);
        (before.ends_with(':') && comment.is_none_or(|c| c.end < colon)).then_some(colon)
    }

    /// A blank, where the text at that place would touch a colon or dash.
    fn with_blank(&self, at: u32) -> &'static str {
        let before = self.text[..at as usize].bytes().next_back();
        if matches!(before, Some(b':' | b'-' | b',')) { " " } else { "" }
    }

    fn quotes_of(&self, id: NodeId) -> Option<Style> {
        let raw = self.doc.raw(id);
        matches!(raw.style, Style::SingleQuoted | Style::DoubleQuoted).then_some(raw.style)
    }

    /// The quotes that all strings among the values have.
    fn common_quotes(&self, values: impl Iterator<Item = NodeId>) -> Option<Style> {
        let mut common = None;
        for value in values {
            let node = self.doc.node(value)?;
            if !matches!(node.value(), Value::Str(_)) {
                continue;
            }
            let own = self.quotes_of(value)?;
            if *common.get_or_insert(own) != own {
                return None;
            }
        }
        common
    }

    // --- what is written ----------------------------------------------------------------------------------

    fn block<V: Visit>(
        &self,
        value: &Wrap<'_, V>,
        quotes: Option<Style>,
        key_quotes: Option<Style>,
    ) -> Result<String, EditError> {
        self.write(value, Form { quotes, key_quotes, ..self.form() })
    }

    /// In brackets, on one line.
    fn flow<V: Visit>(
        &self,
        value: &Wrap<'_, V>,
        quotes: Option<Style>,
        key_quotes: Option<Style>,
    ) -> Result<String, EditError> {
        self.write(value, Form { flow: true, quotes, key_quotes, ..self.form() })
    }

    fn form(&self) -> Form {
        Form { sorted: false, indent: self.step.max(2), lists: self.lists, ..V3 }
    }

    fn write<V: Visit>(&self, value: &Wrap<'_, V>, form: Form) -> Result<String, EditError> {
        let mut out = Vec::new();
        emit::walk::<_, (), false>(value, form, &mut out, &mut ())?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// Moves all lines but the first to the right, and gives them the source's line breaks.
    fn shift(&self, text: &mut String, columns: u32) {
        let blanks = " ".repeat(columns as usize);
        let mut shifted = String::with_capacity(text.len() + 16);
        for (n, line) in text.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches('\n');
            if n > 0 && !content.is_empty() {
                shifted.push_str(&blanks);
            }
            shifted.push_str(content);
            if content.len() < line.len() {
                shifted.push_str(self.line_break);
            }
        }
        *text = shifted;
    }

    /// Without the line break at the end, which stands in the source already; unless that ends there.
    fn up_to<'t>(&self, text: &'t str, end: u32) -> &'t str {
        if end as usize >= self.text.len() && text.lines().count() > 1 {
            return text;
        }
        text.strip_suffix(self.line_break).unwrap_or(text)
    }

    /// New text for a node. A comment behind the node stays on the first line.
    fn replace(&self, before: &str, start: u32, end: u32, text: &str) -> Edit {
        let line_end = self.line_end(end);
        let comment = self.text[end as usize..line_end as usize].trim();
        match text.split_once(self.line_break) {
            Some((first, rest)) if comment.starts_with('#') => {
                let text = format!("{first} {comment}{}{rest}", self.line_break);
                self.edit(before, start, line_end, &text)
            }
            Some(_) if comment.is_empty() => self.edit(before, start, line_end, text),
            _ => self.edit(before, start, end, text),
        }
    }

    // --- where it goes ------------------------------------------------------------------------------------

    fn insert_lines(&self, starts: &[u32], ends: &[u32], at: usize, block: &str) -> Edit {
        let column = self.column(starts[0]);
        let mut text = block.to_owned();
        self.shift(&mut text, column);
        let blanks = " ".repeat(column as usize);
        match at.min(ends.len()).checked_sub(1) {
            None => {
                let start = starts[0];
                let text = self.up_to(&text, start);
                self.edit("", start, start, &format!("{text}{}{blanks}", self.line_break))
            }
            Some(before) => {
                let end = self.line_end(ends[before]);
                let text = self.up_to(&text, end);
                self.edit("", end, end, &format!("{}{blanks}{text}", self.line_break))
            }
        }
    }

    fn insert_in_brackets(&self, bracket: u32, ends: &[u32], at: usize, text: &str) -> Edit {
        match at.min(ends.len()).checked_sub(1) {
            None => {
                let comma = if ends.is_empty() { "" } else { ", " };
                self.edit("", bracket + 1, bracket + 1, &format!("{text}{comma}"))
            }
            Some(before) => {
                // Where each part has a line, the new one gets one.
                let end = ends[before];
                let start = self.line_start(end);
                let line = &self.text[start as usize..end as usize];
                let blanks = &line[..line.len() - line.trim_start().len()];
                let own_line = start > bracket && before + 1 == ends.len();
                if own_line {
                    let text = format!(",{}{blanks}{text}", self.line_break);
                    return self.edit("", end, end, &text);
                }
                self.edit("", end, end, &format!(", {text}"))
            }
        }
    }

    /// `{}` or `[]` outside of brackets becomes a block.
    fn fill_empty(&self, id: NodeId, block: &str) -> Edit {
        let raw = self.doc.raw(id);
        let mut text = block.to_owned();
        let base = self.parent(id).map(|(parent, kind)| (self.column(self.doc.raw(parent).start), kind));
        match (base, self.colon_before(raw.start)) {
            (Some((base, Kind::Map)), Some(colon)) => {
                let list = raw.kind == Kind::Seq && self.lists == Lists::AtKey;
                let column = base + if list { 0 } else { u32::from(self.step) };
                self.shift(&mut text, column);
                let blanks = " ".repeat(column as usize);
                let text = self.up_to(&text, raw.end);
                self.edit("", colon, raw.end, &format!("{}{blanks}{text}", self.line_break))
            }
            // Behind an anchor or tag a block needs a line of its own; brackets do not.
            (Some((_, Kind::Map)), None) => {
                let mut text = text.trim_end_matches('\n').replace('\n', ", ");
                if raw.kind == Kind::Seq {
                    text = text.trim_start_matches("- ").to_owned();
                }
                self.edit("", raw.start + 1, raw.start + 1, &text)
            }
            _ => {
                self.shift(&mut text, self.column(raw.start));
                self.edit("", raw.start, raw.end, self.up_to(&text, raw.end))
            }
        }
    }

    fn remove(&self, style: Style, id: NodeId, starts: &[u32], ends: &[u32], at: usize, empty: &str) -> Edit {
        let raw = self.doc.raw(id);
        let last = at + 1 == starts.len();
        if style == Style::Flow {
            return match (at.checked_sub(1), last) {
                (None, true) => self.edit("", raw.start, raw.end, empty),
                (Some(before), true) => self.edit("", ends[before], ends[at], ""),
                (_, false) => self.edit("", starts[at], starts[at + 1], ""),
            };
        }
        if starts.len() == 1 {
            return match self.colon_before(starts[0]) {
                Some(colon) => self.edit(" ", colon, ends[0], empty),
                None => self.edit("", starts[0], ends[0], empty),
            };
        }
        let end = self.line_end(ends[at]);
        if self.first_on_line(starts[at]) {
            let start = self.line_start(starts[at]);
            let past = self.past_break(end);
            if past == end && start > 0 {
                // The text's last line has no line break: the one before it goes instead.
                let before = self.line_start(start - 1);
                return self.edit("", self.line_end(before), end, "");
            }
            return self.edit("", start, past, "");
        }
        // Behind a dash: the next entry moves up, the comments between them stay.
        let mut next = end;
        while matches!(self.byte(next), b' ' | b'\r' | b'\n') {
            next += 1;
        }
        self.edit("", starts[at], next, "")
    }
}

/// The text between a pair of brackets.
fn inner(text: &str) -> &str {
    let text = text.trim_end_matches('\n');
    text.get(1..text.len().saturating_sub(1)).unwrap_or("")
}

/// What is written: a map of one entry, a list of one item, a value by itself.
enum Wrap<'v, V> {
    Entry(&'v str, &'v V),
    Item(&'v V),
    Bare(&'v V),
    Key(&'v str),
    Inner(V),
}

impl<V: Visit> Clone for Wrap<'_, V> {
    fn clone(&self) -> Self {
        match self {
            Wrap::Entry(key, value) => Wrap::Entry(key, value),
            Wrap::Item(value) => Wrap::Item(value),
            Wrap::Bare(value) => Wrap::Bare(value),
            Wrap::Key(key) => Wrap::Key(key),
            Wrap::Inner(value) => Wrap::Inner(value.clone()),
        }
    }
}

impl<V: Visit> Visit for Wrap<'_, V> {
    fn view(&self) -> View<'_> {
        match self {
            Wrap::Entry(..) => View::Map,
            Wrap::Item(_) => View::Seq,
            Wrap::Key(key) => View::Text(key),
            Wrap::Bare(value) => value.view(),
            Wrap::Inner(value) => value.view(),
        }
    }

    fn key(&self) -> View<'_> {
        match self {
            Wrap::Inner(value) => value.key(),
            other => other.view(),
        }
    }

    fn items(&self, out: &mut Vec<Self>) {
        let mut items = Vec::new();
        match self {
            Wrap::Item(value) => items.push((*value).clone()),
            Wrap::Bare(value) => value.items(&mut items),
            Wrap::Inner(value) => value.items(&mut items),
            Wrap::Entry(..) | Wrap::Key(_) => {}
        }
        out.extend(items.into_iter().map(Wrap::Inner));
    }

    fn entries(&self, out: &mut Vec<(Self, Self)>) {
        let mut entries = Vec::new();
        match self {
            Wrap::Entry(key, value) => out.push((Wrap::Key(key), Wrap::Inner((*value).clone()))),
            Wrap::Bare(value) => value.entries(&mut entries),
            Wrap::Inner(value) => value.entries(&mut entries),
            Wrap::Item(_) | Wrap::Key(_) => {}
        }
        out.extend(entries.into_iter().map(|(k, v)| (Wrap::Inner(k), Wrap::Inner(v))));
    }
}

#[cfg(test)]
mod tests {
    use source::{Diagnostics, SourceId};

    use super::*;
    use crate::{Node, Options, Profile, read};

    #[derive(Clone, PartialEq, Debug)]
    enum Val {
        Plain(String),
        Seq(Vec<Val>),
        Map(Vec<(String, Val)>),
    }

    fn val(node: Node<'_>) -> Val {
        match node.value() {
            Value::Seq => Val::Seq(node.items().map(val).collect()),
            Value::Map => Val::Map(node.entries().map(|(k, v)| (k.text().to_owned(), val(v))).collect()),
            other => Val::Plain(format!("{other:?}")),
        }
    }

    fn parse(text: &str) -> (Arc<Doc>, bool) {
        let mut out = Diagnostics::new();
        let mut docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut out);
        let fine = out.is_empty() && docs.len() == 1;
        (docs.remove(0), fine)
    }

    fn apply(text: &str, edit: &Edit) -> String {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        format!("{}{}{}", &text[..start], edit.text, &text[end..])
    }

    /// The value with a change made at the node of that id.
    fn changed(node: Node<'_>, id: NodeId, change: &dyn Fn(&mut Val)) -> Val {
        let mut own = match node.value() {
            Value::Seq => Val::Seq(node.items().map(|item| changed(item, id, change)).collect()),
            Value::Map => {
                Val::Map(node.entries().map(|(k, v)| (k.text().to_owned(), changed(v, id, change))).collect())
            }
            _ => val(node),
        };
        if node.id() == id {
            change(&mut own);
        }
        own
    }

    const TEXTS: &[&str] = &[
        "a: 1\nb: x\nc:\n  d: true\n  e: [1, 'two', {f: g}]\n",
        "a: 1 # one\n# about b\nb: # on b\n  c: 2\n\n# about d\nd: 3\n# end\n",
        "spec:\n  containers:\n  - name: a\n    image: \"x\"\n    # note\n    ports:\n    - 80\n    - 81 # web\n  - name: b\n",
        "spec:\n    list:\n      - - 1\n        - 2\n      - k: v\n        l: {}\n      - []\n",
        "a: |\n  text\n  more\n\nb: >-\n  x\n  y\nc: |+\n  kept\n\n\nd: 'it''s'\n",
        "a:\nb:\n- \n- x\nc: ~\nd: {e: , f, \"g\": 1}\n",
        "a: 1\r\nb:\r\n  c: 2 # c\r\n  d:\r\n  - 3\r\n",
        "{\"a\": 1, \"b\": {\"c\": [true, null]}, \"d\": \"x\"}",
        "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ]\n}\n",
        "- a\n- b: 1\n  c: 2\n-\n  d: 3\n- 'q'\n",
        "a: 1\nb: 2",
        "# only\nx",
        "--- # first\na: {b: c}\n",
        "é: ü # ö\n\"k 1\": {ä: [ß]}\n",
        "a: !!str 1\nb: &n 2\nc: &m\n  d: 1\ne: !t {f: 1}\n",
        "? a\n: b\n? c\n: - d\n",
    ];

    fn nodes(doc: &Doc) -> Vec<NodeId> {
        let mut all = Vec::new();
        let mut todo: Vec<Node<'_>> = doc.root().into_iter().collect();
        while let Some(node) = todo.pop() {
            all.push(node.id());
            todo.extend(node.items().chain(node.entries().map(|(_, v)| v)));
        }
        all
    }

    fn values() -> Vec<(emit::tests::Tree, Val)> {
        use emit::tests::Tree;
        let plain = |v: Value<'_>| Val::Plain(format!("{v:?}"));
        vec![
            (Tree::from("new"), plain(Value::Str("new"))),
            (Tree::from("yes, no: #"), plain(Value::Str("yes, no: #"))),
            (Tree::from("two\nlines\n"), plain(Value::Str("two\nlines\n"))),
            (Tree::from(""), plain(Value::Str(""))),
            (Tree::Int(7), plain(Value::Int(7))),
            (Tree::Null, plain(Value::Null)),
            (Tree::list([]), Val::Seq(vec![])),
            (Tree::map([]), Val::Map(vec![])),
            (
                Tree::list([Tree::Int(1), Tree::list([Tree::Int(2)])]),
                Val::Seq(vec![plain(Value::Int(1)), Val::Seq(vec![plain(Value::Int(2))])]),
            ),
            (
                Tree::map([("z", Tree::from("1")), ("y", Tree::list([Tree::map([("k", Tree::Int(1))])]))]),
                Val::Map(vec![
                    ("z".to_owned(), plain(Value::Str("1"))),
                    ("y".to_owned(), Val::Seq(vec![Val::Map(vec![("k".to_owned(), plain(Value::Int(1)))])])),
                ]),
            ),
        ]
    }

    /// Reads the edited text and compares it with what was to come out; counts into `tried`.
    #[track_caller]
    fn check(text: &str, made: Made, want: Val, tried: &mut usize) {
        let edit = made.unwrap_or_else(|e| panic!("{text:?}: {e}"));
        let after = apply(text, &edit);
        let (doc, fine) = parse(&after);
        assert!(fine, "{edit:?}\n{text}\n=>\n{after}");
        assert_eq!(val(doc.root().unwrap()), want, "{edit:?}\n{text}\n=>\n{after}");
        // What is outside of the edit stays, so do comments that do not stand on its lines.
        let outside = |c: &crate::Comment| c.end <= edit.span.start || edit.span.end <= c.start;
        let (before, _) = parse(text);
        let kept = before.comments().iter().filter(|c| outside(c)).count();
        assert!(doc.comments().len() >= kept, "{edit:?}\n{text}\n=>\n{after}");
        *tried += 1;
    }

    #[test]
    fn every_value_can_be_replaced() {
        let mut tried = 0;
        for text in TEXTS {
            let (doc, _) = parse(text);
            let (root, edits) = (doc.root().unwrap(), Edits::of(&doc));
            for id in nodes(&doc) {
                for (value, want) in values() {
                    let want = changed(root, id, &|v| *v = want.clone());
                    check(text, edits.replace_value(id, &value), want, &mut tried);
                }
            }
        }
        assert!(tried > 500, "{tried}");
    }

    #[test]
    fn entries_and_items_go_in_everywhere() {
        let mut tried = 0;
        for text in TEXTS {
            let (doc, _) = parse(text);
            let (root, edits) = (doc.root().unwrap(), Edits::of(&doc));
            for id in nodes(&doc) {
                let node = doc.node(id).unwrap();
                let count = node.items().count() + node.entries().count();
                for at in 0..=count {
                    for (value, new) in values() {
                        let put = |v: &mut Val| match v {
                            Val::Seq(items) => items.insert(at, new.clone()),
                            Val::Map(entries) => entries.insert(at, ("new key".to_owned(), new.clone())),
                            Val::Plain(_) => {}
                        };
                        let want = changed(root, id, &put);
                        match node.kind() {
                            Kind::Scalar => {}
                            Kind::Seq => check(text, edits.insert_item(id, at, &value), want, &mut tried),
                            Kind::Map => {
                                check(text, edits.insert_entry(id, at, "new key", &value), want, &mut tried);
                            }
                        }
                    }
                }
            }
        }
        assert!(tried > 500, "{tried}");
    }

    #[test]
    fn entries_and_items_come_out_everywhere() {
        let mut tried = 0;
        for text in TEXTS {
            let (doc, _) = parse(text);
            let (root, edits) = (doc.root().unwrap(), Edits::of(&doc));
            for id in nodes(&doc) {
                let node = doc.node(id).unwrap();
                for (at, (key, _)) in node.entries().enumerate() {
                    let take = |v: &mut Val| {
                        if let Val::Map(entries) = v {
                            entries.remove(at);
                        }
                    };
                    let want = changed(root, id, &take);
                    check(text, edits.remove_entry(id, key.text()), want, &mut tried);
                    let rename = |v: &mut Val| {
                        if let Val::Map(entries) = v {
                            entries[at].0 = "a, b".to_owned();
                        }
                    };
                    let want = changed(root, id, &rename);
                    check(text, edits.replace_key(key.id(), "a, b"), want, &mut tried);
                }
                for at in 0..node.items().count() {
                    let take = |v: &mut Val| {
                        if let Val::Seq(items) = v {
                            items.remove(at);
                        }
                    };
                    let want = changed(root, id, &take);
                    check(text, edits.remove_item(id, at), want, &mut tried);
                }
            }
        }
        assert!(tried > 100, "{tried}");
    }

    fn edited(text: &str, make: impl Fn(&Edits<'_>, Node<'_>) -> Made) -> String {
        let (doc, _) = parse(text);
        let edit = make(&Edits::of(&doc), doc.root().unwrap()).unwrap();
        apply(text, &edit)
    }

    #[test]
    fn it_looks_like_its_siblings() {
        let entry = |text: &str| {
            edited(text, |edits, root| {
                let at = root.get("a").unwrap().id();
                edits.insert_entry(at, usize::MAX, "new", &View::Text("x"))
            })
        };
        assert_eq!(entry("a:\n    b: 1 # c\n"), "a:\n    b: 1 # c\n    new: x\n");
        assert_eq!(entry("a: {b: 1}\n"), "a: {b: 1, new: x}\n");
        assert_eq!(entry("{\"a\": {\"b\": 1}}"), "{\"a\": {\"b\": 1, \"new\": \"x\"}}");
        assert_eq!(
            entry("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"),
            "{\n  \"a\": {\n    \"b\": 1,\n    \"new\": \"x\"\n  }\n}\n"
        );
        assert_eq!(entry("a:\r\n  b: 'y'\r\n"), "a:\r\n  b: 'y'\r\n  new: 'x'\r\n");
        assert_eq!(entry("a: {}\nc:\n   d: 1\n"), "a:\n   new: x\nc:\n   d: 1\n");
    }

    #[test]
    fn what_goes_leaves_no_gap() {
        let removed = |text: &str, key: &str| edited(text, |edits, root| edits.remove_entry(root.id(), key));
        assert_eq!(removed("a: 1\nb:\n  c: 2 # c\nd: 3\n", "b"), "a: 1\nd: 3\n");
        assert_eq!(removed("{a: 1, b: 2}\n", "b"), "{a: 1}\n");
        assert_eq!(removed("{a: 1, b: 2}\n", "a"), "{b: 2}\n");
        assert_eq!(removed("a: 1\nb: 2", "b"), "a: 1");
    }

    #[test]
    fn an_alias_is_left_alone() {
        let (doc, _) = parse("a: &x {b: 1}\nc: *x\n");
        let c = doc.root().unwrap().entry("c").unwrap().1.id();
        let edits = Edits::of(&doc);
        assert_eq!(edits.replace_value(c, &View::Null), Err(EditError::Alias));
        assert_eq!(edits.insert_entry(c, 0, "n", &View::Null), Err(EditError::Alias));
    }
}
