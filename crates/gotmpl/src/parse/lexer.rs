//! The lexer: text, actions and what is inside of them.
//!
//! It scans bytes and looks at characters only where a byte is not ASCII; text between actions is found by `memchr`.
//! Tokens hold no line: lines are counted from the token's offset when an error needs one.

use std::sync::OnceLock;

use memchr::memmem::Finder;

use super::literal::decode;
use crate::strconv::{is_print, quote};

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// The lexer cannot go on; the text is [`Lexer::error`].
    Error,
    /// `true`, `false`
    Bool,
    /// Printable ASCII that means nothing by itself, such as a comma.
    Char,
    /// `'a'`
    CharConstant,
    /// `1+2i`
    Complex,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    /// The end.
    Eof,
    /// `.name`
    Field,
    /// `name`
    Identifier,
    /// `{{`
    LeftDelim,
    /// `(`
    LeftParen,
    /// A number.
    Number,
    /// `|`
    Pipe,
    /// `` `text` ``
    RawString,
    /// `}}`
    RightDelim,
    /// `)`
    RightParen,
    /// Blanks, which separate arguments.
    Space,
    /// `"text"`
    String,
    /// Text between actions.
    Text,
    /// `$name`
    Variable,
    /// `.`
    Dot,
    /// The keyword.
    Block,
    /// The keyword.
    Break,
    /// The keyword.
    Continue,
    /// The keyword.
    Define,
    /// The keyword.
    Else,
    /// The keyword.
    End,
    /// The keyword.
    If,
    /// The keyword.
    Nil,
    /// The keyword.
    Range,
    /// The keyword.
    Template,
    /// The keyword.
    With,
}

impl TokenKind {
    /// Whether error texts show it as `<word>`.
    pub fn is_keyword(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Dot | Block | Break | Continue | Define | Else | End | If | Nil | Range | Template | With
        )
    }
}

/// A token: its kind and its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Gives the tokens of a text one by one.
pub struct Lexer<'a> {
    input: &'a [u8],
    pos: usize,
    start: usize,
    inside: bool,
    parens: usize,
    delim: Finder<'static>,
    /// What is wrong, after a token of kind [`TokenKind::Error`].
    pub error: String,
}

impl<'a> Lexer<'a> {
    /// At the start of the text.
    pub fn new(input: &'a [u8]) -> Self {
        let delim = Finder::new(b"{{");
        Lexer { input, pos: 0, start: 0, inside: false, parens: 0, delim, error: String::new() }
    }

    /// The next token; [`TokenKind::Eof`] at the end and for ever after, also after an error.
    pub fn token(&mut self) -> Token {
        if self.inside { self.action() } else { self.text() }
    }

