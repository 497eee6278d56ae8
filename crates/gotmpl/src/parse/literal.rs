//! Strings, characters and numbers as they are written in an action, by the rules of Go's strconv.

use super::ast::Number;
use crate::strconv::{parse_float, parse_int, parse_uint, quote};

const SYNTAX: &str = "invalid syntax";

/// Whether a quoted string is worth what stands between its quotes.
pub(super) fn is_plain(written: &[u8]) -> bool {
    let Some(inside) = written.get(1..written.len().saturating_sub(1)) else { return false };
    match written.first() {
        Some(b'`') => memchr::memchr(b'\r', inside).is_none(),
        _ => inside.iter().all(|b| *b != b'\\' && b.is_ascii()),
    }
}

/// The value of a quoted or raw string, quotes included in `written`.
pub(super) fn unquote(written: &[u8]) -> Result<Box<[u8]>, String> {
    let (Some(&mark), Some(inside)) = (written.first(), written.get(1..written.len().saturating_sub(1)))
    else {
        return Err(SYNTAX.to_owned());
    };
    if mark == b'`' {
        return Ok(inside.iter().copied().filter(|b| *b != b'\r').collect());
    }
    if memchr::memchr(b'\\', inside).is_none() && std::str::from_utf8(inside).is_ok() {
        return Ok(inside.into());
    }
    let mut out = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while !rest.is_empty() {
        let (c, after) = unquote_char(rest, mark)?;
        match c {
            Char::Byte(b) => out.push(b),
            Char::Rune(r) => out.extend_from_slice(r.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = after;
    }
    Ok(out.into())
}

enum Char {
    /// `\x41` and octal escapes: a byte, whatever it is in UTF-8.
    Byte(u8),
    Rune(char),
}

fn unquote_char(text: &[u8], mark: u8) -> Result<(Char, &[u8]), String> {
    let syntax = || SYNTAX.to_owned();
    let (&first, rest) = text.split_first().ok_or_else(syntax)?;
    if first == mark {
        return Err(syntax());
    }
    if first >= 0x80 {
        let (c, width) = decode(text);
        return Ok((Char::Rune(c), &text[width..]));
    }
    if first != b'\\' {
        return Ok((Char::Byte(first), rest));
    }
    let (&escape, rest) = rest.split_first().ok_or_else(syntax)?;
    let simple = |b: u8| Ok((Char::Byte(b), rest));
    let digits = match escape {
        b'a' => return simple(7),
        b'b' => return simple(8),
        b'f' => return simple(12),
        b'n' => return simple(b'\n'),
        b'r' => return simple(b'\r'),
        b't' => return simple(b'\t'),
        b'v' => return simple(11),
        b'\\' => return simple(b'\\'),
        b'\'' | b'"' if escape == mark => return simple(escape),
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b'0'..=b'7' => {
            let digits = text.get(1..4).ok_or_else(syntax)?;
            let mut value = 0u32;
            for d in digits {
                if !(b'0'..=b'7').contains(d) {
                    return Err(syntax());
                }
                value = value * 8 + u32::from(d - b'0');
            }
            let byte = u8::try_from(value).map_err(|_| syntax())?;
            return Ok((Char::Byte(byte), &text[4..]));
        }
        _ => return Err(syntax()),
    };
    let hex = rest.get(..digits).ok_or_else(syntax)?;
    let mut value = 0u32;
    for d in hex {
        let d = (*d as char).to_digit(16).ok_or_else(syntax)?;
        value = (value << 4) | d;
    }
    let rest = &rest[digits..];
    if escape == b'x' {
        return Ok((Char::Byte(value as u8), rest));
    }
    Ok((Char::Rune(char::from_u32(value).ok_or_else(syntax)?), rest))
}

/// The first character and its width; U+FFFD of width 1 for a byte that is no UTF-8.
pub(super) fn decode(bytes: &[u8]) -> (char, usize) {
    let head = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or(('\u{fffd}', 1), |c| (c, c.len_utf8()))
}

/// A character constant, marks included in `written`.
pub(super) fn character(written: &[u8]) -> Result<Number, String> {
    let (c, tail) = unquote_char(written.get(1..).unwrap_or_default(), b'\'')?;
    if tail != b"'" {
        return Err(format!("malformed character constant: {}", String::from_utf8_lossy(written)));
    }
    let value = match c {
        Char::Byte(b) => u32::from(b),
        Char::Rune(r) => r as u32,
    };
    Ok(Number {
        int: Some(i64::from(value)),
        uint: Some(u64::from(value)),
        float: Some(f64::from(value)),
        ..Number::default()
    })
}

/// A number; `is_pair` for a complex constant of two parts.
pub(super) fn number(written: &[u8], is_pair: bool) -> Result<Number, String> {
    if is_pair {
        return pair(written);
    }
    if let Some(imaginary) = written.strip_suffix(b"i")
        && let Ok(imaginary) = parse_float(imaginary)
    {
        return Ok(simplify(0.0, imaginary));
    }
    let mut number =
        Number { uint: parse_uint(written, 0).ok(), int: parse_int(written, 0).ok(), ..Number::default() };
    if number.int == Some(0) && number.uint.is_none() {
        number.uint = Some(0);
    }
    if let Some(int) = number.int {
        number.float = Some(int as f64);
    } else if let Some(uint) = number.uint {
        number.float = Some(uint as f64);
    } else if let Ok(float) = parse_float(written) {
        if !written.iter().any(|b| b".eEpP".contains(b)) {
            return Err(format!("integer overflow: {}", quote(written)));
        }
        number.float = Some(float);
        number.int = as_int(float);
        number.uint = as_uint(float);
    } else {
        return Err(format!("illegal number syntax: {}", quote(written)));
    }
    Ok(number)
}

/// The integer that a float is, if it is one. `as` saturates, and the limits themselves are no floats of that value.
fn as_int(float: f64) -> Option<i64> {
    let int = float as i64;
    (int as f64 == float && int != i64::MAX).then_some(int)
}

fn as_uint(float: f64) -> Option<u64> {
    let uint = float as u64;
    (uint as f64 == float && uint != u64::MAX).then_some(uint)
}

fn simplify(real: f64, imaginary: f64) -> Number {
    let mut number = Number { complex: Some((real, imaginary)), ..Number::default() };
    if imaginary == 0.0 {
        number.float = Some(real);
        number.int = as_int(real);
        number.uint = as_uint(real);
    }
    number
}

/// `1+2i`: the parts are split at the last sign that is not that of an exponent.
fn pair(written: &[u8]) -> Result<Number, String> {
    let body = written.strip_suffix(b"i").ok_or_else(|| SYNTAX.to_owned())?;
    let at = (1..body.len())
        .rev()
        .find(|&i| b"+-".contains(&body[i]) && !b"eEpP".contains(&body[i - 1]))
        .ok_or_else(|| SYNTAX.to_owned())?;
    let part = |bytes: &[u8]| parse_float(bytes).map_err(|e| e.text("ParseFloat", bytes));
    Ok(simplify(part(&body[..at])?, part(&body[at..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        assert_eq!(&*unquote(br#""a\x41\101\u00e9\n\"""#).expect("valid"), "aAAé\n\"".as_bytes());
        assert_eq!(&*unquote(b"`a\r\nb`").expect("valid"), b"a\nb");
        assert!(unquote(br#""\'""#).is_err());
        assert!(unquote(br#""\ud800""#).is_err());
    }

    #[test]
    fn numbers() {
        let of = |s: &str| number(s.as_bytes(), false);
        assert_eq!(of("1.0").map(|n| n.int), Ok(Some(1)));
        assert_eq!(of("017").map(|n| n.int), Ok(Some(15)));
        assert_eq!(of("08").map(|_| ()), Err("integer overflow: \"08\"".to_owned()));
        assert_eq!(of("-").map(|_| ()), Err("illegal number syntax: \"-\"".to_owned()));
        assert_eq!(number(b"1e+2-3i", true).map(|n| n.complex), Ok(Some((100.0, -3.0))));
        assert_eq!(character(b"'\\n'").map(|n| n.int), Ok(Some(10)));
    }
}
