//! Scalars: plain, quoted and block.

use super::token::{Text, Token, TokenKind};
use super::{Cursor, Mark, Scan, Scanner};
use crate::doc::Style;

const QUOTED: &str = "while scanning a quoted scalar";
const BLOCK: &str = "while scanning a block scalar";

/// Bytes that the loop over a plain scalar's words has to look at.
static ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let stops = b" \t\n\r:,?[]{}\0\xC2\xE2";
    let mut i = 0;
    while i < stops.len() {
        table[stops[i] as usize] = true;
        i += 1;
    }
    table
};

impl Scanner<'_> {
    pub(super) fn scan_plain(&mut self) -> Scan<()> {
        let start = self.cursor.mark;
        let mut end = start;
        let indent = self.indent + 1;
        // Blanks and breaks since the last word: where they began, and whether a break is among them.
        let mut folds = false;
        let mut buffered = None;
        let mut key_after = false;
        loop {
            if self.cursor.at_document_indicator() || self.cursor.peek() == b'#' {
                break;
            }
            let word = self.cursor.mark.at;
            self.skip_word();
            if self.cursor.mark.at > word {
                let bytes = self.cursor.bytes;
                if folds && buffered.is_none() {
                    buffered = Some(self.buffer.len() as u32);
                    self.buffer.push_str(text(&bytes[start.at as usize..end.at as usize]));
                }
                if buffered.is_some() {
                    let gap = &bytes[end.at as usize..word as usize];
                    if folds {
                        fold(&mut self.buffer, gap, false);
                    } else {
                        self.buffer.push_str(text(gap));
                    }
                    self.buffer.push_str(text(&bytes[word as usize..self.cursor.mark.at as usize]));
                }
                end = self.cursor.mark;
                folds = false;
                key_after = false;
            }
            if !self.cursor.is_blank(0) && !self.cursor.is_break(0) {
                break;
            }
            loop {
                if self.cursor.is_blank(0) {
                    let tab = self.cursor.peek() == b'\t';
                    if folds && tab && (self.cursor.mark.column as i32) < indent {
                        return self.fault(
                            "while scanning a plain scalar",
                            start,
                            "found a tab character that violates indentation",
                        );
                    }
                    self.cursor.skip_ascii(1);
                } else if self.cursor.is_break(0) {
                    self.cursor.skip_line();
                    folds = true;
                    key_after = true;
                } else {
                    break;
                }
            }
            if self.flow == 0 && (self.cursor.mark.column as i32) < indent {
                break;
            }
        }
        if key_after {
            self.key_allowed = true;
        }
        let value = match buffered {
            Some(from) => Text::Buffer(from, self.buffer.len() as u32),
            None => Text::Source(start.at, end.at),
        };
        self.tokens.push_back(Token { kind: TokenKind::Scalar(Style::Plain), start, end, value });
        Ok(())
    }

    /// Past what cannot end a plain scalar.
    fn skip_word(&mut self) {
        let flow = self.flow > 0;
        let rest = self.cursor.rest();
        let mut at = 0;
        while let Some(&b) = rest.get(at) {
            if ENDS_WORD[b as usize] {
                let ends = match b {
                    b':' => self.cursor.is_blankz(at + 1),
                    b',' | b'?' | b'[' | b']' | b'{' | b'}' => flow,
                    0xC2 | 0xE2 => self.cursor.is_break(at),
                    _ => true,
                };
                if ends {
                    break;
                }
            }
            at += 1;
        }
        self.cursor.advance_to(self.cursor.mark.at + at as u32);
    }

    pub(super) fn scan_quoted(&mut self, single: bool) -> Scan<()> {
        let start = self.cursor.mark;
        let base = self.buffer.len() as u32;
        let bytes = self.cursor.bytes;
        let quote = if single { b'\'' } else { b'"' };
        self.cursor.skip_ascii(1);
        // Source bytes from here on are not in the buffer yet.
        let mut pending = self.cursor.mark.at as usize;
        let mut copied = false;
        loop {
            if self.cursor.at_document_indicator() {
                return self.fault(QUOTED, start, "found unexpected document indicator");
            }
            skip_quoted_run(&mut self.cursor, quote);
            let at = self.cursor.mark.at as usize;
            let escaped_break = !single && self.cursor.peek() == b'\\' && self.cursor.is_break(1);
            match self.cursor.peek() {
                0 => return self.fault(QUOTED, start, "found unexpected end of stream"),
                b'\'' if single && self.cursor.byte(1) == b'\'' => {
                    self.buffer.push_str(text(&bytes[pending..at + 1]));
                    self.cursor.skip_ascii(2);
                    pending = at + 2;
                    copied = true;
                }
                b if b == quote => break,
                b'\\' if !escaped_break => {
                    self.buffer.push_str(text(&bytes[pending..at]));
                    self.scan_escape(start)?;
                    pending = self.cursor.mark.at as usize;
                    copied = true;
                }
                _ => {
                    let mut kept = at;
                    if escaped_break {
                        self.cursor.skip_ascii(1);
                    } else {
                        while kept > pending && matches!(bytes[kept - 1], b' ' | b'\t') {
                            kept -= 1;
                        }
                    }
                    self.buffer.push_str(text(&bytes[pending..kept]));
                    let gap = self.cursor.mark.at as usize;
                    while self.cursor.is_blank(0) || self.cursor.is_break(0) {
                        if self.cursor.is_blank(0) {
                            self.cursor.skip_ascii(1);
                        } else {
                            self.cursor.skip_line();
                        }
                    }
                    let to = self.cursor.mark.at as usize;
                    // The break behind a backslash itself counts for nothing.
                    let skipped = if escaped_break { break_len(&bytes[gap..]) } else { 0 };
                    fold(&mut self.buffer, &bytes[gap + skipped..to], escaped_break);
                    pending = to;
                    copied = true;
                }
            }
        }
        let inner = self.cursor.mark.at;
        self.cursor.skip_ascii(1);
        let value = if copied {
            self.buffer.push_str(text(&bytes[pending..inner as usize]));
            Text::Buffer(base, self.buffer.len() as u32)
        } else {
            Text::Source(start.at + 1, inner)
        };
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        let end = self.cursor.mark;
        self.last_quoted = start.at as usize..end.at as usize;
        self.tokens.push_back(Token { kind: TokenKind::Scalar(style), start, end, value });
        Ok(())
    }

    /// One escape of a double-quoted scalar; the cursor is at the backslash.
    fn scan_escape(&mut self, start: Mark) -> Scan<()> {
        let context = "while parsing a quoted scalar";
        let digits = match self.cursor.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            other => {
                let plain = match other {
                    b'0' => '\0',
                    b'a' => '\x07',
                    b'b' => '\x08',
                    b't' | b'\t' => '\t',
                    b'n' => '\n',
                    b'v' => '\x0B',
                    b'f' => '\x0C',
                    b'r' => '\r',
                    b'e' => '\x1B',
                    b' ' => ' ',
                    b'"' => '"',
                    b'\'' => '\'',
                    b'\\' => '\\',
                    b'N' => '\u{85}',
                    b'_' => '\u{A0}',
                    b'L' => '\u{2028}',
                    b'P' => '\u{2029}',
                    _ => return self.fault(context, start, "found unknown escape character"),
                };
                self.buffer.push(plain);
                self.cursor.skip_ascii(2);
                return Ok(());
            }
        };
        self.cursor.skip_ascii(2);
        let mut value = 0u32;
        for n in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(n)).to_digit(16) else {
                return self.fault(context, start, "did not find expected hexdecimal number");
            };
            value = value << 4 | digit;
        }
        let Some(c) = char::from_u32(value) else {
            return self.fault(context, start, "found invalid Unicode character escape code");
        };
        self.buffer.push(c);
        self.cursor.skip_ascii(digits as u32);
        Ok(())
    }

    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Scan<()> {
        let start = self.cursor.mark;
        self.cursor.skip_ascii(1);
        let (chomping, increment) = self.scan_block_header(start)?;
        self.skip_blanks();
        if self.cursor.peek() == b'#' {
            self.line_comment(start);
            self.skip_comment();
        }
        if !self.cursor.is_breakz(0) {
            return self.fault(BLOCK, start, "did not find expected comment or line break");
        }
        self.cursor.skip_line();
        let mut end = self.cursor.mark;
        let mut indent = if increment > 0 { self.indent.max(0) + increment } else { 0 };
        let base = self.buffer.len() as u32;
        let mut trailing = String::new();
        self.skip_block_breaks(&mut indent, &mut trailing, start, &mut end)?;
        let mut last_break = "";
        let mut was_blank = false;
        let bytes = self.cursor.bytes;
        while self.cursor.mark.column as i32 == indent && !self.cursor.at_end() {
            let blank = self.cursor.is_blank(0);
            if !literal && !was_blank && !blank && last_break == "\n" {
                if trailing.is_empty() {
                    self.buffer.push(' ');
                }
            } else {
                self.buffer.push_str(last_break);
            }
            self.buffer.push_str(&trailing);
            trailing.clear();
            was_blank = blank;
            let from = self.cursor.mark.at as usize;
            self.cursor.skip_to_break();
            self.buffer.push_str(text(&bytes[from..self.cursor.mark.at as usize]));
            last_break = break_text(self.cursor.rest());
            self.cursor.skip_line();
            self.skip_block_breaks(&mut indent, &mut trailing, start, &mut end)?;
        }
        if chomping != Chomping::Strip {
            self.buffer.push_str(last_break);
        }
        if chomping == Chomping::Keep {
            self.buffer.push_str(&trailing);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        let value = Text::Buffer(base, self.buffer.len() as u32);
        self.tokens.push_back(Token { kind: TokenKind::Scalar(style), start, end, value });
        Ok(())
    }

    /// Chomping and indentation indicators, in either order.
    fn scan_block_header(&mut self, start: Mark) -> Scan<(Chomping, i32)> {
        let mut chomping = Chomping::Clip;
        let mut increment = 0;
        for _ in 0..2 {
            match self.cursor.peek() {
                sign @ (b'+' | b'-') if chomping == Chomping::Clip => {
                    chomping = if sign == b'+' { Chomping::Keep } else { Chomping::Strip };
                }
                b'0' if increment == 0 => {
                    return self.fault(BLOCK, start, "found an indentation indicator equal to 0");
                }
                digit @ b'1'..=b'9' if increment == 0 => increment = i32::from(digit - b'0'),
                _ => break,
            }
            self.cursor.skip_ascii(1);
        }
        Ok((chomping, increment))
    }

    /// Past indentation and empty lines, whose breaks are collected; finds the indentation if none is known.
    fn skip_block_breaks(
        &mut self,
        indent: &mut i32,
        breaks: &mut String,
        start: Mark,
        end: &mut Mark,
    ) -> Scan<()> {
        *end = self.cursor.mark;
        let mut deepest = 0;
        loop {
            let mut column = self.cursor.mark.column as i32;
            while (*indent == 0 || column < *indent) && self.cursor.peek() == b' ' {
                self.cursor.skip_ascii(1);
                column += 1;
            }
            deepest = deepest.max(column);
            if (*indent == 0 || column < *indent) && self.cursor.peek() == b'\t' {
                return self.fault(
                    BLOCK,
                    start,
                    "found a tab character where an indentation space is expected",
                );
            }
            let found = break_text(self.cursor.rest());
            if found.is_empty() {
                break;
            }
            breaks.push_str(found);
            self.cursor.skip_line();
            *end = self.cursor.mark;
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}

/// What becomes of the line breaks at a block scalar's end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Clip,
    Strip,
    Keep,
}

/// Up to the quote, a backslash of a double-quoted scalar, a line break or the end.
fn skip_quoted_run(cursor: &mut Cursor<'_>, quote: u8) {
    let rest = cursor.rest();
    let mut at = 0;
    while let Some(&b) = rest.get(at) {
        let stops = match b {
            b'\n' | b'\r' | 0 => true,
            b'\\' => quote == b'"',
            0xC2 | 0xE2 => cursor.is_break(at),
            _ => b == quote,
        };
        if stops {
            break;
        }
        at += 1;
    }
    cursor.advance_to(cursor.mark.at + at as u32);
}

/// What a gap with line breaks between two words stands for: one break is a blank, more are themselves less the
/// first. A first break of LS or PS stays.
fn fold(out: &mut String, gap: &[u8], escaped: bool) {
    let before = out.len();
    let mut first = !escaped;
    let mut folded = false;
    let mut at = 0;
    while at < gap.len() {
        let found = break_text(&gap[at..]);
        if found.is_empty() {
            at += 1;
            continue;
        }
        if first && found == "\n" {
            folded = true;
        } else {
            out.push_str(found);
        }
        first = false;
        at += break_len(&gap[at..]);
    }
    if folded && out.len() == before {
        out.push(' ');
    }
}

fn break_len(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// The line break at the start, as it counts in a scalar: LS and PS stay, all others are LF.
fn break_text(rest: &[u8]) -> &'static str {
    match rest {
        [b'\r' | b'\n', ..] | [0xC2, 0x85, ..] => "\n",
        [0xE2, 0x80, 0xA8, ..] => "\u{2028}",
        [0xE2, 0x80, 0xA9, ..] => "\u{2029}",
        _ => "",
    }
}

/// Bytes of a text between two of its characters.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("")
}
