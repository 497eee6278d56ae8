//! Where new text goes in and old text comes out, by lines or inside of brackets.

use source::Edit;

use super::Edits;
use crate::doc::{NodeId, Style};
use crate::emit::Lists;
use crate::node::Kind;

impl Edits<'_> {
    pub(super) fn insert_lines(&self, starts: &[u32], ends: &[u32], at: usize, block: &str) -> Edit {
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

    pub(super) fn insert_in_brackets(&self, bracket: u32, ends: &[u32], at: usize, text: &str) -> Edit {
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
    pub(super) fn fill_empty(&self, id: NodeId, block: &str) -> Edit {
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

    pub(super) fn remove(
        &self,
        style: Style,
        id: NodeId,
        starts: &[u32],
        ends: &[u32],
        at: usize,
        empty: &str,
    ) -> Edit {
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
