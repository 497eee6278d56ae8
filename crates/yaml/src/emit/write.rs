//! The five forms of a scalar, written out.

use crate::doc::Style;
use crate::emit::analysis::{Analysis, break_at, printable, width};
use crate::emit::emitter::{Emitter, lines};

impl Emitter<'_, '_> {
    pub(super) fn write_scalar(&mut self, text: &[u8], style: Style, about: &Analysis) {
        match style {
            Style::SingleQuoted => self.single_quoted(text, about.multiline),
            Style::DoubleQuoted => self.double_quoted(text),
            Style::Literal => self.literal(text),
            Style::Folded => self.folded(text),
            _ => self.plain(text, about.ascii),
        }
    }

    fn folds(&self, text: &[u8]) -> bool {
        // A line can be folded only where the text leads past the width; bytes are never fewer than columns.
        !self.simple_key && self.column.saturating_add(text.len()) > self.form.width
    }

    fn plain(&mut self, text: &[u8], ascii: bool) {
        if !self.whitespace && (self.form.v2 || !text.is_empty()) {
            self.put(b' ');
        }
        if self.folds(text) {
            self.fold_at_blanks(text, |emitter, part| emitter.text(part));
        } else if ascii {
            self.out.extend_from_slice(text);
            self.column += text.len();
        } else {
            self.text(text);
        }
        if self.form.v2 || !text.is_empty() {
            self.whitespace = false;
        }
        self.indention = false;
    }

    /// Writes one line of text; at a single blank past the width it goes to the next line instead.
    fn fold_at_blanks(&mut self, text: &[u8], write: impl Fn(&mut Self, &[u8])) {
        let mut start = 0;
        let mut at = 0;
        while let Some(hit) = memchr::memchr(b' ', &text[at..]) {
            at += hit;
            let single = text.get(at + 1).is_some_and(|b| *b != b' ') && (at == 0 || text[at - 1] != b' ');
            if single && at > 0 {
                write(self, &text[start..at]);
                self.indention = false;
                start = at;
                if self.column > self.form.width {
                    self.write_indent();
                    start += 1;
                }
            }
            at += 1;
        }
        write(self, &text[start..]);
    }

    fn single_quoted(&mut self, text: &[u8], multiline: bool) {
        self.indicator(b"'", true, false, false);
        let mut breaks = false;
        for (line, ending) in lines(text) {
            if !line.is_empty() {
                if breaks {
                    self.write_indent();
                }
                if multiline || self.folds(line) {
                    self.fold_quoted_line(line);
                } else {
                    self.doubling_quotes(line);
                }
                self.indention = false;
                breaks = false;
            }
            if !ending.is_empty() {
                if !breaks && ending == b"\n" {
                    self.put_break();
                }
                self.write_break(ending);
                breaks = true;
            }
        }
        self.indicator(b"'", false, false, false);
    }

    fn fold_quoted_line(&mut self, line: &[u8]) {
        if self.simple_key {
            self.doubling_quotes(line);
        } else {
            self.fold_at_blanks(line, |emitter, part| emitter.doubling_quotes(part));
        }
    }

    fn doubling_quotes(&mut self, mut text: &[u8]) {
        while let Some(at) = memchr::memchr(b'\'', text) {
            self.text(&text[..=at]);
            self.put(b'\'');
            text = &text[at + 1..];
        }
        self.text(text);
    }

