//! The short way to a document: lines of `key: value` and `- item` as nearly all manifests have them.
//!
//! Whatever is not certain at a glance (an anchor, a tag, a scalar over several plain lines, a tab, any mistake)
//! makes it give up, and the document is read by the complete scanner and parser. So this decides nothing: both
//! ways give the same [`Doc`](crate::Doc) or this one gives none, which a test holds over many texts. It knows
//! go-yaml v2's rules alone.

use crate::compose::{Composer, Input};
use crate::doc::{Raw, Resolved, Style};
use crate::node::Kind;
use crate::parse::{EventKind, Parser};
use crate::resolve::resolve;
use crate::scan::{CommentSpan, Mark};

/// Not to be read this way.
pub(crate) struct GiveUp;

type Fast<T> = Result<T, GiveUp>;

/// A collection by indentation that is open.
struct Frame {
    node: u32,
    indent: u32,
    kind: FrameKind,
    /// A key or a dash has come, and its value has not.
    awaits: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    Map,
    Seq,
    /// Dashes at the column of the key that they belong to.
    Indentless,
}

/// What ends or doubts a plain scalar: 1 in any, 2 an indicator that none may begin with.
static CLASS: [u8; 256] = {
    let mut table = [0u8; 256];
    let stops = b"\n\r\t:#\0";
    let mut i = 0;
    while i < stops.len() {
        table[stops[i] as usize] |= 1;
        i += 1;
    }
    let indicators = b"-?:,[]{}#&*!|>'\"%@` \t\n\r";
    i = 0;
    while i < indicators.len() {
        table[indicators[i] as usize] |= 2;
        i += 1;
    }
    table
};

/// Levels of nearly all manifests.
const LEVELS: usize = 16;

/// Longer keys may be over the limit of 1024 characters.
const LONG_KEY: usize = 1000;

pub(crate) struct Lines<'a, 'p, 't> {
    pub composer: &'a mut Composer,
    pub parser: &'p mut Parser<'t>,
    pub input: &'a Input<'a>,
    /// The text up to the end of the document.
    pub bytes: &'t [u8],
    frames: Vec<Frame>,
}

impl<'a, 'p, 't> Lines<'a, 'p, 't> {
    pub fn new(
        composer: &'a mut Composer,
        parser: &'p mut Parser<'t>,
        input: &'a Input<'a>,
        bytes: &'t [u8],
    ) -> Self {
        Lines { composer, parser, input, bytes, frames: Vec::with_capacity(LEVELS) }
    }

