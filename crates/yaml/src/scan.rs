//! Text to tokens, exactly as go-yaml v2 and v3 cut it.
//!
//! go-yaml descends from libyaml, and what it accepts is decided by its scanner: which scalars may become keys,
//! where a tab is a blank and where it is an error, what ends a plain scalar. So this follows the same rules, one
//! token at a time with the same look-ahead, but over bytes of the source: a scalar whose text stands there as it
//! is costs no copy.

mod attach;
mod cursor;
mod scalar;
mod tag;
mod token;

use std::collections::VecDeque;

pub(crate) use attach::{Attach, EventComments};
pub(crate) use cursor::{Cursor, Mark};
pub(crate) use token::{Fault, Stage, Text, Token, TokenKind};

/// A place where a key without `?` may have begun.
#[derive(Clone, Copy)]
struct SimpleKey {
    possible: bool,
    required: bool,
    /// Whether look-ahead waits for it: see `fetch_flow_end`.
    awaited: bool,
    token: u32,
    mark: Mark,
}

/// A key without `?` stands on one line and within so many characters.
const KEY_LIMIT: u32 = 1024;

/// A comment as it is met: first byte, one past the last, and whether something stands before it on its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CommentSpan {
    pub start: u32,
    pub end: u32,
    pub trailing: bool,
}

pub(crate) struct Scanner<'t> {
    pub cursor: Cursor<'t>,
    /// Texts of scalars that differ from their source bytes.
    pub buffer: String,
    /// Handles and suffixes, or prefixes, of tags.
    pub tags: Vec<(String, String)>,
    pub comments: Vec<CommentSpan>,
    /// The quoted scalar that was read last.
    pub last_quoted: std::ops::Range<usize>,
    /// Set where comments are to be hung to nodes.
    pub attach: Option<Box<Attach>>,
    /// Rules of go-yaml v3 where they differ from v2's.
    v3: bool,
    depth: u32,
    tokens: VecDeque<Token>,
    /// How many tokens the parser has taken: the number of the first in the queue.
    taken: u32,
    available: bool,
    started: bool,
    ended: bool,
    keys: Vec<SimpleKey>,
    key_allowed: bool,
    flow: u32,
    indent: i32,
    indents: Vec<i32>,
}

type Scan<T> = Result<T, Box<Fault>>;

impl<'t> Scanner<'t> {
    pub fn new(cursor: Cursor<'t>, v3: bool, depth: u32) -> Self {
        Scanner {
            cursor,
            buffer: String::new(),
            tags: Vec::new(),
            comments: Vec::new(),
            last_quoted: 0..0,
            attach: None,
            v3,
            depth,
            tokens: VecDeque::new(),
            taken: 0,
            available: false,
            started: false,
            ended: false,
            keys: Vec::new(),
            key_allowed: false,
            flow: 0,
            indent: -1,
            indents: Vec::new(),
        }
    }

    /// Makes ready for the value of a key at that place, in a block collection of that indentation: what comes
    /// is no key.
    pub fn begin_value(&mut self, mark: Mark, indent: i32) {
        self.cursor.mark = mark;
        self.tokens.clear();
        self.taken = 0;
        self.available = false;
        self.started = true;
        self.ended = false;
        self.keys.clear();
        self.keys.push(SimpleKey { possible: false, required: false, awaited: false, token: 0, mark });
        self.key_allowed = false;
        self.flow = 0;
        self.indent = indent;
        self.indents.clear();
    }

    /// The block scalar there, in a block collection of that indentation.
    pub fn block_scalar_at(&mut self, mark: Mark, indent: i32, literal: bool) -> Scan<Token> {
        self.begin_value(mark, indent);
        self.scan_block_scalar(literal)?;
        self.peek()
    }

    /// The quoted scalar there.
    pub fn quoted_at(&mut self, mark: Mark, single: bool) -> Scan<Token> {
        self.begin_value(mark, -1);
        self.scan_quoted(single)?;
        self.peek()
    }

    /// The next token, which stays the next.
    pub fn peek(&mut self) -> Scan<Token> {
        if !self.available {
            self.fetch_more()?;
        }
        let token = match self.tokens.front() {
            Some(token) => *token,
            None => Token::new(TokenKind::StreamEnd, self.cursor.mark, self.cursor.mark),
        };
        if let Some(attach) = &mut self.attach {
            attach.looked_at(&token);
        }
        Ok(token)
    }

    /// Takes the token that `peek` gave.
    pub fn take(&mut self) {
        self.available = false;
        self.taken += 1;
        if let Some(token) = self.tokens.pop_front() {
            self.ended = token.kind == TokenKind::StreamEnd;
        }
    }

