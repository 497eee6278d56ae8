//! `strconv.ParseInt`, `ParseUint` and `ParseFloat`, with their errors' texts.

use super::quote;

/// Why a text is no number, in Go's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumError {
    /// It is not written like one.
    Syntax,
    /// It does not fit.
    Range,
}

impl NumError {
    /// The error's text as the Go function `func` words it for `text`.
    ///
    /// ```
    /// use gotmpl::strconv::NumError;
    /// assert_eq!(NumError::Range.text("ParseInt", b"9e"), r#"strconv.ParseInt: parsing "9e": value out of range"#);
    /// ```
    pub fn text(self, func: &str, text: &[u8]) -> String {
        let why = match self {
            NumError::Syntax => "invalid syntax",
            NumError::Range => "value out of range",
        };
        format!("strconv.{func}: parsing {}: {why}", quote(text))
    }
}

/// `strconv.ParseUint(text, base, 64)`; base 0 reads the prefixes `0x`, `0o`, `0b`, `0` and lets `_` separate
/// digits.
///
/// ```
/// use gotmpl::strconv::{NumError, parse_uint};
/// assert_eq!(parse_uint(b"0x1_F", 0), Ok(31));
/// assert_eq!(parse_uint(b"017", 0), Ok(15));
/// assert_eq!(parse_uint(b"08", 0), Err(NumError::Syntax));
/// assert_eq!(parse_uint(b"18446744073709551616", 10), Err(NumError::Range));
/// ```
pub fn parse_uint(text: &[u8], base: u32) -> Result<u64, NumError> {
    let lower = |i: usize| text.get(i).map(u8::to_ascii_lowercase);
    let (digits, radix) = match (base, lower(0), lower(1)) {
        (0, Some(b'0'), Some(b'x')) if text.len() > 2 => (&text[2..], 16),
        (0, Some(b'0'), Some(b'o')) if text.len() > 2 => (&text[2..], 8),
        (0, Some(b'0'), Some(b'b')) if text.len() > 2 => (&text[2..], 2),
        (0, Some(b'0'), Some(_)) => (&text[1..], 8),
        (0, ..) => (text, 10),
        _ => (text, base),
    };
    if digits.is_empty() {
        return Err(NumError::Syntax);
    }
    let mut value: u64 = 0;
    let mut separated = false;
    for &byte in digits {
        if byte == b'_' && base == 0 {
            separated = true;
            continue;
        }
        let digit = (byte as char).to_digit(36).filter(|d| *d < radix).ok_or(NumError::Syntax)?;
        // Go stops here too, so a bad digit after the overflow is a range error.
        value = value
            .checked_mul(u64::from(radix))
            .and_then(|v| v.checked_add(u64::from(digit)))
            .ok_or(NumError::Range)?;
    }
    if separated && !underscores_fit(text) {
        return Err(NumError::Syntax);
    }
    Ok(value)
}

/// `strconv.ParseInt(text, base, 64)`.
///
/// ```
/// use gotmpl::strconv::{NumError, parse_int};
/// assert_eq!(parse_int(b"-0b11", 0), Ok(-3));
/// assert_eq!(parse_int(b"-9223372036854775808", 10), Ok(i64::MIN));
/// assert_eq!(parse_int(b"9223372036854775808", 10), Err(NumError::Range));
/// ```
pub fn parse_int(text: &[u8], base: u32) -> Result<i64, NumError> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let size = parse_uint(digits, base)?;
    if negative {
        0i64.checked_sub_unsigned(size).ok_or(NumError::Range)
    } else {
        i64::try_from(size).map_err(|_| NumError::Range)
    }
}

/// Underscores must stand between digits, or between a base prefix and a digit.
fn underscores_fit(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (mut last, rest, hex) = match text {
        [b'0', p, rest @ ..] if matches!(p.to_ascii_lowercase(), b'b' | b'o' | b'x') => {
            (b'0', rest, p.eq_ignore_ascii_case(&b'x'))
        }
        _ => (b'^', text, false),
    };
    for &byte in rest {
        let kind = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'f' | b'A'..=b'F' if hex => b'0',
            b'_' => b'_',
            _ => b'!',
        };
        if (kind == b'_' && last != b'0') || (kind == b'!' && last == b'_') {
            return false;
        }
        last = kind;
    }
    last != b'_'
}

