//! The text around a fault, line by line.

use std::ops::Range;

use source::{Code, Diagnostic, SourceId, Span};

use super::Finding;

pub(super) struct Place<'a> {
    pub(super) source: SourceId,
    pub(super) bytes: &'a [u8],
    /// Where the document begins.
    pub(super) from: usize,
    /// Where the fault was noticed.
    pub(super) at: usize,
    /// Where what was being read began.
    pub(super) since: usize,
    /// The quoted scalar before.
    pub(super) quoted: Range<usize>,
}

/// One line of the text.
#[derive(Clone)]
pub(super) struct Line<'a> {
    pub(super) start: usize,
    /// Before the line break.
    pub(super) end: usize,
    /// Blanks and tabs at its start.
    pub(super) indent: usize,
    /// Without the indentation and blanks at its end.
    pub(super) text: &'a str,
}

impl Line<'_> {
    pub(super) fn is_void(&self) -> bool {
        self.text.is_empty() || self.text.starts_with('#')
    }

    /// The offset of its first character.
    pub(super) fn first(&self) -> usize {
        self.start + self.indent
    }

    pub(super) fn has_tab(&self, bytes: &[u8]) -> bool {
        !self.text.is_empty() && bytes[self.start..self.start + self.indent].contains(&b'\t')
    }

    /// The key of `key:` or `key: value`, dashes before it aside.
    pub(super) fn key(&self) -> Option<&str> {
        let text = self.text.trim_start_matches("- ");
        let end = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
        let key = &text[..end];
        (!key.is_empty() && !key.contains([' ', '"', '\'', '{', '['])).then_some(key)
    }
}

impl<'a> Place<'a> {
    pub(super) fn line(&self, at: usize) -> Line<'a> {
        let at = at.min(self.bytes.len());
        let start = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |n| n + 1);
        let end = memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n);
        let whole = &self.bytes[start..end];
        let indent = whole.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let text = std::str::from_utf8(&whole[indent..]).unwrap_or("").trim_end();
        Line { start, end, indent, text }
    }

    /// The nearest line before that has something on it, within the document.
    pub(super) fn before(&self, line: &Line<'_>) -> Option<Line<'a>> {
        let mut start = line.start;
        while start > self.from {
            let found = self.line(start - 1);
            if !found.is_void() {
                return Some(found);
            }
            start = found.start;
        }
        None
    }

    pub(super) fn after(&self, line: &Line<'_>) -> Option<Line<'a>> {
        (line.end + 1 < self.bytes.len()).then(|| self.line(line.end + 1))
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start as u32, range.end.max(range.start) as u32)
    }

    /// A line and all that is indented deeper below it.
    pub(super) fn block(&self, line: &Line<'a>) -> Range<usize> {
        let mut last = line.clone();
        while let Some(next) = self.after(&last) {
            let below = next.is_void() || next.indent > line.indent;
            if !below || self.is_boundary(&next) {
                break;
            }
            last = next;
        }
        line.start..last.end
    }

    pub(super) fn is_boundary(&self, line: &Line<'_>) -> bool {
        line.indent == 0 && (line.text == "---" || line.text.starts_with("--- "))
    }

    pub(super) fn finding(
        &self,
        code: &'static Code,
        place: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
        leave_out: Range<usize>,
    ) -> Finding {
        let diagnostic = Diagnostic::new(code, self.span(place), message).help(help);
        Finding { diagnostic, leave_out: vec![leave_out] }
    }
}
