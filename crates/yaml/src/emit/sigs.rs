//! What a string suffers on its way through JSON text and go-yaml v2's reader.
//!
//! `sigs.k8s.io/yaml` turns a value into JSON text, reads that text as YAML and writes what it read. Most
//! strings survive; the exceptions are here.

use std::borrow::Cow;

use crate::emit::Error;

/// No JSON text of a key of so many bytes is too long: each becomes six at most, and there are two quotes.
pub(crate) const SHORT_KEY: usize = 170;

/// The string as go-yaml v2 has it before it writes it.
#[inline]
pub(crate) fn through_json(text: &str, key: bool) -> Result<Cow<'_, str>, Error> {
    if key && text.len() > SHORT_KEY && json_length(text) > 1024 {
        // The reader gives up on a key whose colon comes later than that.
        return Err(Error::LongKey);
    }
    // DEL is the only byte of ASCII that JSON leaves as it is and YAML refuses.
    if !text.as_bytes().iter().any(|&b| b >= 0x7F) {
        return Ok(Cow::Borrowed(text));
    }
    if text.chars().any(|c| matches!(c, '\x7F'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')) {
        return Err(Error::Control);
    }
    if !text.contains('\u{85}') {
        return Ok(Cow::Borrowed(text));
    }
    if key { Err(Error::LongKey) } else { fold(text).map(Cow::Owned) }
}

/// Go's `encoding/json` puts U+FFFD for every byte that is no UTF-8, where the standard library puts one for all
/// that belong together.
pub(crate) fn go_utf8(text: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| '\u{FFFD}'));
    }
    Cow::Owned(out)
}

/// U+0085 is the one line break that stands raw in JSON text, so that a quoted text which holds it is a folded
/// one: blanks around it go, one break is a blank, and of more the first is dropped.
fn fold(text: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{85}') {
        let before = &rest[..at];
        let kept = before.trim_end_matches(' ');
        out.push_str(kept);
        let after = rest[at..].trim_start_matches([' ', '\u{85}']);
        let gap = &rest[at..rest.len() - after.len()];
        let breaks = gap.matches('\u{85}').count();
        if breaks == 1 {
            out.push(' ');
        } else {
            out.extend(std::iter::repeat_n('\n', breaks - 1));
        }
        // At the start of a line these end a document, even here; at the text's end the quote stands in the way.
        let at_line_start = gap.ends_with('\u{85}');
        let marked =
            (after.starts_with("---") || after.starts_with("...")) && after[3..].starts_with([' ', '\u{85}']);
        if at_line_start && marked {
            return Err(Error::Indicator);
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Characters of the JSON text of a string, its quotes included.
fn json_length(text: &str) -> usize {
    let length = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0C' => 2,
        '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    2 + text.chars().map(length).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(text: &str) -> Result<String, Error> {
        through_json(text, false).map(Cow::into_owned)
    }

    #[test]
    fn next_line_characters_fold() {
        assert_eq!(through("a\u{85}b").as_deref(), Ok("a b"));
        assert_eq!(through("a \u{85} b").as_deref(), Ok("a b"));
        assert_eq!(through("a\u{85}\u{85}\u{85}b").as_deref(), Ok("a\n\nb"));
        assert_eq!(through("\u{85}a\u{85}").as_deref(), Ok(" a "));
        assert_eq!(through("a\u{85}--- b"), Err(Error::Indicator));
        assert_eq!(through("a\u{85}---").as_deref(), Ok("a ---"));
    }

    #[test]
    fn control_characters_fail() {
        assert_eq!(through("a\x7Fb"), Err(Error::Control));
        assert_eq!(through("a\u{80}b"), Err(Error::Control));
        assert_eq!(through("a\x01b").as_deref(), Ok("a\x01b"));
    }

    #[test]
    fn long_keys_fail() {
        assert!(through_json(&"x".repeat(1022), true).is_ok());
        assert_eq!(through_json(&"x".repeat(1023), true), Err(Error::LongKey));
        assert_eq!(through_json(&"<".repeat(171), true), Err(Error::LongKey));
        assert_eq!(through_json("a\u{85}b", true), Err(Error::LongKey));
    }

    #[test]
    fn every_stray_byte_becomes_a_replacement() {
        assert_eq!(go_utf8(b"a\xE2\x82b"), "a\u{FFFD}\u{FFFD}b");
    }
}
