//! Numbers as go-yaml reads them: Go's literals with any underscores, and YAML's own forms of floats.

/// A number of a plain scalar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Number {
    Int(i64),
    /// Past `i64`.
    UInt(u64),
    Float(f64),
}

/// The number that a text stands for, `None` where it is none.
///
/// `0x1F`, `0b11`, `0o17`, `017` and underscores anywhere are taken by v2 and v3 alike.
pub(crate) fn number(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        b'.' => return dotted(text).map(Number::Float),
        b'0'..=b'9' | b'+' | b'-' => {}
        _ => return None,
    }
    if let Some(f) = signed_infinity(text) {
        return Some(Number::Float(f));
    }
    // Short decimal integers, which most numbers of manifests are.
    if bytes.len() <= 18 && bytes[0] != b'0' && bytes.iter().all(u8::is_ascii_digit) {
        return text.parse().ok().map(Number::Int);
    }
    let stripped: String;
    let plain = if memchr::memchr(b'_', bytes).is_some() {
        stripped = text.chars().filter(|c| *c != '_').collect();
        stripped.as_str()
    } else {
        text
    };
    if let Some(n) = integer(plain) {
        return Some(n);
    }
    if is_yaml_float(plain) {
        // Out of float64's range is an error to Go, and so no number.
        return plain.parse::<f64>().ok().filter(|f| f.is_finite()).map(Number::Float);
    }
    // What follows `0b` and `0o` may have a sign of its own, because it is parsed apart.
    let radix = |prefix: &str, radix: u32| {
        if let Some(digits) = plain.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix)
                .map(Number::Int)
                .or_else(|_| unsigned(digits, radix).map(Number::UInt).ok_or(()))
                .ok();
        }
        let digits = plain.strip_prefix('-')?.strip_prefix(prefix)?;
        i64::from_str_radix(&format!("-{digits}"), radix).map(Number::Int).ok()
    };
    radix("0b", 2)
}

/// `strconv.ParseInt(s, 0, 64)`, then `ParseUint`.
fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = digits.len() < text.len();
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let value = unsigned(digits, radix)?;
    if negative {
        if value > 1 << 63 {
            return None;
        }
        return Some(Number::Int(0i64.wrapping_sub_unsigned(value)));
    }
    match i64::try_from(value) {
        Ok(i) => Some(Number::Int(i)),
        // ParseUint takes no sign.
        Err(_) if signed => None,
        Err(_) => Some(Number::UInt(value)),
    }
}

fn unsigned(digits: &str, radix: u32) -> Option<u64> {
    // The standard library would take a plus sign.
    if digits.is_empty() || !digits.bytes().all(|b| char::from(b).is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

fn signed_infinity(text: &str) -> Option<f64> {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// A text that begins with a dot: `.5`, `.inf`, `.nan`. Underscores may stand between digits only, one by one, as in
/// Go's own literals.
fn dotted(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    // Here Go's whole float grammar counts: digits with an exponent; a leading dot rules out hex and names.
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if memchr::memchr_iter(b'_', bytes).any(|at| at == 0 || !digit(at - 1) || !digit(at + 1)) {
        return None;
    }
    let plain = text.replace('_', "");
    if !is_yaml_float(&plain) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|f| f.is_finite())
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_yaml_float(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let digits = |mut at: usize| {
        let from = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at, at - from)
    };
    let (after, whole) = digits(at);
    at = after;
    if bytes.get(at) == Some(&b'.') {
        let (after, fraction) = digits(at + 1);
        if whole + fraction == 0 {
            return false;
        }
        at = after;
    } else if whole == 0 {
        return false;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let (after, exponent) = digits(at);
        if exponent == 0 {
            return false;
        }
        at = after;
    }
    at == bytes.len()
}