    fn double_quoted(&mut self, text: &[u8]) {
        self.indicator(b"\"", true, false, false);
        // A text that starts with a byte order mark has every character escaped but its blanks: upstream looks
        // for the mark at the text's start instead of at the character.
        let marked = text.starts_with(&[0xEF, 0xBB, 0xBF]);
        let folds = !self.simple_key;
        let mut spaces = false;
        let mut at = 0;
        while at < text.len() {
            let b = text[at];
            if !marked && matches!(b, b'!' | b'#'..=b'[' | b']'..=b'~') {
                let rest = &text[at..];
                let run = rest
                    .iter()
                    .position(|b| !matches!(b, b'!' | b'#'..=b'[' | b']'..=b'~'))
                    .unwrap_or(rest.len());
                self.out.extend_from_slice(&rest[..run]);
                self.column += run;
                at += run;
                spaces = false;
                continue;
            }
            let here = &text[at..];
            let bytes = width(b);
            if b == b' ' && !marked {
                if folds && !spaces && self.column > self.form.width && at > 0 && at + 1 < text.len() {
                    self.write_indent();
                    if text[at + 1] == b' ' {
                        self.put(b'\\');
                    }
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else if marked || !printable(here) || break_at(here) > 0 || b == b'"' || b == b'\\' {
                self.escape(here);
                spaces = false;
            } else {
                self.text(&here[..bytes.min(here.len())]);
                spaces = false;
            }
            at += bytes;
        }
        self.indicator(b"\"", false, false, false);
    }

    fn escape(&mut self, here: &[u8]) {
        let bytes = width(here[0]).min(here.len());
        let Some(c) = std::str::from_utf8(&here[..bytes]).ok().and_then(|s| s.chars().next()) else { return };
        let short = match c {
            '\0' => b'0',
            '\x07' => b'a',
            '\x08' => b'b',
            '\t' => b't',
            '\n' => b'n',
            '\x0B' => b'v',
            '\x0C' => b'f',
            '\r' => b'r',
            '\x1B' => b'e',
            '"' => b'"',
            '\\' => b'\\',
            '\u{85}' => b'N',
            '\u{A0}' => b'_',
            '\u{2028}' => b'L',
            '\u{2029}' => b'P',
            _ => 0,
        };
        self.put(b'\\');
        if short != 0 {
            self.put(short);
            return;
        }
        let (mark, digits) = match c as u32 {
            0..=0xFF => (b'x', 2),
            0x100..=0xFFFF => (b'u', 4),
            _ => (b'U', 8),
        };
        self.put(mark);
        for k in (0..digits).rev() {
            let digit = (c as u32 >> (4 * k) & 15) as u8;
            self.put(if digit < 10 { b'0' + digit } else { b'A' + digit - 10 });
        }
    }

    /// The marks behind `|` or `>`: an indentation where the text starts with a blank, and what becomes of the
    /// line breaks at its end.
    fn block_hints(&mut self, text: &[u8]) {
        if text.first() == Some(&b' ') || break_at(text) > 0 {
            self.indicator(&[b'0' + self.form.indent], false, false, false);
        }
        let before = |end: usize| {
            let start = (0..end).rev().find(|&at| text[at] & 0xC0 != 0x80)?;
            Some((start, break_at(&text[start..end]) > 0))
        };
        match before(text.len()) {
            Some((start, true)) => {
                if start == 0 || before(start).is_some_and(|(_, is_break)| is_break) {
                    self.indicator(b"+", false, false, false);
                }
            }
            _ => self.indicator(b"-", false, false, false),
        }
    }

    fn literal(&mut self, text: &[u8]) {
        self.indicator(b"|", true, false, false);
        self.block_hints(text);
        self.line_comment(true);
        self.whitespace = true;
        for (line, ending) in lines(text) {
            if !line.is_empty() {
                self.write_indent();
                self.text(line);
                self.indention = false;
            }
            if !ending.is_empty() {
                self.write_break(ending);
            }
        }
    }

    fn folded(&mut self, text: &[u8]) {
        self.indicator(b">", true, false, false);
        self.block_hints(text);
        self.line_comment(true);
        self.whitespace = true;
        // Upstream asks what follows the breaks at the text's start, wherever it stands in the text.
        let first = {
            let mut at = 0;
            while at < text.len() && break_at(&text[at..]) > 0 {
                at += break_at(&text[at..]);
            }
            text.get(at).copied().unwrap_or(0)
        };
        let starts_blank = matches!(first, b' ' | b'\t' | 0);
        let mut breaks = true;
        let mut leading_blank = true;
        for (line, ending) in lines(text) {
            if !line.is_empty() {
                self.write_indent();
                leading_blank = matches!(line[0], b' ' | b'\t');
                // Only v3 keeps this form, and it never folds at a width.
                self.text(line);
                self.indention = false;
                breaks = false;
            }
            if !ending.is_empty() {
                if !breaks && !leading_blank && ending == b"\n" && !starts_blank {
                    self.put_break();
                }
                self.write_break(ending);
                breaks = true;
            }
        }
    }
}
