//! A place in the text that moves forward by characters and lines, as go-yaml counts them.

/// A place of the text. Lines and columns count from 0, columns and `index` in characters.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Mark {
    /// Byte offset.
    pub at: u32,
    /// Line breaks before it; CR, NEL, LS and PS are breaks too.
    pub line: u32,
    /// Characters since the line's start.
    pub column: u32,
    /// Characters since the text's start.
    pub index: u32,
}

/// What reads the text. Past its end it sees NUL bytes, which no text may hold.
#[derive(Clone)]
pub(crate) struct Cursor<'t> {
    pub bytes: &'t [u8],
    pub mark: Mark,
}

impl<'t> Cursor<'t> {
    /// At that byte, counting lines and columns from there.
    pub fn new(bytes: &'t [u8], at: u32) -> Self {
        Cursor { bytes, mark: Mark { at, ..Mark::default() } }
    }

    /// The byte that far ahead.
    #[inline]
    pub fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.mark.at as usize + ahead).copied().unwrap_or(0)
    }

    /// The byte here.
    #[inline]
    pub fn peek(&self) -> u8 {
        self.byte(0)
    }

    /// What is left.
    pub fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.mark.at as usize..).unwrap_or_default()
    }

    /// Whether nothing is left.
    #[inline]
    pub fn at_end(&self) -> bool {
        self.mark.at as usize >= self.bytes.len()
    }

    #[inline]
    pub fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// How many bytes long the line break that far ahead is; 0 where there is none. CR LF is one.
    #[inline]
    pub fn break_len(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\n' => 1,
            b'\r' if self.byte(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xC2 if self.byte(ahead + 1) == 0x85 => 2,
            0xE2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    #[inline]
    pub fn is_break(&self, ahead: usize) -> bool {
        self.break_len(ahead) > 0
    }

    /// A line break or the end.
    #[inline]
    pub fn is_breakz(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.is_break(ahead)
    }

    /// A blank, a line break or the end.
    #[inline]
    pub fn is_blankz(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_breakz(ahead)
    }

    /// Past `n` characters of one byte each.
    #[inline]
    pub fn skip_ascii(&mut self, n: u32) {
        self.mark.at += n;
        self.mark.index += n;
        self.mark.column += n;
    }

    /// Up to a byte of the same line, which is not before this one.
    #[inline]
    pub fn advance_to(&mut self, at: u32) {
        let passed = self.bytes.get(self.mark.at as usize..at as usize).unwrap_or_default();
        let characters = passed.iter().filter(|b| **b & 0xC0 != 0x80).count() as u32;
        self.mark.at = at;
        self.mark.index += characters;
        self.mark.column += characters;
    }

    /// Past a line break, if one is here.
    #[inline]
    pub fn skip_line(&mut self) {
        let len = self.break_len(0);
        if len > 0 {
            self.mark.index += if self.peek() == b'\r' { len as u32 } else { 1 };
            self.mark.at += len as u32;
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    /// Up to the end of the line.
    pub fn skip_to_break(&mut self) {
        let rest = self.rest();
        let mut from = 0;
        loop {
            // NEL, LS and PS are rare: look for their first bytes only where the plain breaks are not nearer.
            let found = memchr::memchr2(b'\n', b'\r', &rest[from..]).map_or(rest.len(), |n| from + n);
            let early = memchr::memchr2(0xC2, 0xE2, &rest[from..found]).map(|n| from + n);
            match early {
                Some(n) if self.is_break(n) => return self.advance_to(self.mark.at + n as u32),
                Some(n) => from = n + 1,
                None => return self.advance_to(self.mark.at + found as u32),
            }
        }
    }

    /// Whether `---` or `...` and then a blank stands here, at the start of a line.
    #[inline]
    pub fn at_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!(self.peek(), b'-' | b'.')
            && self.byte(1) == self.peek()
            && self.byte(2) == self.peek()
            && self.is_blankz(3)
    }
}
