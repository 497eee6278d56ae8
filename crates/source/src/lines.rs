//! From byte offsets to lines and columns, by one index a file.

/// A place as a person reads it: both numbers count from 1, the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1, in characters (not bytes, not UTF-16 units).
    pub column: u32,
}

/// Where lines begin, without a number for each of them: how many lines and characters stand before every block of
/// 512 bytes. A few findings in a long text pay for reading it once by vectors, and any offset is then found by
/// looking at a block or two; JSON in one line of 5 MB costs no more than the same in many.
///
/// ```
/// let text = "a: 1\nb: é2\n";
/// let lines = source::LineIndex::new(text);
/// let at = lines.line_column(text, 10);
/// assert_eq!((at.line, at.column), (2, 5));
/// assert_eq!(lines.line_text(text, 2), "b: é2");
/// ```
pub struct LineIndex {
    blocks: Box<[Before]>,
    breaks: u32,
}

/// What stands before a block.
#[derive(Clone, Copy)]
struct Before {
    breaks: u32,
    characters: u32,
}

const BLOCK: usize = 512;

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let mut before = Before { breaks: 0, characters: 0 };
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        for block in text.as_bytes().chunks(BLOCK) {
            blocks.push(before);
            before.breaks += breaks(block);
            before.characters += characters(block);
        }
        if text.len().is_multiple_of(BLOCK) {
            // The end of the text is an offset too.
            blocks.push(before);
        }
        LineIndex { blocks: blocks.into(), breaks: before.breaks }
    }

    /// Line and column of an offset; one past the end is the place after the last character.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let offset = (offset as usize).min(text.len());
        let (before, part) = self.block_before(text, offset);
        let line = before.breaks + breaks(part);
        let start = match memchr::memrchr(b'\n', part) {
            Some(at) => offset - part.len() + at + 1,
            None => self.start_after(text, line),
        };
        let column = match text.as_bytes().get(start..offset) {
            Some(rest) if rest.len() <= BLOCK => characters(rest),
            _ => {
                let (of_start, to_start) = self.block_before(text, start);
                (before.characters + characters(part)) - (of_start.characters + characters(to_start))
            }
        };
        LineColumn { line: line + 1, column: column + 1 }
    }

    /// The offset at which a line (counted from 1) begins; `None` past the last line.
    pub fn line_start(&self, text: &str, line: u32) -> Option<u32> {
        let breaks = line.checked_sub(1).filter(|before| *before <= self.breaks)?;
        Some(self.start_after(text, breaks) as u32)
    }

    /// The text of a line (counted from 1) without its line break; empty past the last line.
    pub fn line_text<'a>(&self, text: &'a str, line: u32) -> &'a str {
        let Some(start) = self.line_start(text, line) else { return "" };
        let rest = text.get(start as usize..).unwrap_or("");
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        rest[..end].trim_end_matches('\r')
    }

    /// How many lines there are; a text that ends with a line break has an empty last one.
    pub fn len(&self) -> u32 {
        self.breaks + 1
    }

    /// Never: an empty text has one empty line.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// What stands before the block of an offset, and the block's bytes before the offset.
    fn block_before<'t>(&self, text: &'t str, offset: usize) -> (Before, &'t [u8]) {
        let at = (offset / BLOCK).min(self.blocks.len() - 1);
        (self.blocks[at], text.as_bytes().get(at * BLOCK..offset).unwrap_or(&[]))
    }

    /// The offset behind that many line breaks, of which there are as many.
    fn start_after(&self, text: &str, breaks: u32) -> usize {
        let Some(block) = self.blocks.partition_point(|b| b.breaks < breaks).checked_sub(1) else { return 0 };
        let bytes = text.as_bytes().get(block * BLOCK..).unwrap_or(&[]);
        let nth = breaks - self.blocks[block].breaks;
        let last = memchr::memchr_iter(b'\n', bytes).nth((nth as usize).saturating_sub(1));
        last.map_or(text.len(), |at| block * BLOCK + at + 1)
    }
}

fn breaks(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', bytes).count() as u32
}

/// How many characters begin in these bytes: continuation bytes begin with the bits 10.
fn characters(bytes: &[u8]) -> u32 {
    // Nearly all texts; this looks at a word at a time.
    if bytes.is_ascii() {
        return bytes.len() as u32;
    }
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

    #[test]
    fn every_offset_is_where_counting_finds_it() {
        let text: String = (0..400).map(|n| format!("{}é\n", "x".repeat(n * 7 % 90))).collect();
        for end in [text.len(), 1024, 1023, 0] {
            let text = &text[..(0..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap()];
            let lines = LineIndex::new(text);
            let (mut line, mut column, mut start) = (1, 1, 0);
            for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
                assert_eq!(lines.line_column(text, at as u32), LineColumn { line, column });
                assert_eq!(lines.line_start(text, line), Some(start));
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
                if c == '\n' {
                    assert_eq!(lines.line_text(text, line - 1), &text[start as usize..at]);
                    start = at as u32 + 1;
                }
            }
            assert_eq!((lines.len(), lines.line_start(text, line + 1)), (line, None));
        }
    }
}