/// `strconv.ParseFloat(text, 64)`: decimal and hexadecimal floats, `_` between digits, `inf`, `infinity`, `nan`.
///
/// ```
/// use gotmpl::strconv::{NumError, parse_float};
/// assert_eq!(parse_float(b"1_0.5"), Ok(10.5));
/// assert_eq!(parse_float(b"0x1p-2"), Ok(0.25));
/// assert_eq!(parse_float(b"-Inf"), Ok(f64::NEG_INFINITY));
/// assert_eq!(parse_float(b"1e400"), Err(NumError::Range));
/// assert_eq!(parse_float(b" 1"), Err(NumError::Syntax));
/// ```
pub fn parse_float(text: &[u8]) -> Result<f64, NumError> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let signed = |v: f64| if negative { -v } else { v };
    if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        return Ok(signed(f64::INFINITY));
    }
    if text.eq_ignore_ascii_case(b"nan") {
        return Ok(f64::NAN);
    }
    if rest.contains(&b'_') && !underscores_fit(text) {
        return Err(NumError::Syntax);
    }
    let digits: Vec<u8> = rest.iter().copied().filter(|b| *b != b'_').collect();
    let value = match digits.as_slice() {
        [b'0', b'x' | b'X', hex @ ..] => hex_float(hex)?,
        _ => {
            if !is_decimal_float(&digits) {
                return Err(NumError::Syntax);
            }
            std::str::from_utf8(&digits).ok().and_then(|t| t.parse().ok()).ok_or(NumError::Syntax)?
        }
    };
    if value.is_infinite() { Err(NumError::Range) } else { Ok(signed(value)) }
}

fn is_decimal_float(text: &[u8]) -> bool {
    let digits = |t: &[u8]| t.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(text);
    let mut rest = &text[whole..];
    let mut seen = whole;
    if let [b'.', after @ ..] = rest {
        let fraction = digits(after);
        seen += fraction;
        rest = &after[fraction..];
    }
    if seen == 0 {
        return false;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let after = after.strip_prefix(b"-").or_else(|| after.strip_prefix(b"+")).unwrap_or(after);
        let exponent = digits(after);
        return exponent > 0 && exponent == after.len();
    }
    rest.is_empty()
}

/// The part after `0x`; the exponent is mandatory. Rounds half to even, as Go does.
fn hex_float(text: &[u8]) -> Result<f64, NumError> {
    let at = text.iter().position(|b| matches!(b, b'p' | b'P')).ok_or(NumError::Syntax)?;
    let (mantissa, exponent) = (&text[..at], &text[at + 1..]);
    let (exp_negative, exp_digits) = match exponent {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, exponent),
    };
    if exp_digits.is_empty() || !exp_digits.iter().all(u8::is_ascii_digit) {
        return Err(NumError::Syntax);
    }
    let exponent = exp_digits.iter().fold(0i64, |e, d| (e * 10 + i64::from(d - b'0')).min(100_000));
    let mut scale = if exp_negative { -exponent } else { exponent };
    let (mut bits, mut sticky, mut seen, mut point) = (0u64, false, false, false);
    for &byte in mantissa {
        if byte == b'.' && !point {
            point = true;
            continue;
        }
        let digit = (byte as char).to_digit(16).ok_or(NumError::Syntax)?;
        seen = true;
        if bits >> 60 == 0 {
            bits = bits << 4 | u64::from(digit);
            scale -= if point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            scale += if point { 0 } else { 4 };
        }
    }
    if !seen {
        return Err(NumError::Syntax);
    }
    if bits == 0 {
        return Ok(0.0);
    }
    // Sixty bits and a sticky one hold more than double rounding could lose; subnormals are cut to fewer bits
    // by hand, so that one rounding is all there is.
    let top = 64 - i64::from(bits.leading_zeros()) + scale;
    let keep = (53 + (top + 1021).min(0)).max(-1);
    let drop = 64 - i64::from(bits.leading_zeros()) - keep;
    if drop > 0 {
        if drop > 63 {
            return Ok(0.0);
        }
        let rest = bits & ((1 << drop) - 1);
        let half = 1u64 << (drop - 1);
        bits >>= drop;
        scale += drop;
        if rest > half || (rest == half && (sticky || bits & 1 == 1)) {
            bits += 1;
        }
    }
    if top > 1030 {
        return Ok(f64::INFINITY);
    }
    let mut value = bits as f64;
    while scale > 0 && value.is_finite() {
        let step = scale.min(1000);
        value *= 2f64.powi(step as i32);
        scale -= step;
    }
    while scale < 0 && value != 0.0 {
        let step = (-scale).min(1000);
        value *= 2f64.powi(-(step as i32));
        scale += step;
    }
    Ok(value)
}
