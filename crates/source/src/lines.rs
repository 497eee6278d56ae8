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
    /// (offset, characters of the line before it) every [`STRIDE`] bytes of lines longer than that: JSON is often
    /// one line, and counting it from its start for every finding would be quadratic.
    marks: Box<[(u32, u32)]>,
}

const STRIDE: usize = 4096;

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        let ends = starts[1..].iter().copied().chain([text.len() as u32]);
        let mut marks = Vec::new();
        for (&start, end) in starts.iter().zip(ends).filter(|(start, end)| (end - **start) as usize > STRIDE)
        {
            let mut before = 0;
            for (number, part) in text.as_bytes()[start as usize..end as usize].chunks(STRIDE).enumerate() {
                marks.push((start + (number * STRIDE) as u32, before));
                before += characters(part);
            }
        }
        LineIndex { starts: starts.into(), marks: marks.into() }
    }

    /// Line and column of an offset; one past the end is the place after the last character.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let offset = offset.min(text.len() as u32);
        let line = self.starts.partition_point(|&s| s <= offset) - 1;
        let start = self.starts[line];
        let mark = self.marks.partition_point(|m| m.0 <= offset).checked_sub(1).map(|at| self.marks[at]);
        let (from, before) = mark.filter(|m| m.0 > start).unwrap_or((start, 0));
        let column = before + characters(&text.as_bytes()[from as usize..offset as usize]) + 1;
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

/// How many characters begin in these bytes: continuation bytes begin with the bits 10.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|b| **b & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_long_line_are_those_of_a_short_one() {
        let text = format!("a\n{}\nb é\n", "é".repeat(10_000));
        let lines = LineIndex::new(&text);
        for n in [0, 1, 2047, 2048, 2049, 9_999, 10_000] {
            assert_eq!(lines.line_column(&text, 2 + 2 * n), LineColumn { line: 2, column: n + 1 });
        }
        assert_eq!(lines.line_column(&text, 2 + 20_001 + 4), LineColumn { line: 3, column: 4 });
    }
}
