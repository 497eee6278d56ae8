//! Which comment belongs to which token, as go-yaml v3 has it.
//!
//! v3 keeps comments: while it cuts tokens it queues each comment with the place of the token that it belongs to,
//! and the parser picks up what is due whenever it looks at a token. Which comment lands where follows from the
//! order of these two movements, so that order is kept here. Reading a document does not need any of this; it
//! runs only where a tree is to be written with its comments.

use super::{Cursor, Mark, Token, TokenKind};

/// How far ahead v3 looks for a comment, in bytes; what comes later it takes for the next token's.
const REACH: usize = 512;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Head,
    Line,
    Foot,
}

struct Queued {
    role: Role,
    text: String,
    /// Where the look-ahead that found it began, what it belongs to, where it starts and ends. Columns of `start`
    /// count from 1.
    scan: Mark,
    token: Mark,
    start: Mark,
    end: Mark,
}

/// Comments due for the next event.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct EventComments {
    pub head: String,
    pub line: String,
    pub foot: String,
}

#[derive(Default)]
pub(crate) struct Attach {
    queue: Vec<Queued>,
    next: usize,
    due: EventComments,
    stem: Option<String>,
    /// What the parser's last event took.
    taken: EventComments,
}

impl Attach {
    /// What the last event took, which leaves none.
    pub fn of_event(&mut self) -> EventComments {
        std::mem::take(&mut self.taken)
    }

    // --- what the parser does -----------------------------------------------------------------------------

    /// The parser looks at a token: comments up to its place become due.
    pub fn looked_at(&mut self, token: &Token) {
        while let Some(queued) = self.queue.get_mut(self.next) {
            if token.start.index < queued.token.index {
                break;
            }
            // No heads on ends: it waits for what follows.
            if queued.role == Role::Head && token.kind == TokenKind::BlockEnd {
                break;
            }
            let due = match queued.role {
                Role::Head => &mut self.due.head,
                Role::Line => &mut self.due.line,
                Role::Foot => &mut self.due.foot,
            };
            if !due.is_empty() {
                due.push('\n');
            }
            due.push_str(&queued.text);
            queued.text = String::new();
            queued.token = Mark::default();
            queued.start = Mark::default();
            queued.end = Mark::default();
            queued.scan = Mark::default();
            self.next += 1;
        }
    }

    /// The event takes all that is due.
    pub fn event(&mut self) {
        self.taken = std::mem::take(&mut self.due);
        self.stem = None;
    }

    /// A document begins without `---`: a head above an empty line is the document's own.
    pub fn document_start(&mut self) {
        let head = self.due.head.as_bytes();
        for at in (1..head.len()).rev() {
            if head[at] != b'\n' {
                continue;
            }
            let own = if at == head.len() - 1 {
                at
            } else if head[at - 1] == b'\n' {
                at - 1
            } else {
                continue;
            };
            self.taken.head = self.due.head[..own].to_owned();
            self.due.head = self.due.head[at + 1..].to_owned();
            return;
        }
    }

    /// A document ends: what would be a head of nothing is its foot.
    pub fn document_end(&mut self) {
        self.event();
        if !self.taken.head.is_empty() && self.taken.foot.is_empty() {
            self.taken.foot = std::mem::take(&mut self.taken.head);
        }
    }

    /// Bytes of the head that is due.
    pub fn head_length(&self) -> usize {
        self.due.head.len()
    }

    /// Behind a dash a collection begins: the head that the dash had is the collection's, what came later its
    /// first entry's.
    pub fn split_stem(&mut self, length: usize, next: TokenKind) {
        if length == 0 || !matches!(next, TokenKind::BlockSequenceStart | TokenKind::BlockMappingStart) {
            return;
        }
        let rest = self.due.head.get(length + 1..).unwrap_or("").to_owned();
        self.due.head.truncate(length);
        self.stem = Some(std::mem::replace(&mut self.due.head, rest));
    }

    /// A block collection begins.
    pub fn block_start(&mut self) {
        self.taken = EventComments::default();
        if let Some(stem) = self.stem.take() {
            self.taken.head = stem;
        }
    }

    // --- what the scanner does ----------------------------------------------------------------------------

    /// Where a block of that indentation ends: before comments that stand at its own column, or else where the
    /// blanks began.
    pub fn block_end(&self, indent: i32, mark: &mut Mark) {
        let mut stop = i64::from(mark.index);
        for queued in self.queue.iter().rev() {
            if i64::from(queued.end.index) < stop {
                break;
            }
            if i64::from(queued.start.column) == i64::from(indent) + 1 {
                *mark = queued.start;
            }
            stop = i64::from(queued.scan.index);
        }
    }

    /// Blanks were passed: `- # text` over content is no line comment but the content's head.
    pub fn behind_dash(&mut self, tokens: [Option<TokenKind>; 2], cursor: &Cursor<'_>) {
        if tokens != [Some(TokenKind::BlockSequenceStart), Some(TokenKind::BlockEntry)] {
            return;
        }
        if let Some(last) = self.queue.last_mut()
            && last.role == Role::Line
            && !last.text.is_empty()
            && !cursor.is_break(0)
        {
            last.role = Role::Head;
            if last.start.line + 1 == cursor.mark.line {
                last.token = cursor.mark;
            }
        }
    }