    fn byte(&self, at: usize) -> u8 {
        self.input.get(at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a [u8] {
        self.input.get(self.pos..).unwrap_or_default()
    }

    fn emit(&mut self, kind: TokenKind) -> Token {
        let token = Token { kind, start: self.start as u32, end: self.pos as u32 };
        self.start = self.pos;
        token
    }

    /// Out of the way of the good case, which is called for every token.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, text: &str) -> Token {
        self.error = text.to_owned();
        let token = Token { kind: TokenKind::Error, start: self.start as u32, end: self.start as u32 };
        self.pos = self.input.len();
        self.start = self.pos;
        self.inside = false;
        token
    }

    fn text(&mut self) -> Token {
        loop {
            let Some(at) = self.delim.find(self.rest()) else {
                self.pos = self.input.len();
                return self.emit(if self.pos > self.start { TokenKind::Text } else { TokenKind::Eof });
            };
            if at > 0 {
                let delim = self.pos + at;
                self.pos = delim;
                if self.trims_left(delim + 2) {
                    let text = &self.input[self.start..delim];
                    self.pos = self.start + text.trim_ascii_end_go().len();
                }
                let token = self.emit(TokenKind::Text);
                self.pos = delim;
                self.start = delim;
                if token.end > token.start {
                    return token;
                }
            }
            // At the delimiter.
            let marker = if self.trims_left(self.pos + 2) { 2 } else { 0 };
            if self.input[self.pos + 2 + marker..].starts_with(b"/*") {
                self.pos += 2 + marker;
                self.start = self.pos;
                if let Some(error) = self.comment() {
                    return error;
                }
                continue;
            }
            self.pos += 2;
            let token = self.emit(TokenKind::LeftDelim);
            self.inside = true;
            self.parens = 0;
            self.pos += marker;
            self.start = self.pos;
            return token;
        }
    }

    /// Skips a comment; the token of what is wrong with it.
    fn comment(&mut self) -> Option<Token> {
        let Some(at) = memchr::memmem::find(&self.input[self.pos + 2..], b"*/") else {
            return Some(self.fail("unclosed comment"));
        };
        self.pos += 2 + at + 2;
        match self.right_delim() {
            None => Some(self.fail("comment ends before closing delimiter")),
            Some(trims) => {
                self.skip_right_delim(trims);
                None
            }
        }
    }

    fn trims_left(&self, at: usize) -> bool {
        self.byte(at) == b'-' && is_space(self.byte(at + 1))
    }

    /// Whether `}}` stands here, and whether it trims what follows.
    fn right_delim(&self) -> Option<bool> {
        match self.rest() {
            [b'}', b'}', ..] => Some(false),
            [space, b'-', b'}', b'}', ..] if is_space(*space) => Some(true),
            _ => None,
        }
    }

    fn skip_right_delim(&mut self, trims: bool) {
        if trims {
            self.pos += 4;
            let rest = self.rest();
            self.pos += count_of(rest, SPACE);
        } else {
            self.pos += 2;
        }
        self.start = self.pos;
    }

    fn action(&mut self) -> Token {
        if let Some(trims) = self.right_delim() {
            if self.parens > 0 {
                return self.fail("unclosed left paren");
            }
            let start = if trims { self.pos + 2 } else { self.pos };
            let token = Token { kind: TokenKind::RightDelim, start: start as u32, end: start as u32 + 2 };
            self.skip_right_delim(trims);
            self.inside = false;
            return token;
        }
        let Some(&first) = self.rest().first() else {
            return self.fail("unclosed action");
        };
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => self.space(),
            b'=' => self.single(TokenKind::Assign),
            b':' => {
                self.pos += 1;
                if self.byte(self.pos) != b'=' {
                    return self.fail("expected :=");
                }
                self.single(TokenKind::Declare)
            }
            b'|' => self.single(TokenKind::Pipe),
            b'"' => self.quoted(b'"', TokenKind::String, "unterminated quoted string"),
            b'\'' => self.quoted(b'\'', TokenKind::CharConstant, "unterminated character constant"),
            b'`' => match memchr::memchr(b'`', &self.rest()[1..]) {
                Some(at) => {
                    self.pos += at + 2;
                    self.emit(TokenKind::RawString)
                }
                None => self.fail("unterminated raw quoted string"),
            },
            b'$' => {
                self.pos += 1;
                self.word(TokenKind::Variable)
            }
            b'.' if self.pos + 1 < self.input.len() && !self.byte(self.pos + 1).is_ascii_digit() => {
                self.pos += 1;
                self.word(TokenKind::Field)
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(),
            b'(' => {
                self.parens += 1;
                self.single(TokenKind::LeftParen)
            }
            b')' if self.parens == 0 => self.fail("unexpected right paren"),
            b')' => {
                self.parens -= 1;
                self.single(TokenKind::RightParen)
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.word(TokenKind::Identifier),
            0x21..=0x7e => self.single(TokenKind::Char),
            _ => {
                let (c, _) = decode(self.rest());
                if is_alphanumeric(c) {
                    self.word(TokenKind::Identifier)
                } else {
                    self.fail(&format!("unrecognized character in action: {}", show(c)))
                }
            }
        }
    }

    fn single(&mut self, kind: TokenKind) -> Token {
        self.pos += 1;
        self.emit(kind)
    }

    fn space(&mut self) -> Token {
        let count = count_of(self.rest(), SPACE);
        self.pos += count;
        // The last blank may belong to a trimming delimiter.
        if self.input[self.pos..].starts_with(b"-}}") {
            self.pos -= 1;
            if count == 1 {
                return self.action();
            }
        }
        self.emit(TokenKind::Space)
    }

    fn quoted(&mut self, mark: u8, kind: TokenKind, unterminated: &str) -> Token {
        let mut at = self.pos + 1;
        loop {
            match self.input.get(at) {
                Some(b'\\') if self.input.get(at + 1).is_some_and(|b| *b != b'\n') => at += 2,
                None | Some(b'\n' | b'\\') => return self.fail(unterminated),
                Some(b) if *b == mark => break,
                Some(_) => at += 1,
            }
        }
        self.pos = at + 1;
        self.emit(kind)
    }

    /// An identifier, a field after its dot, or a variable after its `$`.
    fn word(&mut self, kind: TokenKind) -> Token {
        let first = self.pos;
        loop {
            self.pos += count_of(self.rest(), WORD);
            if self.byte(self.pos) < 0x80 {
                break;
            }
            let (c, width) = decode(self.rest());
            if !is_alphanumeric(c) {
                break;
            }
            self.pos += width;
        }
        if !self.at_terminator() {
            return self.bad_character();
        }
        if kind == TokenKind::Field && self.pos == first {
            return self.emit(TokenKind::Dot);
        }
        if kind != TokenKind::Identifier {
            return self.emit(kind);
        }
        let word = &self.input[self.start..self.pos];
        let kind = match word {
            // Most words are functions, and no keyword is longer.
            _ if word.len() > b"continue".len() => TokenKind::Identifier,
            b"block" => TokenKind::Block,
            b"break" => TokenKind::Break,
            b"continue" => TokenKind::Continue,
            b"define" => TokenKind::Define,
            b"else" => TokenKind::Else,
            b"end" => TokenKind::End,
            b"if" => TokenKind::If,
            b"range" => TokenKind::Range,
            b"nil" => TokenKind::Nil,
            b"template" => TokenKind::Template,
            b"with" => TokenKind::With,
            b"true" | b"false" => TokenKind::Bool,
            _ => TokenKind::Identifier,
        };
        self.emit(kind)
    }

    fn at_terminator(&self) -> bool {
        match self.rest() {
            [] | [b'}', b'}', ..] => true,
            [b, ..] => CLASSES[usize::from(*b)] & ENDS_WORD != 0,
        }
    }

    fn number(&mut self) -> Token {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.rest().first(), Some(b'+' | b'-')) {
            if !self.scan_number() || self.byte(self.pos - 1) != b'i' {
                return self.bad_number();
            }
            return self.emit(TokenKind::Complex);
        }
        self.emit(TokenKind::Number)
    }

    #[cold]
    fn bad_character(&mut self) -> Token {
        let (c, _) = decode(self.rest());
        self.fail(&format!("bad character {}", show(c)))
    }

    #[cold]
    fn bad_number(&mut self) -> Token {
        let text = format!("bad number syntax: {}", quote(&self.input[self.start..self.pos]));
        self.fail(&text)
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = b"0123456789abcdefABCDEF_";
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if (digits.len() == 11 && self.accept(b"eE")) || (digits.len() == 23 && self.accept(b"pP")) {
            self.accept(b"+-");
            self.accept_run(b"0123456789_");
        }
        self.accept(b"i");
        let (c, width) = decode(self.rest());
        if !self.rest().is_empty() && is_alphanumeric(c) {
            self.pos += width;
            return false;
        }
        true
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        let found = self.rest().first().is_some_and(|b| valid.contains(b));
        self.pos += usize::from(found);
        found
    }

    fn accept_run(&mut self, valid: &[u8]) {
        self.pos += self.rest().iter().take_while(|b| valid.contains(b)).count();
    }
}

trait TrimGo {
    fn trim_ascii_end_go(&self) -> &Self;
}

impl TrimGo for [u8] {
    /// Without trailing blanks, which are four characters only.
    fn trim_ascii_end_go(&self) -> &[u8] {
        let end = self.iter().rposition(|b| !is_space(*b)).map_or(0, |at| at + 1);
        &self[..end]
    }
}

const SPACE: u8 = 1;
/// Letters, digits and `_` of ASCII.
const WORD: u8 = 2;
/// What may follow a word.
const ENDS_WORD: u8 = 4;

/// What each byte is: half of all tokens are words and the blanks between them.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut b = 0;
    while b < 256 {
        classes[b] = match b as u8 {
            b' ' | b'\t' | b'\r' | b'\n' => SPACE | ENDS_WORD,
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => WORD,
            b'.' | b',' | b'|' | b':' | b')' | b'(' => ENDS_WORD,
            _ => 0,
        };
        b += 1;
    }
    classes
};

/// How many bytes of that class come first.
fn count_of(text: &[u8], class: u8) -> usize {
    text.iter().position(|b| CLASSES[usize::from(*b)] & class == 0).unwrap_or(text.len())
}

fn is_space(b: u8) -> bool {
    CLASSES[usize::from(b)] & SPACE != 0
}

/// Go's `%#U`.
fn show(c: char) -> String {
    let code = format!("U+{:04X}", c as u32);
    if is_print(c) { format!("{code} '{c}'") } else { code }
}

/// A letter, a decimal digit or `_`.
fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    // `char::is_alphabetic` is wider than Go's letters (it takes in marks and letter numbers).
    static CLASS: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let class = CLASS.get_or_init(|| match regex_syntax::parse(r"[\p{L}\p{Nd}]").map(|h| h.into_kind()) {
        Ok(regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class))) => {
            class.iter().map(|r| (r.start(), r.end())).collect()
        }
        _ => Vec::new(),
    });
    class
        .binary_search_by(|(a, b)| {
            if *b < c {
                std::cmp::Ordering::Less
            } else if *a > c {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}
