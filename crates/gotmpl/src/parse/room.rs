//! The room that a parser works in, and how large the tree of a file will be.

use std::cell::Cell;

use super::ast::{Cmd, Expr, Stmt};
use super::lexer::{Lexer, Token, TokenKind};

/// What a parser needs only while it parses. A thread keeps it: a chart has hundreds of small files.
#[derive(Default)]
pub(super) struct Room {
    /// The tokens of the file.
    pub tokens: Vec<Token>,
    /// Statements of what is not closed yet.
    pub stmts: Vec<Stmt>,
    /// The same of operands.
    pub exprs: Vec<Expr>,
    /// The same of commands.
    pub cmds: Vec<Cmd>,
}

impl Room {
    /// The room of the last parser of this thread.
    pub(super) fn take() -> Room {
        ROOM.take()
    }

    /// Leaves the room to the next one.
    pub(super) fn keep(mut self) {
        if self.tokens.capacity() <= MAX_KEPT {
            self.tokens.clear();
            self.stmts.clear();
            self.exprs.clear();
            self.cmds.clear();
            ROOM.set(self);
        }
    }
}

thread_local! {
    static ROOM: Cell<Room> = Cell::default();
}

/// Tokens of the largest file whose room is kept: those of half a megabyte.
const MAX_KEPT: usize = 64 << 10;

/// How many there are of each kind of token, by which the arenas are made as large as they have to be.
#[derive(Default)]
pub(super) struct Counts {
    /// `{{`
    pub actions: usize,
    /// `end`
    pub ends: usize,
    /// Texts between actions.
    pub texts: usize,
    /// `(`
    pub parens: usize,
    /// `|`
    pub pipes: usize,
    /// `.name`
    pub fields: usize,
    /// What can be an operand; a chain of names counts once.
    pub operands: usize,
    /// Quoted and raw strings.
    pub strings: usize,
}

impl Counts {
    /// Reads all tokens.
    pub(super) fn of(lexer: &mut Lexer<'_>, tokens: &mut Vec<Token>) -> Counts {
        use TokenKind::*;
        let mut counts = Counts::default();
        let mut before = Eof;
        loop {
            let token = lexer.token();
            tokens.push(token);
            match token.kind {
                Eof => return counts,
                LeftDelim => counts.actions += 1,
                End => counts.ends += 1,
                Text => counts.texts += 1,
                LeftParen => counts.parens += 1,
                Pipe => counts.pipes += 1,
                Field => {
                    counts.fields += 1;
                    // The others of a chain are one operand with the first.
                    counts.operands += usize::from(before == Space);
                }
                String | RawString => {
                    counts.strings += 1;
                    counts.operands += 1;
                }
                Identifier | Variable | Dot | Nil | Bool | Number | CharConstant | Complex => {
                    counts.operands += 1;
                }
                _ => {}
            }
            before = token.kind;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_enough_for_the_tree() {
        let text = br#"a{{ if and .a.b (eq $.c "x") }}b{{ .d | quote }}{{ else }}{{ 1 }}{{ end }}"#;
        let mut tokens = Vec::new();
        let counts = Counts::of(&mut Lexer::new(text), &mut tokens);
        assert_eq!((counts.actions, counts.ends, counts.texts), (5, 1, 2));
        assert_eq!((counts.parens, counts.pipes, counts.strings), (1, 1, 1));
        assert_eq!((counts.fields, counts.operands), (4, 8));
        assert_eq!(tokens.last().map(|token| token.kind), Some(TokenKind::Eof));
    }

    #[test]
    fn a_room_comes_back_empty_and_a_large_one_is_given_up() {
        let mut room = Room::default();
        room.tokens.push(Token { kind: TokenKind::Eof, start: 0, end: 0 });
        room.keep();
        let mut room = Room::take();
        assert!(room.tokens.is_empty() && room.tokens.capacity() > 0);
        room.tokens.reserve(2 * MAX_KEPT);
        room.keep();
        assert_eq!(Room::take().tokens.capacity(), 0);
    }
}
