//! From byte offsets to lines and columns, by one index a file.

/// A place as a person reads it: both numbers count from 1, the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1, in characters (not bytes, not UTF-16 units).
    pub column: u32,
}

/// The byte offset of every line's start.
///
/// ```
/// let text = "a: 1\nb: é2\n";
/// let lines = source::LineIndex::new(text);
/// let at = lines.line_column(text, 10);
/// assert_eq!((at.line, at.column), (2, 5));
/// assert_eq!(lines.line_text(text, 2), "b: é2");
/// ```
pub struct LineIndex {
    starts: Box<[u32]>,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1));
        LineIndex { starts: starts.into() }
    }

    /// Line and column of an offset; one past the end is the place after the last character.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let offset = offset.min(text.len() as u32);
        let line = self.starts.partition_point(|&s| s <= offset) - 1;
        let before = &text.as_bytes()[self.starts[line] as usize..offset as usize];
        // Continuation bytes begin with the bits 10: what does not is one character.
        let column = before.iter().filter(|b| **b & 0xC0 != 0x80).count() as u32 + 1;
        LineColumn { line: line as u32 + 1, column }
    }

    /// The offset at which a line (counted from 1) begins; `None` past the last line.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get((line as usize).checked_sub(1)?).copied()
    }

    /// The text of a line (counted from 1) without its line break; empty past the last line.
    pub fn line_text<'a>(&self, text: &'a str, line: u32) -> &'a str {
        let Some(start) = self.line_start(line) else { return "" };
        let end = self.line_start(line + 1).unwrap_or(text.len() as u32);
        text[start as usize..end as usize].trim_end_matches(['\n', '\r'])
    }

    /// How many lines there are; a text that ends with a line break has an empty last one.
    pub fn len(&self) -> u32 {
        self.starts.len() as u32
    }

    /// Never: an empty text has one empty line.
    pub fn is_empty(&self) -> bool {
        false
    }
}
