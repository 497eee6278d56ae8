//! What a plain scalar is by its text: YAML 1.1 as go-yaml v2 reads it, and v3's mixture of 1.1 and 1.2.

use crate::doc::Resolved;
use crate::number::{Number, number};
use crate::timestamp::Timestamp;

/// The type of a plain scalar without a tag.
///
/// `v3` leaves `yes`, `on` and the like strings; everything else is as in v2.
#[inline]
pub(crate) fn resolve(text: &str, v3: bool) -> Resolved {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return Resolved::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => numeric(text, first),
        b'~' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => word(text, v3),
        _ => Resolved::Str,
    }
}

fn word(text: &str, v3: bool) -> Resolved {
    match text {
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Resolved::Bool,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "n" | "N" | "no" | "No" | "NO" | "off"
        | "Off" | "OFF"
            if !v3 =>
        {
            Resolved::Bool
        }
        _ => Resolved::Str,
    }
}

fn numeric(text: &str, first: u8) -> Resolved {
    // Versions, addresses, image tags: most texts that begin with a digit are none, and a letter tells.
    if text.as_bytes().get(4) == Some(&b'-') && first.is_ascii_digit() && Timestamp::parse(text).is_some() {
        return Resolved::Timestamp;
    }
    match number(text) {
        Some(Number::Float(_)) => Resolved::Float,
        Some(_) => Resolved::Int,
        None => Resolved::Str,
    }
}

/// Whether a text that resolves to a boolean is true.
pub(crate) fn is_true(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b't' | b'T' | b'y' | b'Y')) || matches!(text, "on" | "On" | "ON")
}
