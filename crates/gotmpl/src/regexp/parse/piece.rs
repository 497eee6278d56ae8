//! The small pieces of a pattern: characters, escapes, counts and names of classes.

use super::{CHAR_RANGE, ESCAPE, MISSING_BRACKET, Parsed, SyntaxError, TRAILING_BACKSLASH, UTF8};
use crate::regexp::class::{self, Set};

/// What stands before `rest`, which is the end of `text`.
pub(super) fn upto<'a>(text: &'a [u8], rest: &[u8]) -> &'a [u8] {
    &text[..text.len().saturating_sub(rest.len())]
}

/// The next character; U+FFFD at the end, where Go reads one too.
pub(super) fn next_char(text: &[u8]) -> Parsed<(char, &[u8])> {
    if text.is_empty() {
        return Ok((char::REPLACEMENT_CHARACTER, text));
    }
    let head = &text[..text.len().min(4)];
    match head.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()) {
        Some(c) => Ok((c, &text[c.len_utf8()..])),
        None => Err(SyntaxError::new(UTF8, text)),
    }
}

pub(super) fn check_utf8(text: &[u8]) -> Parsed<()> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(()),
        Err(e) => Err(SyntaxError::new(UTF8, &text[e.valid_up_to()..])),
    }
}

/// `{2}`, `{2,}`, `{2,5}`; `None` where the brace is only a character. Numbers are cut to what is too big anyway.
pub(super) fn repeat_count(text: &[u8]) -> Option<(u32, Option<u32>, &[u8])> {
    fn number(text: &[u8]) -> Option<(u32, &[u8])> {
        let len = text.iter().take_while(|b| b.is_ascii_digit()).count();
        if len == 0 || (len > 1 && text[0] == b'0') {
            return None;
        }
        let value = text[..len].iter().fold(0u32, |n, d| (n * 10 + u32::from(d - b'0')).min(100_000));
        Some((value, &text[len..]))
    }
    let (min, rest) = number(&text[1..])?;
    let (max, rest) = match rest {
        [b',', b'}', ..] => (None, &rest[1..]),
        [b',', more @ ..] => number(more).map(|(max, rest)| (Some(max), rest))?,
        _ => (Some(min), rest),
    };
    (rest.first() == Some(&b'}')).then(|| (min, max, &rest[1..]))
}

/// `\pL`, `\p{Greek}`, `\p{^Greek}`, `\PL`: the set, whether it is negated, and what follows.
pub(super) fn unicode_class(text: &[u8]) -> Parsed<(Set, bool, &[u8])> {
    let mut negated = text[1] == b'P';
    let (c, after) = next_char(&text[2..])?;
    let (whole, name, after) = if c == '{' {
        let Some(end) = memchr::memchr(b'}', text) else {
            check_utf8(text)?;
            return Err(SyntaxError::new(CHAR_RANGE, text));
        };
        check_utf8(&text[3..end])?;
        (&text[..=end], &text[3..end], &text[end + 1..])
    } else {
        let whole = upto(text, after);
        (whole, &whole[2..], after)
    };
    let name = match name.strip_prefix(b"^") {
        Some(rest) => {
            negated = !negated;
            rest
        }
        None => name,
    };
    let set = std::str::from_utf8(name).ok().and_then(class::unicode);
    set.map(|set| (set, negated, after)).ok_or_else(|| SyntaxError::new(CHAR_RANGE, whole))
}

pub(super) fn class_char<'a>(text: &'a [u8], class: &[u8]) -> Parsed<(u32, &'a [u8])> {
    match text.first() {
        None => Err(SyntaxError::new(MISSING_BRACKET, class)),
        Some(b'\\') => escaped_char(text),
        Some(_) => next_char(text).map(|(c, rest)| (c as u32, rest)),
    }
}

/// The character that an escape stands for, and what follows it.
pub(super) fn escaped_char(text: &[u8]) -> Parsed<(u32, &[u8])> {
    if text.len() == 1 {
        return Err(SyntaxError::new(TRAILING_BACKSLASH, b""));
    }
    let (c, mut rest) = next_char(&text[1..])?;
    let octal = |rest: &[u8]| rest.first().filter(|b| matches!(b, b'0'..=b'7')).map(|b| u32::from(b - b'0'));
    let simple = match c {
        'a' => 7,
        'f' => 0xC,
        'n' => 0xA,
        'r' => 0xD,
        't' => 9,
        'v' => 0xB,
        '0'..='7' if c == '0' || octal(rest).is_some() => {
            let mut value = c as u32 - '0' as u32;
            for _ in 0..2 {
                let Some(digit) = octal(rest) else { break };
                value = value * 8 + digit;
                rest = &rest[1..];
            }
            value
        }
        'x' => match hex_escape(rest)? {
            Ok((value, after)) => {
                rest = after;
                value
            }
            Err(stop) => return Err(SyntaxError::new(ESCAPE, upto(text, stop))),
        },
        // An escaped punctuation character is itself.
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => c as u32,
        _ => return Err(SyntaxError::new(ESCAPE, upto(text, rest))),
    };
    Ok((simple, rest))
}

/// `41` or `{1F600}` after `\x`; the inner error is what was left where it went wrong.
pub(super) fn hex_escape(text: &[u8]) -> Parsed<Result<(u32, &[u8]), &[u8]>> {
    if text.is_empty() {
        return Ok(Err(text));
    }
    let (c, mut rest) = next_char(text)?;
    if c != '{' {
        let (d, after) = next_char(rest)?;
        return Ok(match (c.to_digit(16), d.to_digit(16)) {
            (Some(c), Some(d)) => Ok((c * 16 + d, after)),
            _ => Err(after),
        });
    }
    let (mut value, mut digits) = (0u32, 0);
    loop {
        if rest.is_empty() {
            return Ok(Err(rest));
        }
        let (c, after) = next_char(rest)?;
        rest = after;
        if c == '}' {
            break;
        }
        match c.to_digit(16) {
            Some(d) if value * 16 + d <= 0x10FFFF => value = value * 16 + d,
            _ => return Ok(Err(rest)),
        }
        digits += 1;
    }
    Ok(if digits > 0 { Ok((value, rest)) } else { Err(rest) })
}
