//! Whether a text, written plain, would be read back as the string that it is.

use crate::doc::Resolved;
use crate::resolve::resolve;

/// Whether go-yaml quotes a string: plain, it would resolve to something else, or YAML 1.1 would take it for a
/// boolean or a number to the base 60.
///
/// v2 and v3 agree: what v3 no longer resolves (`yes`, `on`, `y`) it quotes all the same.
#[inline]
pub(crate) fn needs_quotes(text: &str) -> bool {
    resolve(text, false) != Resolved::Str || is_base_60(text.as_bytes())
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
