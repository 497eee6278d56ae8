//! Where the parts of a source text stand: lines, columns, ends of nodes, dashes, quotes.

use source::{Edit, Span};

use super::{EditError, Edits};
use crate::doc::{Doc, NodeId, Style};
use crate::node::{Kind, Value};

impl<'d> Edits<'d> {
    pub(super) fn edit(&self, before: &str, start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(self.doc.source(), start, end), text: format!("{before}{text}") }
    }

    pub(super) fn collection(&self, id: NodeId, kind: Kind) -> Result<&'d crate::doc::Raw, EditError> {
        let raw = self.editable(id)?;
        if raw.kind == kind { Ok(raw) } else { Err(EditError::Missing) }
    }

    /// The node, if anything can be changed there.
    pub(super) fn editable(&self, id: NodeId) -> Result<&'d crate::doc::Raw, EditError> {
        let raw = self.doc.nodes.get(id.0 as usize).ok_or(EditError::Missing)?;
        if self.is_alias(id) {
            return Err(EditError::Alias);
        }
        if self.odd_breaks { Err(EditError::LineBreaks) } else { Ok(raw) }
    }

    pub(super) fn is_alias(&self, id: NodeId) -> bool {
        self.doc.raw(id).flags & crate::doc::ALIAS != 0
    }

    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'d> {
        let doc: &'d Doc = self.doc;
        let end = doc.raw(id).next;
        let mut at = id.0 + 1;
        std::iter::from_fn(move || {
            let here = (at < end).then_some(NodeId(at))?;
            at = doc.raw(here).next;
            Some(here)
        })
    }

    pub(super) fn pairs(&self, map: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> + use<'d> {
        let mut children = self.children(map);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The collection that a node stands in.
    pub(super) fn parent(&self, id: NodeId) -> Option<(NodeId, Kind)> {
        let found = (0..id.0).rev().map(NodeId).find(|at| self.doc.raw(*at).next > id.0)?;
        Some((found, self.doc.raw(found).kind))
    }

    pub(super) fn in_flow(&self, id: NodeId) -> bool {
        self.parent(id).is_some_and(|(parent, _)| self.doc.raw(parent).style == Style::Flow)
    }

    pub(super) fn byte(&self, at: u32) -> u8 {
        self.text.as_bytes().get(at as usize).copied().unwrap_or(0)
    }

    pub(super) fn line_start(&self, at: u32) -> u32 {
        let before = &self.text.as_bytes()[..(at as usize).min(self.text.len())];
        memchr::memrchr(b'\n', before).map_or(0, |n| n as u32 + 1)
    }

    /// Up to the line break.
    pub(super) fn line_end(&self, at: u32) -> u32 {
        let rest = &self.text.as_bytes()[(at as usize).min(self.text.len())..];
        let end = memchr::memchr(b'\n', rest).map_or(self.text.len() as u32, |n| at + n as u32);
        if end > at && self.byte(end - 1) == b'\r' { end - 1 } else { end }
    }

    pub(super) fn past_break(&self, mut at: u32) -> u32 {
        at += u32::from(self.byte(at) == b'\r');
        at + u32::from(self.byte(at) == b'\n')
    }

    pub(super) fn column(&self, at: u32) -> u32 {
        let line = &self.text[self.line_start(at) as usize..at as usize];
        line.chars().count() as u32
    }

    pub(super) fn first_on_line(&self, at: u32) -> bool {
        self.text[self.line_start(at) as usize..at as usize].bytes().all(|b| b == b' ')
    }

    /// Where the text of a node ends, with the colon of a key that has no value. A block scalar that keeps the line
    /// breaks at its end ends behind them.
    pub(super) fn end_of(&self, id: NodeId) -> u32 {
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

    pub(super) fn is_value(&self, id: NodeId) -> bool {
        self.parent(id).is_some_and(|(parent, kind)| {
            kind == Kind::Map && self.pairs(parent).any(|(_, value)| value == id)
        })
    }

    /// Whether a value that is not written has no colon either: `? key`, or `key` alone in brackets.
    pub(super) fn lacks_colon(&self, value: NodeId, end: u32) -> bool {
        // The key stands right before its value, unless it is a collection; then its last node does.
        let key_end = (value.0.checked_sub(1)).map_or(0, |key| self.doc.raw(NodeId(key)).end);
        let between = self.text.get(key_end as usize..end as usize).unwrap_or("");
        self.is_value(value) && !between.contains(':')
    }

    pub(super) fn key_spans_lines(&self, value: NodeId) -> bool {
        let Some(key) = value.0.checked_sub(1).map(|key| self.doc.raw(NodeId(key))) else { return false };
        matches!(key.style, Style::Literal | Style::Folded)
            || self.text[key.start as usize..key.end as usize].contains('\n')
    }

    pub(super) fn keeps_breaks(&self, start: u32) -> bool {
        let header = &self.text[start as usize..self.line_end(start) as usize];
        header.bytes().skip(1).take_while(|b| !b.is_ascii_whitespace()).any(|b| b == b'+')
    }

    pub(super) fn starts_of(&self, pairs: &[(NodeId, NodeId)]) -> Vec<u32> {
        pairs.iter().map(|(key, _)| self.start_of_key(*key)).collect()
    }

    pub(super) fn ends_of(&self, pairs: &[(NodeId, NodeId)]) -> Vec<u32> {
        pairs.iter().map(|(key, value)| self.end_of(*key).max(self.end_of(*value))).collect()
    }

    /// A key's first byte, its `?`, anchor and tag included.
    pub(super) fn start_of_key(&self, key: NodeId) -> u32 {
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
    pub(super) fn start_with_props(&self, id: NodeId) -> u32 {
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
    pub(super) fn start_with_tag(&self, id: NodeId) -> u32 {
        let props = self.start_with_props(id);
        let start = self.doc.raw(id).start;
        let tag = self.text[props as usize..start as usize].find('!');
        tag.map_or(start, |at| props + at as u32)
    }

    /// The dashes of a block list, given where it starts and its items end.
    pub(super) fn dashes(&self, start: u32, ends: &[u32]) -> Vec<u32> {
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
    pub(super) fn colon_before(&self, at: u32) -> Option<u32> {
        let before = self.text[..at as usize].trim_end_matches([' ', '\t', '\r', '\n']);
        let colon = before.len() as u32;
        let comments = self.doc.comments();
        let comment = comments.partition_point(|c| c.start < colon).checked_sub(1).map(|at| comments[at]);
        (before.ends_with(':') && comment.is_none_or(|c| c.end < colon)).then_some(colon)
    }

    /// A blank, where the text at that place would touch a colon or dash.
    pub(super) fn with_blank(&self, at: u32) -> &'static str {
        let before = self.text[..at as usize].bytes().next_back();
        if matches!(before, Some(b':' | b'-' | b',')) { " " } else { "" }
    }

    pub(super) fn quotes_of(&self, id: NodeId) -> Option<Style> {
        let raw = self.doc.raw(id);
        matches!(raw.style, Style::SingleQuoted | Style::DoubleQuoted).then_some(raw.style)
    }

    /// The quotes that all strings among the values have.
    pub(super) fn common_quotes(&self, values: impl Iterator<Item = NodeId>) -> Option<Style> {
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
}