    fn fault<T>(&self, context: &'static str, since: Mark, problem: &'static str) -> Scan<T> {
        Err(Box::new(Fault {
            stage: Stage::Scanner,
            problem: problem.into(),
            at: self.cursor.mark,
            context,
            since: Some(since),
        }))
    }

    fn too_deep<T>(&self, context: &'static str) -> Scan<T> {
        let since = self.keys.last().map_or(self.cursor.mark, |k| k.mark);
        Err(Box::new(Fault {
            stage: Stage::Scanner,
            problem: format!("exceeded max depth of {}", self.depth).into(),
            at: self.cursor.mark,
            context,
            since: Some(since),
        }))
    }

    /// Fetches until the first token of the queue is certain: while it may still turn out to be a key, more is
    /// read, because then a mapping start has to be put before it.
    fn fetch_more(&mut self) -> Scan<()> {
        loop {
            let queued = self.tokens.len();
            // v3 looks two tokens further ahead, for the sake of comments; errors surface in another order.
            if queued > if self.v3 { 2 } else { 0 } && !self.front_may_be_key()? {
                break;
            }
            if self.ended || self.tokens.back().is_some_and(|t| t.kind == TokenKind::StreamEnd) {
                break;
            }
            self.fetch_next()?;
        }
        self.available = true;
        Ok(())
    }

    fn front_may_be_key(&mut self) -> Scan<bool> {
        let taken = self.taken;
        // Token numbers grow along the stack, so the entry is found without looking at all levels.
        let mut at = self.keys.partition_point(|k| k.token < taken);
        while let Some(key) = self.keys.get(at) {
            if key.token != taken {
                break;
            }
            if key.possible && key.awaited {
                return self.key_is_valid(at);
            }
            at += 1;
        }
        Ok(false)
    }

