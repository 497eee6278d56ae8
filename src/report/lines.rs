//! The lines of the texts, each looked up and looked through once while the findings on it are shown.

use std::borrow::Cow;

use source::{Source, SourceId};

use super::line::{Shown, hidden, is_plain, show};
use super::mask::Masks;

/// One line of a text.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub source: &'a Source,
    pub id: SourceId,
    /// Counted from 1.
    pub number: u32,
    /// The offset of its first byte.
    pub start: u32,
    /// Without its line break.
    pub text: &'a str,
}

/// The lines that were asked for last. Findings come in the order of the texts, and each is shown with the lines
/// around it, so that most lines are asked for many times in a row.
pub(super) struct Lines<'a> {
    masks: &'a Masks,
    slots: [Option<Slot<'a>>; SLOTS],
}

/// More than one finding shows, and a power of two.
const SLOTS: usize = 32;

/// Bytes before a line in which the start of the line before it is looked for.
const NEAR: u32 = 1024;

#[derive(Clone, Copy)]
struct Slot<'a> {
    line: Line<'a>,
    /// Whether it is printed as it stands; `None` before somebody asked.
    is_plain: Option<bool>,
}

impl<'a> Lines<'a> {
    pub fn new(masks: &'a Masks) -> Self {
        Lines { masks, slots: [None; SLOTS] }
    }

    /// The line of that number, counted from 1; empty past the last.
    pub fn get(&mut self, source: &'a Source, id: SourceId, number: u32) -> Line<'a> {
        let slot = number as usize % SLOTS;
        if let Some(Slot { line, .. }) =
            self.slots[slot].filter(|s| s.line.id == id && s.line.number == number)
        {
            return line;
        }
        let start = self.start_of(source, id, number);
        let rest = source.text().get(start as usize..).unwrap_or("");
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = Line { source, id, number, start, text: rest[..end].trim_end_matches('\r') };
        self.slots[slot] = Some(Slot { line, is_plain: None });
        line
    }

    fn start_of(&self, source: &'a Source, id: SourceId, number: u32) -> u32 {
        // Nearly always a line is asked for after the one behind it, which is marked.
        let behind = self.slots[(number as usize + 1) % SLOTS].map(|s| s.line);
        let behind = behind.filter(|line| line.id == id && line.number == number + 1 && line.start > 0);
        if let Some(behind) = behind {
            let (from, to) = (behind.start.saturating_sub(NEAR) as usize, behind.start as usize - 1);
            let before = source.text().as_bytes().get(from..to).unwrap_or(&[]);
            if let Some(at) = memchr::memrchr(b'\n', before) {
                return (from + at + 1) as u32;
            }
        }
        source.lines().line_start(source.text(), number).unwrap_or(source.text().len() as u32)
    }

    /// The line in at most `width` columns, with the columns of the bytes `mark` of the source.
    pub fn show(&mut self, line: Line<'a>, mark: Option<(u32, u32)>, width: usize) -> Shown<'a> {
        if line.text.len() > width || !self.is_plain(line) {
            return show(line, mark, self.masks, width, self);
        }
        // Nearly all lines: a byte is a character is a column.
        let mut shown = Shown { text: Cow::Borrowed(line.text), mark: 0, marked: 0 };
        if let Some((start, end)) = mark {
            let column = |at: u32| (at.saturating_sub(line.start) as usize).min(line.text.len());
            shown.mark = column(start);
            shown.marked = column(end).saturating_sub(shown.mark).max(1);
        }
        shown
    }

    fn is_plain(&mut self, line: Line<'a>) -> bool {
        let slot = line.number as usize % SLOTS;
        let is_its = |s: &Slot<'a>| s.line.id == line.id && s.line.number == line.number;
        if let Some(known) = self.slots[slot].filter(is_its).and_then(|s| s.is_plain) {
            return known;
        }
        let is_plain =
            is_plain(line.text.as_bytes()) && hidden(line, (0, line.text.len()), self.masks, self).is_empty();
        if let Some(slot) = self.slots[slot].as_mut().filter(|s| is_its(s)) {
            slot.is_plain = Some(is_plain);
        }
        is_plain
    }
}
