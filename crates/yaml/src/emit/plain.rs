//! Whether a text, written plain, would be read back as the string that it is.

use crate::timestamp::Timestamp;

/// Whether go-yaml quotes a string: plain, it would resolve to something else, or YAML 1.1 would take it for a
/// boolean or a number to the base 60.
///
/// v2 and v3 agree: what v3 no longer resolves (`yes`, `on`, `y`) it quotes all the same, and `<<` resolves to a
/// merge key, which is not a string either, but both look it up only behind a first character that hints at one.
pub(crate) fn needs_quotes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return true };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => is_word(text),
        b'.' => is_special_float(text) || go_float(text).is_some(),
        b'+' | b'-' | b'0'..=b'9' => is_number(text) || is_base_60(bytes),
        _ => false,
    }
}

fn is_word(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "off"
            | "Off"
            | "OFF"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "~"
            | "null"
            | "Null"
            | "NULL"
    )
}

fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']);
    matches!(unsigned.unwrap_or(text), ".inf" | ".Inf" | ".INF")
        || unsigned.is_none() && matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Integers, floats and timestamps of texts that start with a sign or a digit.
fn is_number(text: &str) -> bool {
    // Nearly all texts that get here are numbers or are told apart by their first letter.
    if text.len() < 19 && text.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    if is_special_float(text) || Timestamp::parse(text).is_some() {
        return true;
    }
    let plain: std::borrow::Cow<'_, str> =
        if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    if parse_int(&plain, 0) || decimal(&plain).is_some() {
        return true;
    }
    // After `0b` and `0o` a second sign passes, because the digits are read on their own.
    if let Some(digits) = plain.strip_prefix("0b") {
        parse_int(digits, 2)
    } else if let Some(digits) = plain.strip_prefix("0o") {
        parse_int(digits, 8)
    } else {
        false
    }
}

/// Whether Go's `strconv.ParseInt` or `ParseUint` reads it within 64 bits. Base 0 goes by the prefix.
fn parse_int(text: &str, base: u32) -> bool {
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'+') => (Some(false), &text[1..]),
        Some(b'-') => (Some(true), &text[1..]),
        _ => (None, text),
    };
    let (base, digits) = if base != 0 {
        (base, digits)
    } else {
        let prefix = |p: [&'static str; 2]| {
            digits.get(..2).filter(|d| p.contains(d) && digits.len() > 2).map(|_| &digits[2..])
        };
        if let Some(rest) = prefix(["0x", "0X"]) {
            (16, rest)
        } else if let Some(rest) = prefix(["0b", "0B"]) {
            (2, rest)
        } else if let Some(rest) = prefix(["0o", "0O"]) {
            (8, rest)
        } else if digits.len() > 1 && digits.starts_with('0') {
            (8, &digits[1..])
        } else {
            (10, digits)
        }
    };
    if digits.is_empty() || !digits.bytes().all(|b| (b as char).is_digit(base)) {
        return false;
    }
    match (sign, u64::from_str_radix(digits, base)) {
        (_, Err(_)) => false,
        (None, Ok(_)) => true,
        (Some(false), Ok(n)) => n <= i64::MAX as u64,
        (Some(true), Ok(n)) => n <= 1 << 63,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` within the range of a float.
fn decimal(text: &str) -> Option<f64> {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    let mut end = whole;
    if rest[end..].starts_with('.') {
        let part = digits(&rest[end + 1..]);
        if whole == 0 && part == 0 {
            return None;
        }
        end += 1 + part;
    } else if whole == 0 {
        return None;
    }
    if let Some(exponent) = rest[end..].strip_prefix(['e', 'E']) {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if unsigned.is_empty() || digits(unsigned) != unsigned.len() {
            return None;
        }
    } else if end != rest.len() {
        return None;
    }
    text.parse::<f64>().ok().filter(|f| f.is_finite())
}

/// Go's `strconv.ParseFloat` of a text that starts with a point: digits with single underscores between them.
fn go_float(text: &str) -> Option<f64> {
    if text.contains('_') {
        let bytes = text.as_bytes();
        let between = |at: usize| {
            at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        };
        if !(0..bytes.len()).all(|at| bytes[at] != b'_' || between(at)) {
            return None;
        }
        return decimal(&text.replace('_', ""));
    }
    decimal(text)
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
fn is_base_60(text: &[u8]) -> bool {
    let text = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    if !text.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let mut parts = text.split(|b| *b == b':');
    let whole = parts.next().unwrap_or_default();
    if whole.len() == text.len() || !whole.iter().all(|b| b.is_ascii_digit() || *b == b'_') {
        return false;
    }
    let mut fraction = false;
    for part in parts {
        // A fraction ends it, so no part may follow one.
        if fraction {
            return false;
        }
        let mut halves = part.splitn(2, |b| *b == b'.');
        let digits = halves.next().unwrap_or_default();
        if let Some(rest) = halves.next() {
            fraction = true;
            if !rest.iter().all(|b| b.is_ascii_digit() || *b == b'_') {
                return false;
            }
        }
        if !matches!(digits, [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::needs_quotes;

    #[test]
    fn quoted() {
        for text in [
            "",
            "~",
            "null",
            "y",
            "NO",
            "off",
            "True",
            "1",
            "-1",
            "+1",
            "012",
            "08",
            "0x1F",
            "0b11",
            "0o17",
            "1_000",
            "1__0",
            ".5",
            "5.",
            "1e3",
            ".5e3",
            ".5_0",
            "1_0.5",
            ".inf",
            "-.Inf",
            "+.INF",
            ".nan",
            "2001-01-02",
            "2001-1-2 3:4:5",
            "1:20",
            "12:30:45",
            "1:20.5",
            "1_0:20",
            "-1:20",
            "18446744073709551615",
            "99999999999999999999",
            "0b-11",
            "0777777777777777777777",
            "12e03",
            "0x_1F",
        ] {
            assert!(needs_quotes(text), "{text}");
        }
    }

    #[test]
    fn plain() {
        for text in [
            "a",
            "=",
            "<<",
            "tRue",
            "1e400",
            "0x",
            "0b",
            "0o8",
            "0b12",
            "inf",
            "NaN",
            "-.nan",
            "v1.2",
            "1.2.3",
            "1,000",
            "60:60",
            "1:2x",
            "1:",
            "1:200",
            "1:20.5:3",
            "+-1",
            "1e",
            "1e+",
            ".",
            "._5",
            ".5__0",
            "0x1p4",
            "2001-13-01",
            "-",
            "--1",
            "+",
            ".inf_",
            "1.5e999",
            "x1",
        ] {
            assert!(!needs_quotes(text), "{text}");
        }
    }
}
