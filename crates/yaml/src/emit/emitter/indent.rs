//! Columns: how far in a line begins, and what is written byte by byte.

use super::{Emitter, State};
use crate::emit::form::Lists;

impl Emitter<'_, '_> {
    #[inline]
    pub(super) fn increase_indent(&mut self, flow: bool) {
        let step = i32::from(self.form.indent);
        self.indents.push(self.indent);
        if self.indent < 0 {
            self.indent = if flow { step } else { 0 };
        } else if !self.form.v2 && matches!(self.states.last(), Some(State::BlockSeq { .. })) {
            self.indent += 2;
        } else if self.form.v2 {
            self.indent += step;
        } else {
            self.indent = step * ((self.indent + step) / step);
        }
    }

    pub(super) fn indent_list(&mut self) {
        if self.form.lists == Lists::AtKey {
            // The dashes stand below the key; only a list in a list goes in.
            if self.mapping_context && !self.indention {
                self.indents.push(self.indent);
                self.indent = self.indent.max(0);
            } else {
                self.increase_indent(false);
            }
            return;
        }
        let compact = self.form.lists == Lists::Compact
            && self.mapping_context
            && (self.column == 0 || !self.indention);
        let in_list = matches!(self.states.last(), Some(State::BlockSeq { .. }));
        let at_root = self.indent < 0;
        self.increase_indent(false);
        if compact && !in_list && !at_root {
            self.indent -= 2;
        }
    }

    #[inline]
    pub(super) fn dedent(&mut self) {
        self.indent = self.indents.pop().unwrap_or(-1);
    }

    /// Ends the line unless nothing stands on it, and goes to the current indentation.
    #[inline]
    pub(in crate::emit) fn write_indent(&mut self) {
        let indent = self.indent.max(0);
        let to = indent as usize;
        if !self.indention || self.column > to || (self.column == to && !self.whitespace) {
            self.put_break();
        }
        if self.foot_indent == indent {
            self.put_break();
        }
        if self.column < to {
            self.out.resize(self.out.len() + to - self.column, b' ');
            self.column = to;
        }
        self.whitespace = true;
        self.foot_indent = -1;
    }

    #[inline]
    pub(in crate::emit) fn indicator(
        &mut self,
        mark: &[u8],
        need_space: bool,
        is_space: bool,
        is_indention: bool,
    ) {
        if need_space && !self.whitespace {
            self.put(b' ');
        }
        self.out.extend_from_slice(mark);
        self.column += mark.len();
        self.whitespace = is_space;
        self.indention &= is_indention;
    }

    #[inline]
    pub(in crate::emit) fn put(&mut self, byte: u8) {
        self.out.push(byte);
        self.column += 1;
    }

    #[inline]
    pub(in crate::emit) fn put_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
        self.indention = true;
    }

    /// Text without line breaks.
    #[inline]
    pub(in crate::emit) fn text(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        // Continuation bytes make no column of their own.
        self.column +=
            if text.is_ascii() { text.len() } else { text.iter().filter(|&&b| b as i8 >= -64).count() };
    }
}
