//! Reads an argument up to the next mark.

use std::ops::Range;

/// The rest of an argument.
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub at: usize,
    /// Whether a backslash takes the meaning from the character after it.
    escapes: bool,
}

/// A piece of the argument, escapes resolved.
pub(super) struct Piece {
    pub text: String,
    pub range: Range<usize>,
    /// The mark that ended it; `None` at the end of the argument.
    pub mark: Option<char>,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str, escapes: bool) -> Self {
        Cursor { text, at: 0, escapes }
    }

    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Everything up to one of the marks, which is consumed.
    pub fn until(&mut self, marks: &[char]) -> Piece {
        let start = self.at;
        let mut text = String::new();
        let mut end = start;
        while let Some(c) = self.next() {
            if marks.contains(&c) {
                return Piece { text, range: start..end, mark: Some(c) };
            }
            end = self.at;
            if c == '\\' && self.escapes {
                // A backslash at the end stands for nothing.
                text.extend(self.next());
                end = self.at;
            } else {
                text.push(c);
            }
        }
        Piece { text, range: start..end, mark: None }
    }

    /// Skips blanks and one comma; whether nothing else stood before it.
    pub fn skip_empty(&mut self) -> bool {
        loop {
            match self.peek() {
                None => return true,
                Some(',') => {
                    self.at += 1;
                    return true;
                }
                Some(c) if is_space(c) => self.at += c.len_utf8(),
                Some(_) => return false,
            }
        }
    }
}

/// Go's `unicode.IsSpace`.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}
