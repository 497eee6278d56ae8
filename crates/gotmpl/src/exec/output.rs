//! The output buffer: bytes and, with tracing on, their origins. An `include` captures its part from the end.

use source::OriginId;

use crate::value::{Segment, Text};

pub(crate) struct Output<const TRACE: bool> {
    bytes: Vec<u8>,
    segments: Vec<Segment>,
    /// Segments below are of an outer capture and stay as they are.
    floor: usize,
    /// Where the bytes of this capture begin.
    begin: usize,
    limit: usize,
}

/// Where a capture began.
pub(crate) struct Mark {
    bytes: usize,
    segments: usize,
    floor: usize,
    begin: usize,
}

impl<const TRACE: bool> Output<TRACE> {
    pub(crate) fn new(limit: usize) -> Self {
        Output {
            bytes: Vec::new(),
            segments: Vec::new(),
            floor: 0,
            begin: 0,
            limit: limit.min(u32::MAX as usize),
        }
    }

    /// Appends bytes of one origin; `false` if that is more than the limit allows.
    pub(crate) fn push(&mut self, bytes: &[u8], origin: OriginId) -> bool {
        if self.bytes.len() + bytes.len() > self.limit {
            return false;
        }
        self.bytes.extend_from_slice(bytes);
        if TRACE && !bytes.is_empty() {
            let end = self.bytes.len() as u32;
            match self.segments.get_mut(self.floor..).and_then(<[_]>::last_mut) {
                Some(last) if last.origin == origin => last.end = end,
                _ => self.segments.push(Segment { end, origin }),
            }
        }
        true
    }

    /// Marks the end of what is there with an origin: something could stand here.
    pub(crate) fn gap(&mut self, origin: OriginId) {
        let end = self.bytes.len() as u32;
        let last = self.segments.get(self.floor..).and_then(<[_]>::last);
        if TRACE && origin != OriginId::UNKNOWN && last != Some(&Segment { end, origin }) {
            self.segments.push(Segment { end, origin });
        }
    }

    /// If the next byte begins a line, but for blanks: how many of those there are.
    pub(crate) fn line_start(&self) -> Option<usize> {
        let bytes = &self.bytes[self.begin..];
        let blanks = bytes.iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
        (bytes.len() == blanks || bytes[bytes.len() - blanks - 1] == b'\n').then_some(blanks)
    }

    /// By how many blanks the last line that is not empty begins; `None` where this capture has none.
    pub(crate) fn last_indent(&self) -> Option<usize> {
        let bytes = self.bytes[self.begin..].trim_ascii_end();
        let start = memchr::memrchr(b'\n', bytes).map_or(0, |n| n + 1);
        let line = bytes.get(start..).filter(|line| !line.is_empty())?;
        Some(line.iter().take_while(|b| **b == b' ').count())
    }

    /// Begins a capture.
    pub(crate) fn begin(&mut self) -> Mark {
        let mark = Mark {
            bytes: self.bytes.len(),
            segments: self.segments.len(),
            floor: self.floor,
            begin: self.begin,
        };
        self.floor = self.segments.len();
        self.begin = self.bytes.len();
        mark
    }

    /// Ends a capture: what was written since, which is taken out again.
    pub(crate) fn end(&mut self, mark: Mark) -> Text {
        let text = self.cut(&mark);
        self.floor = mark.floor;
        self.begin = mark.begin;
        text
    }

    /// Ends a capture without a result.
    pub(crate) fn discard(&mut self, mark: Mark) {
        self.bytes.truncate(mark.bytes);
        self.segments.truncate(mark.segments);
        self.floor = mark.floor;
        self.begin = mark.begin;
    }

    fn cut(&mut self, mark: &Mark) -> Text {
        let bytes: Box<[u8]> = self.bytes[mark.bytes..].into();
        self.bytes.truncate(mark.bytes);
        if !TRACE {
            return Text::with_origin(bytes, OriginId::UNKNOWN);
        }
        let base = mark.bytes as u32;
        let segments = self.segments.drain(mark.segments..);
        Text::with_segments(bytes, segments.map(|s| Segment { end: s.end - base, ..s }).collect())
    }
}
