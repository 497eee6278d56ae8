//! From a pattern in Go's syntax to the tree that the engine takes.
//!
//! The parser is a stack of finished parts and of open marks (a parenthesis, a bar), as an operator parser has it:
//! nothing recurses, and errors come in the order and with the excerpts of Go's `regexp/syntax`.

mod piece;

use std::fmt;

use regex_syntax::hir::{Capture, Class, Hir, Look, Repetition};

use piece::{check_utf8, class_char, escaped_char, next_char, repeat_count, unicode_class, upto};

use super::class::{self, Set};

/// Why a pattern is none, in Go's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    what: &'static str,
    excerpt: Vec<u8>,
}

impl SyntaxError {
    fn new(what: &'static str, excerpt: &[u8]) -> Self {
        SyntaxError { what, excerpt: excerpt.to_vec() }
    }

    pub(super) fn too_large(pattern: &[u8]) -> Self {
        SyntaxError::new("expression too large", pattern)
    }

    /// What `MustCompile` panics with for that pattern.
    pub fn panic_text(&self, pattern: &[u8]) -> String {
        let plain = std::str::from_utf8(pattern).is_ok_and(|text| {
            !text.chars().any(|c| matches!(c, '`' | '\u{feff}' | '\x7f') || (c < ' ' && c != '\t'))
        });
        let shown = match plain {
            true => format!("`{}`", String::from_utf8_lossy(pattern)),
            false => crate::strconv::quote(pattern),
        };
        format!("regexp: Compile({shown}): {self}")
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.what, String::from_utf8_lossy(&self.excerpt))
    }
}

impl std::error::Error for SyntaxError {}

const CHAR_RANGE: &str = "invalid character class range";
const ESCAPE: &str = "invalid escape sequence";
const NAMED_CAPTURE: &str = "invalid named capture";
const PERL_OP: &str = "invalid or unsupported Perl syntax";
const REPEAT_OP: &str = "invalid nested repetition operator";
const REPEAT_SIZE: &str = "invalid repeat count";
const UTF8: &str = "invalid UTF-8";
const MISSING_BRACKET: &str = "missing closing ]";
const MISSING_PAREN: &str = "missing closing )";
const MISSING_ARGUMENT: &str = "missing argument to repetition operator";
const TRAILING_BACKSLASH: &str = "trailing backslash at end of expression";
const UNEXPECTED_PAREN: &str = "unexpected )";
const NESTING: &str = "expression nests too deeply";

/// Go's limits: copies of the innermost thing, depth, and instructions of the program.
const MAX_REPEAT: u32 = 1000;
const MAX_HEIGHT: u32 = 1000;
const MAX_SIZE: u64 = (128 << 20) / 40;
/// Runes in all classes together.
const MAX_RUNES: u64 = (128 << 20) / 4;

#[derive(Clone, Copy)]
struct Flags {
    fold: bool,
    dot_newline: bool,
    multi_line: bool,
    swap_greed: bool,
}

/// A finished part with what the limits need to know of it.
struct Part {
    hir: Hir,
    /// Levels of the tree.
    height: u32,
    /// Instructions, as Go estimates them.
    size: u64,
    /// The largest product of repeat counts on a way to a leaf.
    copies: u32,
}

enum Item {
    Part(Part),
    /// An open parenthesis: the number of its group (0 for none) and the flags around it.
    Open(u32, Flags),
    /// A finished alternative; the bar after it was seen.
    Bar(Part),
}

struct Parser<'a> {
    pattern: &'a [u8],
    stack: Vec<Item>,
    flags: Flags,
    names: Vec<String>,
    runes: u64,
}

type Parsed<T> = Result<T, SyntaxError>;