    /// After a token: a comment on the rest of its line.
    pub fn line_comment(&mut self, cursor: &mut Cursor<'_>, token: Mark) {
        if newlines(cursor) > 0 {
            return;
        }
        let ahead = (0..REACH).find(|&n| !cursor.is_blank(n)).unwrap_or(REACH);
        if ahead == REACH || cursor.byte(ahead) != b'#' {
            return;
        }
        cursor.skip_ascii(ahead as u32);
        let start = cursor.mark;
        let mut text = String::new();
        read_line(cursor, &mut text);
        self.queue.push(Queued {
            role: Role::Line,
            text,
            scan: Mark::default(),
            token,
            start,
            end: Mark::default(),
        });
    }

    /// At a `#` before a token: this and the comments on the following lines. `last` and `before` are the last two
    /// tokens.
    pub fn comments(
        &mut self,
        cursor: &mut Cursor<'_>,
        mut scan: Mark,
        last: Option<Token>,
        before: Option<Token>,
        indent: i32,
        flow: bool,
    ) {
        let (kind, mut token) = match (last, before) {
            (Some(last), Some(before)) if last.kind == TokenKind::FlowEntry => (before.kind, before.start),
            (Some(last), _) => (last.kind, last.start),
            (None, _) => (TokenKind::StreamStart, Mark::default()),
        };
        let next_indent = indent.max(0);
        let newlines = newlines(cursor);
        let mut recent_empty = false;
        let mut first_empty = newlines <= 1;
        let mut start = Mark::default();
        let (mut line, mut column) = (cursor.mark.line, cursor.mark.column as i32);
        let mut text = String::new();
        // The line on which a comment has to start to be a foot of what stands before.
        let mut foot_line = -1;
        if scan.line > 0 {
            foot_line = i64::from(cursor.mark.line) - newlines as i64 + 1;
            if newlines == 0 && cursor.mark.column > 1 {
                foot_line += 1;
            }
        }
        let here = |cursor: &Cursor<'_>, ahead: usize, line: u32, column: i32| Mark {
            at: cursor.mark.at,
            line,
            column: column.max(0) as u32,
            index: cursor.mark.index + ahead as u32,
        };
        let mut ahead = 0;
        while ahead < REACH {
            column += 1;
            if cursor.is_blank(ahead) {
                ahead += 1;
                continue;
            }
            let c = cursor.byte(ahead);
            let close = flow && matches!(c, b']' | b'}');
            let dedented = start.column as i32 - 1 < next_indent;
            if close || cursor.is_breakz(ahead) {
                if close || !recent_empty {
                    let foot = first_empty
                        && (i64::from(start.line) == foot_line && kind != TokenKind::Value || dedented);
                    if close || foot {
                        // The first empty line: what stands above it belongs to what came before.
                        if !text.is_empty() {
                            if dedented {
                                token = start;
                            }
                            let end = here(cursor, ahead, line, column);
                            let text = std::mem::take(&mut text);
                            self.queue.push(Queued { role: Role::Foot, text, scan, token, start, end });
                            (scan, token) = (end, end);
                        }
                    } else if !text.is_empty() && c != 0 {
                        text.push('\n');
                    }
                }
                if !cursor.is_break(ahead) {
                    break;
                }
                first_empty = false;
                recent_empty = true;
                column = 0;
                line += 1;
                ahead += 1;
                continue;
            }
            if !text.is_empty() && column - 1 < next_indent && column != start.column as i32 {
                // Further left: the comment above belongs to what came before it.
                let end = here(cursor, ahead, line, column);
                let text = std::mem::take(&mut text);
                self.queue.push(Queued { role: Role::Foot, text, scan, token, start, end });
                (scan, token) = (end, end);
            }
            if c != b'#' {
                break;
            }
            if text.is_empty() {
                start = here(cursor, ahead, line, column);
            } else {
                text.push('\n');
            }
            recent_empty = false;
            // Over the lines between, to the comment itself.
            let mut left = ahead;
            while left > 0 {
                let before = cursor.mark.at;
                if cursor.is_break(0) {
                    cursor.skip_line();
                } else {
                    cursor.skip_ascii(1);
                }
                left = left.saturating_sub((cursor.mark.at - before) as usize);
            }
            read_line(cursor, &mut text);
            // The line break that ends the comment is looked over, not at.
            ahead = 1;
            column = 0;
            line = cursor.mark.line;
        }
        if !text.is_empty() {
            let end = here(cursor, ahead.saturating_sub(1), line, column);
            self.queue.push(Queued { role: Role::Head, text, scan, token: start, start, end });
        }
    }
}

/// Appends up to the line's end.
fn read_line(cursor: &mut Cursor<'_>, text: &mut String) {
    let from = cursor.mark.at as usize;
    cursor.skip_to_break();
    let read = cursor.bytes.get(from..cursor.mark.at as usize).unwrap_or_default();
    text.push_str(&String::from_utf8_lossy(read));
}

/// Line breaks between here and the last character that is neither break nor blank.
fn newlines(cursor: &Cursor<'_>) -> usize {
    let mut at = cursor.mark.at as usize;
    let mut count = 0;
    while let Some(before) = cursor.bytes.get(..at) {
        match before {
            [.., b' ' | b'\t'] => at -= 1,
            [.., b'\r', b'\n'] => {
                count += 1;
                at -= 2;
            }
            [.., b'\n' | b'\r'] => {
                count += 1;
                at -= 1;
            }
            [.., 0xC2, 0x85] => {
                count += 1;
                at -= 2;
            }
            [.., 0xE2, 0x80, 0xA8 | 0xA9] => {
                count += 1;
                at -= 3;
            }
            _ => break,
        }
    }
    count
}
