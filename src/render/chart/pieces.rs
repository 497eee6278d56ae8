//! Text that is put together without being copied: a large chart renders to megabytes, and touching memory costs more than
//! what is done there.

use std::fmt;
use std::io::{self, Write};
use std::ops::{Deref, Range};
use std::sync::Arc;

/// The text of a manifest.
#[derive(Clone)]
pub enum Piece {
    /// Its own.
    Own(Arc<str>),
    /// A part of what a template rendered.
    Part(Arc<String>, Range<usize>),
}

impl Deref for Piece {
    type Target = str;
    fn deref(&self) -> &str {
        match self {
            Piece::Own(text) => text,
            Piece::Part(whole, range) => whole.get(range.clone()).unwrap_or_default(),
        }
    }
}

impl Piece {
    /// Its start up to that byte, which is the end of a character.
    fn truncated(self, length: usize) -> Piece {
        match self {
            Piece::Own(text) => Piece::Own(text.get(..length).unwrap_or_default().into()),
            Piece::Part(whole, range) => Piece::Part(whole, range.start..range.start + length),
        }
    }
}

/// Texts in a row.
#[derive(Clone, Default)]
pub struct Stream {
    /// All short texts.
    short: String,
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Short(Range<usize>),
    Long(Piece),
}

impl Stream {
    /// Adds a copy of a short text.
    pub fn push_str(&mut self, text: &str) {
        let start = self.short.len();
        self.short.push_str(text);
        match self.parts.last_mut() {
            Some(Part::Short(range)) if range.end == start => range.end = self.short.len(),
            _ => self.parts.push(Part::Short(start..self.short.len())),
        }
    }

    /// Adds a text.
    pub fn push(&mut self, piece: Piece) {
        self.parts.push(Part::Long(piece));
    }

    /// Takes the white space at the start away.
    pub fn trim_start(&mut self) {
        let text = self.to_string();
        *self = text.trim_start().to_owned().into();
    }

    /// Takes the white space at the end away.
    pub fn trim_end(&mut self) {
        while let Some(part) = self.parts.pop() {
            let length = self.text(&part).trim_end().len();
            if length > 0 {
                self.parts.push(match part {
                    Part::Short(range) => Part::Short(range.start..range.start + length),
                    Part::Long(piece) => Part::Long(piece.truncated(length)),
                });
                return;
            }
        }
    }

    /// The texts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| self.text(part))
    }

    /// Writes them one after the other.
    ///
    /// # Errors
    /// The writer's.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        self.iter().try_for_each(|text| out.write_all(text.as_bytes()))
    }

    fn text<'s>(&'s self, part: &'s Part) -> &'s str {
        match part {
            Part::Short(range) => self.short.get(range.clone()).unwrap_or_default(),
            Part::Long(piece) => piece,
        }
    }
}

impl From<String> for Stream {
    fn from(text: String) -> Stream {
        let part = Part::Short(0..text.len());
        Stream { short: text, parts: vec![part] }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|text| f.write_str(text))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_what_was_put_into_it() {
        let whole = Arc::new("one\ntwo \n\n".to_owned());
        let mut stream = Stream::default();
        stream.push_str("a");
        stream.push_str("b");
        stream.push(Piece::Part(whole.clone(), 0..4));
        stream.push_str("c");
        stream.push(Piece::Part(whole, 4..10));
        stream.push_str(" \n");
        assert_eq!(stream.to_string(), "abone\nctwo \n\n \n");
        stream.trim_end();
        assert_eq!(stream.to_string(), "abone\nctwo");
        let mut out = Vec::new();
        stream.write_to(&mut out).expect("written");
        assert_eq!(out, b"abone\nctwo");
        assert_eq!(stream.iter().count(), 4);
        let mut blank = Stream::from(" \n".to_owned());
        blank.push(Piece::Own("\t".into()));
        blank.trim_end();
        assert_eq!(blank.to_string(), "");
    }
}