/// Parses a whole pattern; gives the tree and the groups' names.
pub(super) fn parse(pattern: &[u8]) -> Parsed<(Hir, Vec<String>)> {
    let flags = Flags { fold: false, dot_newline: false, multi_line: false, swap_greed: false };
    let mut parser = Parser { pattern, stack: Vec::new(), flags, names: vec![String::new()], runes: 0 };
    parser.run()?;
    let whole = parser.close_alternatives()?;
    match parser.stack.is_empty() {
        true => Ok((whole.hir, parser.names)),
        false => Err(SyntaxError::new(MISSING_PAREN, pattern)),
    }
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Parsed<()> {
        let mut rest = self.pattern;
        // The text from a repetition operator on, while nothing else followed it: `**` is an error.
        let mut repeated: Option<&[u8]> = None;
        while let Some(&first) = rest.first() {
            let before = rest;
            let mut operator = None;
            match first {
                b'(' if rest.get(1) == Some(&b'?') => rest = self.perl_group(rest)?,
                b'(' => {
                    self.open_group(String::new());
                    rest = &rest[1..];
                }
                b'|' => {
                    let part = self.close_concat()?;
                    self.stack.push(Item::Bar(part));
                    rest = &rest[1..];
                }
                b')' => {
                    self.close_group()?;
                    rest = &rest[1..];
                }
                b'^' => {
                    self.look(if self.flags.multi_line { Look::StartLF } else { Look::Start })?;
                    rest = &rest[1..];
                }
                b'$' => {
                    self.look(if self.flags.multi_line { Look::EndLF } else { Look::End })?;
                    rest = &rest[1..];
                }
                b'.' => {
                    let newline = if self.flags.dot_newline { 0xA } else { 0xB };
                    self.push_class(class::set(&[(0, 9), (newline, 0x10FFFF)]))?;
                    rest = &rest[1..];
                }
                b'[' => rest = self.class(rest)?,
                b'*' | b'+' | b'?' => {
                    let (min, max) = [(0, None), (1, None), (0, Some(1))]
                        [b"*+?".iter().position(|b| *b == first).unwrap_or(0)];
                    rest = self.repeat(min, max, false, before, &rest[1..], repeated)?;
                    operator = Some(before);
                }
                b'{' => match repeat_count(rest) {
                    None => {
                        self.literal('{')?;
                        rest = &rest[1..];
                    }
                    Some((min, max, after)) => {
                        let fits = min <= MAX_REPEAT && max.is_none_or(|max| max <= MAX_REPEAT && min <= max);
                        if !fits {
                            return Err(SyntaxError::new(REPEAT_SIZE, upto(before, after)));
                        }
                        rest = self.repeat(min, max, true, before, after, repeated)?;
                        operator = Some(before);
                    }
                },
                b'\\' => rest = self.escape(rest)?,
                _ => {
                    let (c, after) = next_char(rest)?;
                    self.literal(c)?;
                    rest = after;
                }
            }
            repeated = operator;
        }
        Ok(())
    }

    fn escape(&mut self, text: &'a [u8]) -> Parsed<&'a [u8]> {
        let rest = text.get(2..).unwrap_or_default();
        match text.get(1) {
            Some(b'A') => self.look(Look::Start)?,
            Some(b'z') => self.look(Look::End)?,
            Some(b'b') => self.look(Look::WordAscii)?,
            Some(b'B') => self.look(Look::WordAsciiNegate)?,
            // Any one byte: RE2 has it, Go does not.
            Some(b'C') => return Err(SyntaxError::new(ESCAPE, &text[..2])),
            Some(b'Q') => {
                let end = rest.windows(2).position(|w| w == b"\\E");
                let (mut quoted, after) = match end {
                    Some(end) => (&rest[..end], &rest[end + 2..]),
                    None => (rest, &rest[rest.len()..]),
                };
                while !quoted.is_empty() {
                    let (c, more) = next_char(quoted)?;
                    self.literal(c)?;
                    quoted = more;
                }
                return Ok(after);
            }
            _ => {
                let mut set = Set::empty();
                if let Some(after) = self.class_escape(text, &mut set)? {
                    self.push_class(set)?;
                    return Ok(after);
                }
                let (c, after) = escaped_char(text)?;
                self.rune(c)?;
                return Ok(after);
            }
        }
        Ok(rest)
    }

    /// `\d`, `\pL`, `\P{Greek}` and their kind, into the set; `None` where none stands there.
    fn class_escape(&self, text: &'a [u8], set: &mut Set) -> Parsed<Option<&'a [u8]>> {
        let (Some(b'\\'), Some(&letter)) = (text.first(), text.get(1)) else { return Ok(None) };
        if matches!(letter, b'p' | b'P') {
            let (found, negated, after) = unicode_class(text)?;
            class::add(set, found, self.flags.fold, negated);
            return Ok(Some(after));
        }
        let Some(found) = class::perl(letter.to_ascii_lowercase()) else { return Ok(None) };
        class::add(set, found, self.flags.fold, letter.is_ascii_uppercase());
        Ok(Some(&text[2..]))
    }

    /// `[...]`
    fn class(&mut self, text: &'a [u8]) -> Parsed<&'a [u8]> {
        let mut rest = &text[1..];
        let negated = rest.first() == Some(&b'^');
        if negated {
            rest = &rest[1..];
        }
        let mut set = Set::empty();
        let mut first = true;
        // A bracket is a character where it comes first.
        while rest.first() != Some(&b']') || first {
            first = false;
            if let Some(after) = self.posix_class(rest, &mut set)? {
                rest = after;
                continue;
            }
            if let Some(after) = self.class_escape(rest, &mut set)? {
                rest = after;
                continue;
            }
            let range = rest;
            let (low, after) = class_char(rest, text)?;
            rest = after;
            let mut high = low;
            if rest.first() == Some(&b'-') && rest.len() >= 2 && rest[1] != b']' {
                (high, rest) = class_char(&rest[1..], text)?;
                if high < low {
                    return Err(SyntaxError::new(CHAR_RANGE, upto(range, rest)));
                }
            }
            class::add(&mut set, class::set(&[(low, high)]), self.flags.fold, false);
        }
        if negated {
            set.negate();
        }
        self.push_class(set)?;
        Ok(&rest[1..])
    }

    fn posix_class(&self, text: &'a [u8], set: &mut Set) -> Parsed<Option<&'a [u8]>> {
        if text.len() <= 2 || !text.starts_with(b"[:") {
            return Ok(None);
        }
        let Some(end) = text[2..].windows(2).position(|w| w == b":]") else { return Ok(None) };
        let (whole, after) = text.split_at(end + 4);
        let word = &whole[2..end + 2];
        let (word, negated) = word.strip_prefix(b"^").map_or((word, false), |word| (word, true));
        let found = class::posix(word).ok_or_else(|| SyntaxError::new(CHAR_RANGE, whole))?;
        class::add(set, found, self.flags.fold, negated);
        Ok(Some(after))
    }

    /// `(?...`: a named group, flags, or a group without a number.
    fn perl_group(&mut self, text: &'a [u8]) -> Parsed<&'a [u8]> {
        let name_at = match text {
            [_, _, b'P', b'<', _, ..] => 4,
            [_, _, b'<', _, ..] => 3,
            _ => 0,
        };
        if name_at > 0 {
            let Some(end) = memchr::memchr(b'>', text) else {
                check_utf8(text)?;
                return Err(SyntaxError::new(NAMED_CAPTURE, text));
            };
            let name = &text[name_at..end];
            check_utf8(name)?;
            if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                return Err(SyntaxError::new(NAMED_CAPTURE, &text[..=end]));
            }
            self.open_group(String::from_utf8_lossy(name).into_owned());
            return Ok(&text[end + 1..]);
        }
        let mut rest = &text[2..];
        let mut flags = self.flags;
        let (mut on, mut seen) = (true, false);
        while !rest.is_empty() {
            let (c, after) = next_char(rest)?;
            rest = after;
            match c {
                'i' => flags.fold = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.swap_greed = on,
                '-' if on => {
                    on = false;
                    seen = false;
                    continue;
                }
                ':' | ')' if on || seen => {
                    if c == ':' {
                        self.stack.push(Item::Open(0, self.flags));
                    }
                    self.flags = flags;
                    return Ok(rest);
                }
                _ => break,
            }
            seen = true;
        }
        Err(SyntaxError::new(PERL_OP, upto(text, rest)))
    }

    fn open_group(&mut self, name: String) {
        self.names.push(name);
        self.stack.push(Item::Open(self.names.len() as u32 - 1, self.flags));
    }

    fn close_group(&mut self) -> Parsed<()> {
        let inner = self.close_alternatives()?;
        let Some(Item::Open(group, flags)) = self.stack.pop() else {
            return Err(SyntaxError::new(UNEXPECTED_PAREN, self.pattern));
        };
        self.flags = flags;
        if group == 0 {
            return self.push(inner);
        }
        let Part { hir, height, size, copies } = inner;
        let hir = Hir::capture(Capture { index: group, name: None, sub: Box::new(hir) });
        self.push(Part { hir, height: height + 1, size: size + 2, copies })
    }

    /// Takes the parts above the last mark off the stack, as one.
    fn close_concat(&mut self) -> Parsed<Part> {
        let from = self.stack.iter().rposition(|i| !matches!(i, Item::Part(_))).map_or(0, |i| i + 1);
        let parts: Vec<Part> = self
            .stack
            .drain(from..)
            .filter_map(|i| if let Item::Part(p) = i { Some(p) } else { None })
            .collect();
        let part = combine(parts, Hir::concat, 0);
        self.check(&part)?;
        Ok(part)
    }

    /// Takes the alternatives above the last parenthesis off the stack, as one.
    fn close_alternatives(&mut self) -> Parsed<Part> {
        let last = self.close_concat()?;
        let from = self.stack.iter().rposition(|i| !matches!(i, Item::Bar(_))).map_or(0, |i| i + 1);
        let mut parts: Vec<Part> = self
            .stack
            .drain(from..)
            .filter_map(|i| if let Item::Bar(p) = i { Some(p) } else { None })
            .collect();
        if parts.is_empty() {
            return Ok(last);
        }
        parts.push(last);
        let part = combine(parts, Hir::alternation, 1);
        self.check(&part)?;
        Ok(part)
    }

    /// Applies a repetition to the part on top of the stack. `after` is what follows the operator, `repeated` an
    /// operator right before it.
    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        counted: bool,
        before: &'a [u8],
        mut after: &'a [u8],
        repeated: Option<&[u8]>,
    ) -> Parsed<&'a [u8]> {
        let mut greedy = !self.flags.swap_greed;
        if after.first() == Some(&b'?') {
            after = &after[1..];
            greedy = !greedy;
        }
        if let Some(repeated) = repeated {
            return Err(SyntaxError::new(REPEAT_OP, upto(repeated, after)));
        }
        let missing = || SyntaxError::new(MISSING_ARGUMENT, upto(before, after));
        let sub = match self.stack.pop() {
            Some(Item::Part(part)) => part,
            _ => return Err(missing()),
        };
        let Part { hir, height, size, copies } = sub;
        let (size, copies) = match (counted, max) {
            (false, Some(_)) => (1 + size, copies),
            (false, None) => (2 + size, copies),
            (true, None) if min == 0 => (2 + size, copies),
            (true, None) => (1 + u64::from(min) * size, copies.saturating_mul(min)),
            (true, Some(0)) => (1, 1),
            (true, Some(max)) => (u64::from(max) * size + u64::from(max - min), copies.saturating_mul(max)),
        };
        let hir = Hir::repetition(Repetition { min, max, greedy, sub: Box::new(hir) });
        let part = Part { hir, height: height + 1, size, copies };
        self.check(&part)?;
        if counted && (min >= 2 || max.is_some_and(|m| m >= 2)) && part.copies > MAX_REPEAT {
            return Err(SyntaxError::new(REPEAT_SIZE, upto(before, after)));
        }
        self.stack.push(Item::Part(part));
        Ok(after)
    }

    fn literal(&mut self, c: char) -> Parsed<()> {
        self.rune(c as u32)
    }

    /// A code point, which an escape can make a surrogate; no text holds one.
    fn rune(&mut self, c: u32) -> Parsed<()> {
        let mut set = class::set(&[(c, c)]);
        if self.flags.fold {
            set.case_fold_simple();
        }
        self.push_class(set)
    }

    fn push_class(&mut self, set: Set) -> Parsed<()> {
        self.runes += 2 * set.ranges().len() as u64;
        if self.runes > MAX_RUNES {
            return Err(SyntaxError::too_large(self.pattern));
        }
        self.push(Part { hir: Hir::class(Class::Unicode(set)), height: 1, size: 1, copies: 1 })
    }

    fn look(&mut self, look: Look) -> Parsed<()> {
        self.push(Part { hir: Hir::look(look), height: 1, size: 1, copies: 1 })
    }

    fn push(&mut self, part: Part) -> Parsed<()> {
        self.check(&part)?;
        self.stack.push(Item::Part(part));
        Ok(())
    }

    fn check(&self, part: &Part) -> Parsed<()> {
        if part.size > MAX_SIZE {
            return Err(SyntaxError::too_large(self.pattern));
        }
        if part.height > MAX_HEIGHT {
            return Err(SyntaxError::new(NESTING, self.pattern));
        }
        Ok(())
    }
}

/// Several parts as one; `joint` instructions stand between two of them.
fn combine(mut parts: Vec<Part>, make: fn(Vec<Hir>) -> Hir, joint: u64) -> Part {
    if parts.len() == 1
        && let Some(part) = parts.pop()
    {
        return part;
    }
    let height = 1 + parts.iter().map(|p| p.height).max().unwrap_or(0);
    let size = parts.iter().map(|p| p.size + joint).sum::<u64>().saturating_sub(joint).max(1);
    let copies = parts.iter().map(|p| p.copies).max().unwrap_or(1);
    Part { hir: make(parts.into_iter().map(|p| p.hir).collect()), height, size, copies }
}