    fn key_is_valid(&mut self, at: usize) -> Scan<bool> {
        let key = self.keys[at];
        if !key.possible {
            return Ok(false);
        }
        let here = self.cursor.mark;
        if key.mark.line < here.line || key.mark.index + KEY_LIMIT < here.index {
            if key.required {
                return self.fault("while scanning a simple key", key.mark, "could not find expected ':'");
            }
            self.keys[at].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn save_key(&mut self) -> Scan<()> {
        if self.key_allowed {
            let key = SimpleKey {
                possible: true,
                required: self.flow == 0 && self.indent == self.cursor.mark.column as i32,
                awaited: true,
                token: self.taken + self.tokens.len() as u32,
                mark: self.cursor.mark,
            };
            self.remove_key()?;
            if let Some(last) = self.keys.last_mut() {
                *last = key;
            }
        }
        Ok(())
    }

    fn remove_key(&mut self) -> Scan<()> {
        if let Some(key) = self.keys.last().copied().filter(|k| k.possible) {
            if key.required {
                return self.fault("while scanning a simple key", key.mark, "could not find expected ':'");
            }
            if let Some(last) = self.keys.last_mut() {
                last.possible = false;
            }
        }
        Ok(())
    }

    fn roll_indent(&mut self, column: u32, number: Option<u32>, kind: TokenKind, mark: Mark) -> Scan<()> {
        if self.flow > 0 || self.indent >= column as i32 {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column as i32;
        if self.indents.len() > self.depth as usize {
            return self.too_deep("while increasing indent level");
        }
        let token = Token::new(kind, mark, mark);
        self.insert(number, token);
        Ok(())
    }

    /// Puts a token before the one of that number; at the end where there is none, or it is taken already.
    fn insert(&mut self, number: Option<u32>, token: Token) {
        match number.and_then(|n| n.checked_sub(self.taken)) {
            Some(at) => self.tokens.insert((at as usize).min(self.tokens.len()), token),
            None => self.tokens.push_back(token),
        }
    }

    /// `blanks`: where what was skipped before this place began.
    fn unroll_indent(&mut self, column: i32, blanks: Mark) {
        if self.flow > 0 {
            return;
        }
        let mut start = self.cursor.mark;
        if self.attach.is_some() {
            start = Mark { index: blanks.index.saturating_sub(1), ..blanks };
        }
        while self.indent > column {
            if let Some(attach) = &self.attach {
                attach.block_end(self.indent, &mut start);
            }
            self.push(TokenKind::BlockEnd, start);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// A token from `start` to where the cursor is.
    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.tokens.push_back(Token::new(kind, start, self.cursor.mark));
    }

    fn fetch_next(&mut self) -> Scan<()> {
        if !self.started {
            self.started = true;
            self.key_allowed = true;
            self.keys.push(SimpleKey {
                possible: false,
                required: false,
                awaited: false,
                token: 0,
                mark: Mark::default(),
            });
            self.push(TokenKind::StreamStart, self.cursor.mark);
            return Ok(());
        }
        let blanks = self.cursor.mark;
        self.skip_to_token();
        self.unroll_indent(self.cursor.mark.column as i32, blanks);
        let first = self.cursor.peek();
        if first == 0 {
            return self.fetch_stream_end();
        }
        if self.cursor.mark.column == 0 && first == b'%' {
            self.leave_blocks()?;
            return self.scan_directive();
        }
        if self.cursor.at_document_indicator() {
            self.leave_blocks()?;
            let start = self.cursor.mark;
            self.cursor.skip_ascii(3);
            let kind = if first == b'-' { TokenKind::DocumentStart } else { TokenKind::DocumentEnd };
            self.push(kind, start);
            return Ok(());
        }
        if self.attach.is_none() {
            return self.fetch_token(first);
        }
        // Behind a colon, or a comma in brackets, a comment belongs to what stands before it.
        let belongs = match (self.flow > 0, first, self.tokens.back()) {
            (false, b':', Some(before)) | (true, b',', Some(before)) => before.start,
            _ => self.cursor.mark,
        };
        self.fetch_token(first)?;
        // A dash alone has no comment of its own: it is a head of what follows.
        if self.tokens.back().is_none_or(|t| t.kind != TokenKind::BlockEntry) {
            self.line_comment(belongs);
        }
        Ok(())
    }

    fn fetch_token(&mut self, first: u8) -> Scan<()> {
        let flow = self.flow > 0;
        let before_blank = self.cursor.is_blankz(1);
        match first {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => {
                self.remove_key()?;
                self.key_allowed = true;
                self.indicator(TokenKind::FlowEntry);
                Ok(())
            }
            b'-' if before_blank => self.fetch_block_entry(),
            b'?' if flow || before_blank => self.fetch_key(),
            b':' if flow || before_blank => self.fetch_value(),
            b'*' => self.fetch_anchor(TokenKind::Alias),
            b'&' => self.fetch_anchor(TokenKind::Anchor),
            b'!' => {
                self.save_key()?;
                self.key_allowed = false;
                self.scan_tag()
            }
            b'|' | b'>' if !flow => {
                self.remove_key()?;
                self.key_allowed = true;
                self.scan_block_scalar(first == b'|')
            }
            b'\'' | b'"' => {
                self.save_key()?;
                self.key_allowed = false;
                self.scan_quoted(first == b'\'')
            }
            b'-' if !self.cursor.is_blank(1) => self.fetch_plain(),
            b'?' | b':' if !flow && !before_blank => self.fetch_plain(),
            b'-' | b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b' ' | b'\t' => self.fault(
                "while scanning for the next token",
                self.cursor.mark,
                "found character that cannot start any token",
            ),
            _ => self.fetch_plain(),
        }
    }

    /// Past one character that is a token of its own.
    fn indicator(&mut self, kind: TokenKind) {
        let start = self.cursor.mark;
        self.cursor.skip_ascii(1);
        self.push(kind, start);
    }

    fn leave_blocks(&mut self) -> Scan<()> {
        self.unroll_indent(-1, self.cursor.mark);
        self.remove_key()?;
        self.key_allowed = false;
        Ok(())
    }

    fn fetch_stream_end(&mut self) -> Scan<()> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.leave_blocks()?;
        self.push(TokenKind::StreamEnd, self.cursor.mark);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scan<()> {
        self.save_key()?;
        self.keys.push(SimpleKey {
            possible: false,
            required: false,
            awaited: false,
            token: self.taken + self.tokens.len() as u32,
            mark: self.cursor.mark,
        });
        self.flow += 1;
        if self.flow > self.depth {
            return self.too_deep("while increasing flow level");
        }
        self.key_allowed = true;
        self.indicator(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scan<()> {
        self.remove_key()?;
        if self.flow > 0 {
            self.flow -= 1;
            // go-yaml forgets the key that began at the level's own bracket along with the level, unless another
            // began inside: `[]: x` is a list, and then a value that nothing awaits.
            let closed = self.keys.pop().map(|key| key.token);
            if let Some(key) = self.keys.last_mut().filter(|key| Some(key.token) == closed) {
                key.awaited = false;
            }
        }
        self.key_allowed = false;
        self.indicator(kind);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scan<()> {
        let mark = self.cursor.mark;
        if self.flow == 0 {
            if !self.key_allowed {
                return self.fault("", mark, "block sequence entries are not allowed in this context");
            }
            self.roll_indent(mark.column, None, TokenKind::BlockSequenceStart, mark)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scan<()> {
        let mark = self.cursor.mark;
        if self.flow == 0 {
            if !self.key_allowed {
                return self.fault("", mark, "mapping keys are not allowed in this context");
            }
            self.roll_indent(mark.column, None, TokenKind::BlockMappingStart, mark)?;
        }
        self.remove_key()?;
        self.key_allowed = self.flow == 0;
        self.indicator(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self) -> Scan<()> {
        let here = self.cursor.mark;
        let last = self.keys.len().saturating_sub(1);
        if self.key_is_valid(last)? {
            let key = self.keys[last];
            let token = Token::new(TokenKind::Key, key.mark, key.mark);
            self.insert(Some(key.token), token);
            self.roll_indent(key.mark.column, Some(key.token), TokenKind::BlockMappingStart, key.mark)?;
            self.keys[last].possible = false;
            self.key_allowed = false;
        } else {
            if self.flow == 0 {
                if !self.key_allowed {
                    return self.fault("", here, "mapping values are not allowed in this context");
                }
                self.roll_indent(here.column, None, TokenKind::BlockMappingStart, here)?;
            }
            self.key_allowed = self.flow == 0;
        }
        self.indicator(TokenKind::Value);
        Ok(())
    }

    fn fetch_anchor(&mut self, kind: TokenKind) -> Scan<()> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.cursor.mark;
        self.cursor.skip_ascii(1);
        let name = self.cursor.mark.at;
        while is_name_byte(self.cursor.peek()) {
            self.cursor.skip_ascii(1);
        }
        let end = self.cursor.mark;
        let ends_well = self.cursor.is_blankz(0)
            || matches!(self.cursor.peek(), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if end.at == name || !ends_well {
            let context = match kind {
                TokenKind::Anchor => "while scanning an anchor",
                _ => "while scanning an alias",
            };
            return self.fault(context, start, "did not find expected alphabetic or numeric character");
        }
        self.tokens.push_back(Token { kind, start, end, value: Text::Source(name, end.at) });
        Ok(())
    }

    fn fetch_plain(&mut self) -> Scan<()> {
        self.save_key()?;
        self.key_allowed = false;
        self.scan_plain()
    }

    /// Past blanks, line breaks and comments.
    fn skip_to_token(&mut self) {
        let blanks = self.cursor.mark;
        loop {
            // A tab is a blank only where no key can begin, or it would count as indentation.
            let tabs = self.flow > 0 || !self.key_allowed;
            while self.cursor.peek() == b' ' || tabs && self.cursor.peek() == b'\t' {
                self.cursor.skip_ascii(1);
            }
            if let Some(attach) = &mut self.attach {
                let kind = |back: usize| Some(self.tokens.get(self.tokens.len().checked_sub(back)?)?.kind);
                attach.behind_dash([kind(2), kind(1)], &self.cursor);
            }
            if self.cursor.peek() == b'#' {
                match self.attach.take() {
                    Some(attach) => self.attach_comments(attach, blanks),
                    None => self.skip_comment(),
                }
            }
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_line();
            if self.flow == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn attach_comments(&mut self, mut attach: Box<Attach>, blanks: Mark) {
        let token = |back: usize| self.tokens.get(self.tokens.len().checked_sub(back)?).copied();
        let (last, before) = (token(1), token(2));
        attach.comments(&mut self.cursor, blanks, last, before, self.indent, self.flow > 0);
        self.attach = Some(attach);
    }

    /// A comment on the rest of the line, for the token at that place.
    fn line_comment(&mut self, token: Mark) {
        if let Some(attach) = &mut self.attach {
            attach.line_comment(&mut self.cursor, token);
        }
    }

    /// Past a comment, which is noted.
    fn skip_comment(&mut self) {
        let start = self.cursor.mark;
        self.cursor.skip_to_break();
        let line = &self.cursor.bytes[(start.at - start.column.min(start.at)) as usize..start.at as usize];
        let trailing = line.iter().rev().take_while(|b| **b != b'\n').any(|b| !matches!(b, b' ' | b'\t'));
        self.comments.push(CommentSpan { start: start.at, end: self.cursor.mark.at, trailing });
    }
}

/// What names of anchors, tag handles and directives are made of.
fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}