    /// Reads the document from that offset on; the nodes are in the composer then.
    pub fn read(&mut self, mut at: usize) -> Fast<()> {
        if self.bytes[at..].starts_with(b"---") {
            if self.byte(at + 3) != b'\n' {
                return Err(GiveUp);
            }
            at += 4;
        }
        while at < self.bytes.len() {
            let line = at;
            while self.byte(at) == b' ' {
                at += 1;
            }
            match self.byte(at) {
                b'\n' => at += 1,
                b'#' => at = self.comment(at, false),
                0 if at >= self.bytes.len() => break,
                _ => at = self.content(line, at)?,
            }
        }
        while !self.frames.is_empty() {
            self.close();
        }
        // A document of nothing is null to go-yaml, and one scalar is not worth a second way.
        if self.composer.nodes.is_empty() { Err(GiveUp) } else { Ok(()) }
    }

    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The first place from there on that ends or doubts a plain scalar.
    #[inline]
    fn stop(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|b| CLASS[*b as usize] & 1 != 0).unwrap_or(rest.len())
    }

    fn end_of_line(&self, at: usize) -> usize {
        self.bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(self.bytes.len(), |n| at + n)
    }

    /// Notes a comment; gives the start of the next line.
    fn comment(&mut self, at: usize, trailing: bool) -> usize {
        let end = self.end_of_line(at);
        self.parser.scanner.comments.push(CommentSpan { start: at as u32, end: end as u32, trailing });
        end + 1
    }

    /// Past blanks and a comment to the next line; anything else is more than this knows.
    fn rest_of_line(&mut self, mut at: usize) -> Fast<usize> {
        let from = at;
        while self.byte(at) == b' ' {
            at += 1;
        }
        match self.byte(at) {
            b'\n' => Ok(at + 1),
            b'#' if at > from => Ok(self.comment(at, true)),
            0 if at >= self.bytes.len() => Ok(at),
            _ => Err(GiveUp),
        }
    }

    /// A line with something on it, whose first character is at that offset; gives the start of the next line.
    fn content(&mut self, line: usize, mut at: usize) -> Fast<usize> {
        let mut column = (at - line) as u32;
        while self.frames.last().is_some_and(|frame| frame.indent > column) {
            self.close();
        }
        if column == 0 && self.bytes[at..].starts_with(b"...") {
            return Err(GiveUp);
        }
        let mut dash = self.is_dash(at);
        match self.frames.last_mut() {
            None if !self.composer.nodes.is_empty() => return Err(GiveUp),
            None => {}
            Some(frame) if frame.indent < column && !frame.awaits => return Err(GiveUp),
            Some(frame) if frame.indent < column => {}
            // At the column of an open collection.
            Some(frame) => match (frame.kind, dash) {
                (FrameKind::Map, true) if frame.awaits => {
                    frame.awaits = false;
                    self.open(at, column, FrameKind::Indentless)?;
                }
                (FrameKind::Seq, false) | (FrameKind::Map, true) => return Err(GiveUp),
                (FrameKind::Indentless, false) => self.close(),
                _ => {}
            },
        }
        // The key that was found behind a dash.
        let mut known = None;
        loop {
            let fits = self.frames.last().is_some_and(|f| f.indent == column);
            if !dash {
                // Only a key may follow; a scalar on a line of its own is for the other way.
                let key = match known {
                    Some(key) => key,
                    None => self.find_key(at)?,
                };
                if !fits {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.awaits = false;
                    }
                    self.open(at, column, FrameKind::Map)?;
                    return self.entry(at, key, line);
                }
                self.fill();
                return self.entry(at, key, line);
            }
            if fits {
                self.fill();
            } else {
                if let Some(frame) = self.frames.last_mut() {
                    frame.awaits = false;
                }
                self.open(at, column, FrameKind::Seq)?;
            }
            // The item: nothing yet, another dash, a key, or a scalar.
            let after = at + 1;
            let mut next = after;
            while self.byte(next) == b' ' {
                next += 1;
            }
            if matches!(self.byte(next), b'\n' | b'#') || next >= self.bytes.len() {
                self.composer.last_mark = after as u32;
                self.await_value();
                return self.rest_of_line(after);
            }
            let is_dash = self.is_dash(next);
            known = if is_dash { None } else { self.find_key(next).ok() };
            if is_dash || known.is_some() {
                column += (next - at) as u32;
                at = next;
                dash = is_dash;
                self.await_value();
                continue;
            }
            let indent = column;
            return self.value(next, indent, line);
        }
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == b'-' && (matches!(self.byte(at + 1), b' ' | b'\n') || at + 1 >= self.bytes.len())
    }

    fn await_value(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.awaits = true;
        }
    }

    /// Puts null where the innermost collection still awaits a value.
    fn fill(&mut self) {
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.awaits) {
            frame.awaits = false;
            let at = self.composer.last_mark;
            self.scalar(at, at, Style::Plain, Resolved::Null);
        }
    }

    fn close(&mut self) {
        self.fill();
        if let Some(frame) = self.frames.pop() {
            let next = self.composer.nodes.len() as u32;
            let end = self.composer.last_end.at;
            if let Some(node) = self.composer.nodes.get_mut(frame.node as usize) {
                node.next = next;
                node.end = end.max(node.start);
            }
        }
    }

    fn open(&mut self, at: usize, indent: u32, kind: FrameKind) -> Fast<()> {
        if self.frames.len() as u32 >= self.input.limits.depth / 2 {
            return Err(GiveUp);
        }
        let node = self.composer.nodes.len() as u32;
        let (node_kind, resolved) = match kind {
            FrameKind::Map => (Kind::Map, Resolved::Map),
            FrameKind::Seq | FrameKind::Indentless => (Kind::Seq, Resolved::Seq),
        };
        self.composer.nodes.push(Raw {
            start: at as u32,
            end: at as u32,
            next: node + 1,
            kind: node_kind,
            style: Style::Block,
            resolved,
            flags: 0,
        });
        self.frames.push(Frame { node, indent, kind, awaits: false });
        Ok(())
    }

    #[inline]
    fn scalar(&mut self, start: u32, end: u32, style: Style, resolved: Resolved) {
        let next = self.composer.nodes.len() as u32 + 1;
        self.composer.nodes.push(Raw { start, end, next, kind: Kind::Scalar, style, resolved, flags: 0 });
        self.composer.last_end.at = end;
    }

    /// Whether a key stands there: its end, and the place of its colon.
    fn find_key(&self, at: usize) -> Fast<(usize, usize)> {
        let first = self.byte(at);
        let mut end = at;
        if first == b'"' || first == b'\'' {
            end += 1;
            loop {
                match self.byte(end) {
                    b if b == first => break,
                    b'\\' | b'\n' | b'\r' | 0 => return Err(GiveUp),
                    _ => end += 1,
                }
            }
            end += 1;
            if self.byte(end) == first {
                return Err(GiveUp);
            }
        } else {
            if CLASS[first as usize] & 2 != 0 || first == 0 {
                return Err(GiveUp);
            }
            loop {
                end = self.stop(end);
                match self.byte(end) {
                    b':' if !matches!(self.byte(end + 1), b' ' | b'\n') && end + 1 < self.bytes.len() => {
                        if matches!(self.byte(end + 1), b'\t' | b'\r') {
                            return Err(GiveUp);
                        }
                    }
                    b':' => break,
                    b'#' if self.byte(end - 1) != b' ' => {}
                    _ => return Err(GiveUp),
                }
                end += 1;
            }
        }
        let mut colon = end;
        if first == b'"' || first == b'\'' {
            while self.byte(colon) == b' ' {
                colon += 1;
            }
            let blank = matches!(self.byte(colon + 1), b' ' | b'\n') || colon + 1 >= self.bytes.len();
            if self.byte(colon) != b':' || !blank {
                return Err(GiveUp);
            }
        } else {
            while self.byte(end - 1) == b' ' {
                end -= 1;
            }
        }
        if colon - at > LONG_KEY { Err(GiveUp) } else { Ok((end, colon)) }
    }

    /// A key of the innermost map and what follows it.
    fn entry(&mut self, at: usize, (end, colon): (usize, usize), line: usize) -> Fast<usize> {
        let quoted = matches!(self.byte(at), b'"' | b'\'');
        let style = match self.byte(at) {
            b'"' => Style::DoubleQuoted,
            b'\'' => Style::SingleQuoted,
            _ => Style::Plain,
        };
        let resolved = if quoted {
            Resolved::Str
        } else {
            let text = self.input.text.get(at..end).ok_or(GiveUp)?;
            if text == "<<" {
                return Err(GiveUp);
            }
            let resolved = resolve(text, false);
            self.composer.note_key(resolved);
            resolved
        };
        if resolved == Resolved::Float {
            // It may be an infinity.
            return Err(GiveUp);
        }
        self.scalar(at as u32, end as u32, style, resolved);
        let after = colon + 1;
        let mut next = after;
        while self.byte(next) == b' ' {
            next += 1;
        }
        if matches!(self.byte(next), b'\n' | b'#') || next >= self.bytes.len() {
            self.composer.last_mark = after as u32;
            self.await_value();
            return self.rest_of_line(after);
        }
        let indent = self.frames.last().map_or(0, |frame| frame.indent);
        self.value(next, indent, line)
    }

    /// A value that begins on this line; `indent` is that of the block collection that it stands in.
    fn value(&mut self, at: usize, indent: u32, line: usize) -> Fast<usize> {
        let first = self.byte(at);
        let mark = Mark { at: at as u32, line: 0, column: (at - line) as u32, index: 0 };
        match first {
            b'"' | b'\'' => {
                let mut end = at + 1;
                loop {
                    match self.byte(end) {
                        b if b == first => break,
                        b'\\' | b'\n' | b'\r' | 0 => return self.long_quoted(mark),
                        _ => end += 1,
                    }
                }
                if self.byte(end + 1) == first {
                    return self.long_quoted(mark);
                }
                let style = if first == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
                self.scalar(at as u32, end as u32 + 1, style, Resolved::Str);
                self.rest_of_line(end + 1)
            }
            b'|' | b'>' => {
                let style = if first == b'|' { Style::Literal } else { Style::Folded };
                let token = self.parser.scanner.block_scalar_at(mark, indent as i32, first == b'|');
                let token = token.map_err(|_| GiveUp)?;
                let stand = self.parser.scanner.cursor.mark;
                self.composer.string(self.input, token.value, style, token.start.at, token.end.at);
                // The scanner has gone past the next line's indentation, if there is a next line.
                let at_end = stand.at as usize >= self.bytes.len();
                Ok(if at_end { self.bytes.len() } else { (stand.at - stand.column) as usize })
            }
            b'[' | b'{' => self.flow(mark, indent),
            _ if CLASS[first as usize] & 2 != 0 && !self.is_plain_start(at) => Err(GiveUp),
            _ => self.plain(at),
        }
    }

    /// `-x`, `:x` and `?x` are plain scalars.
    fn is_plain_start(&self, at: usize) -> bool {
        matches!(self.byte(at), b'-' | b':' | b'?') && self.byte(at + 1) > b' '
    }

    fn plain(&mut self, at: usize) -> Fast<usize> {
        let mut end = at;
        loop {
            end = self.stop(end);
            match self.byte(end) {
                b'\n' => break,
                0 if end >= self.bytes.len() => break,
                b':' if self.byte(end + 1) > b' ' => {}
                b'#' if end > at && self.byte(end - 1) != b' ' => {}
                b'#' => break,
                _ => return Err(GiveUp),
            }
            end += 1;
        }
        let stop = end;
        while end > at && self.byte(end - 1) == b' ' {
            end -= 1;
        }
        let text = self.input.text.get(at..end).ok_or(GiveUp)?;
        let resolved = resolve(text, false);
        self.composer.note_value(resolved, text);
        self.scalar(at as u32, end as u32, Style::Plain, resolved);
        Ok(if self.byte(stop) == b'#' { self.comment(stop, true) } else { stop + 1 })
    }

    /// A quoted scalar with escapes or over several lines.
    fn long_quoted(&mut self, mark: Mark) -> Fast<usize> {
        let single = self.byte(mark.at as usize) == b'\'';
        let token = self.parser.scanner.quoted_at(mark, single).map_err(|_| GiveUp)?;
        let stand = self.parser.scanner.cursor.mark.at as usize;
        let style = if single { Style::SingleQuoted } else { Style::DoubleQuoted };
        self.composer.string(self.input, token.value, style, token.start.at, token.end.at);
        self.rest_of_line(stand)
    }

    /// Brackets: the parser's business from the first to the last.
    fn flow(&mut self, mark: Mark, indent: u32) -> Fast<usize> {
        self.parser.begin_flow(mark, indent as i32);
        loop {
            let event = self.parser.next().map_err(|_| GiveUp)?;
            if event.tag.is_some() || event.anchor.is_some() {
                return Err(GiveUp);
            }
            match event.kind {
                EventKind::Scalar(style) => self.composer.scalar(self.input, self.parser, event, style),
                EventKind::SequenceStart(style) => self.composer.open(self.input, event, Kind::Seq, style),
                EventKind::MappingStart(style) => self.composer.open(self.input, event, Kind::Map, style),
                EventKind::SequenceEnd | EventKind::MappingEnd => self.composer.close(&event),
                _ => return Err(GiveUp),
            }
            if !self.composer.is_open() {
                return self.rest_of_line(self.composer.last_end.at as usize);
            }
        }
    }
}
