//! Bytes of a file to text: encodings, and characters that YAML does not allow.

use std::borrow::Cow;
use std::sync::Arc;

use source::{Diagnostic, SourceId, Span};

use crate::codes;

/// The text of a file's bytes: UTF-8, or UTF-16 with a byte order mark, which go-yaml reads as well.
///
/// The error says where the bytes stop being text; `Diagnostic::upstream` is go-yaml's.
///
/// ```
/// let text = yaml::decode(source::SourceId(0), b"\xFF\xFEa\x00:\x00").unwrap();
/// assert_eq!(&*text, "a:");
/// let error = yaml::decode(source::SourceId(0), b"a: \xE9t\xE9").unwrap_err();
/// assert_eq!(error.message, "byte 0xE9 is not UTF-8");
/// ```
pub fn decode(source: SourceId, bytes: &[u8]) -> Result<Arc<str>, Box<Diagnostic>> {
    let fault = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(text.into()),
            Err(error) => Err((error.valid_up_to(), utf8_problem(bytes, error.valid_up_to()))),
        },
    };
    let (at, problem) = match fault {
        Ok(text) => return Ok(text.into()),
        Err(fault) => fault,
    };
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span::new(source, start, start);
    let diagnostic = if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() {
        Diagnostic::new(&codes::YAML_ENCODING, Span::top(source), "this is a binary file, not text")
            .help("exclude it, or give the path of a manifest")
    } else {
        let byte = bytes.get(at).copied().unwrap_or(0);
        Diagnostic::new(&codes::YAML_ENCODING, span, format!("byte 0x{byte:02X} is not UTF-8"))
            .help("save the file as UTF-8")
    };
    Err(Box::new(diagnostic.upstream(format!("yaml: {problem}"))))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (usize, &'static str)> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 2;
    for c in char::decode_utf16(units) {
        match c {
            Ok(c) => {
                text.push(c);
                at += 2 * c.len_utf16();
            }
            Err(e) if e.unpaired_surrogate() >= 0xDC00 => {
                return Err((at, "unexpected low surrogate area"));
            }
            Err(_) if at + 2 >= bytes.len() => return Err((at, "incomplete UTF-16 surrogate pair")),
            Err(_) => return Err((at, "expected low surrogate area")),
        }
    }
    if bytes.len() % 2 == 1 { Err((at, "incomplete UTF-16 character")) } else { Ok(text) }
}

/// go-yaml's words for the bytes at an offset that are no UTF-8.
fn utf8_problem(bytes: &[u8], at: usize) -> &'static str {
    let first = bytes[at];
    let width = match first {
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF8 => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(rest) = bytes.get(at + 1..at + width) else { return "incomplete UTF-8 octet sequence" };
    if rest.iter().any(|b| b & 0xC0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let overlong = matches!((first, rest[0]), (0xC0 | 0xC1, _) | (0xE0, 0x80..0xA0) | (0xF0, 0x80..0x90));
    if overlong { "invalid length of a UTF-8 sequence" } else { "invalid Unicode character" }
}

/// The first character that YAML does not allow, by offset: control characters but tab, LF, CR and NEL, and
/// U+FFFE and U+FFFF.
pub(crate) fn forbidden(text: &str) -> Option<usize> {
    // One pass that the compiler turns into vector instructions, as nearly all texts have none.
    let bytes = text.as_bytes();
    let mut at = 0;
    for block in bytes.chunks(4096) {
        let suspect = block.iter().fold(false, |any, b| {
            any | (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'))
                | (*b == 0x7F)
                | (*b == 0xC2)
                | (*b == 0xEF)
        });
        if suspect && let Some(found) = (at..at + block.len()).find(|n| is_forbidden(&bytes[*n..])) {
            return Some(found);
        }
        at += block.len();
    }
    None
}

fn is_forbidden(rest: &[u8]) -> bool {
    match *rest {
        [b'\t' | b'\n' | b'\r', ..] => false,
        [0..0x20 | 0x7F, ..] => true,
        [0xC2, second, ..] => second < 0xA0 && second != 0x85,
        [0xEF, 0xBF, 0xBE | 0xBF, ..] => true,
        _ => false,
    }
}

/// The text with question marks in place of the bytes of what is forbidden, so that it can be read on.
pub(crate) fn without_forbidden(text: &str) -> Cow<'_, [u8]> {
    let Some(first) = forbidden(text) else { return Cow::Borrowed(text.as_bytes()) };
    let mut bytes = text.as_bytes().to_vec();
    let mut at = first;
    while at < bytes.len() {
        if is_forbidden(&bytes[at..]) {
            let width = match bytes[at] {
                0xC2 => 2,
                0xEF => 3,
                _ => 1,
            };
            bytes[at..at + width].fill(b'?');
        }
        at += 1;
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forbidden() {
        for (text, at) in [
            ("a\u{1}", Some(1)),
            ("é\u{80}", Some(2)),
            ("\u{85}\t\r\n\u{A0}\u{FEFF}", None),
            ("\u{FFFE}", Some(0)),
            ("\u{7f}", Some(0)),
        ] {
            assert_eq!(forbidden(text), at, "{text:?}");
        }
        assert_eq!(&*without_forbidden("a\u{0}b\u{80}"), b"a?b??");
    }

    #[test]
    fn go_yamls_words() {
        for (bytes, problem) in [
            (&b"\xFF"[..], "invalid leading UTF-8 octet"),
            (b"a\xC3", "incomplete UTF-8 octet sequence"),
            (b"\xC3a", "invalid trailing UTF-8 octet"),
            (b"\xC0\x80", "invalid length of a UTF-8 sequence"),
            (b"\xED\xA0\x80", "invalid Unicode character"),
            (b"\xFE\xFF\xDC\x00", "unexpected low surrogate area"),
            (b"\xFE\xFF\x00", "incomplete UTF-16 character"),
        ] {
            let error = decode(SourceId(0), bytes).unwrap_err();
            assert_eq!(error.upstream, Some(format!("yaml: {problem}")), "{bytes:?}");
        }
    }
}
