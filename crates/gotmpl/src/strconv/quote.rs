//! `strconv.Quote`: a string as a Go literal.

use super::is_print;

/// The bytes as a double-quoted Go literal, as `%q` and the function `quote` print them.
///
/// Printable characters stay, the others are escaped; bytes that are no UTF-8 become `\xNN`.
///
/// ```
/// use gotmpl::strconv::quote;
/// assert_eq!(quote("a\"b\n".as_bytes()), r#""a\"b\n""#);
/// assert_eq!(quote(b"\xff\x07\x01"), r#""\xff\a\x01""#);
/// assert_eq!(quote("é\u{200b}\u{e0001}".as_bytes()), "\"é\\u200b\\U000e0001\"");
/// ```
pub fn quote(bytes: &[u8]) -> String {
    quote_with(bytes, '"')
}

/// [`quote`] with another quotation mark, which is the one that is escaped.
pub fn quote_with(bytes: &[u8], mark: char) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push(mark);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            quote_char(&mut out, c, mark);
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push(mark);
    out
}

fn quote_char(out: &mut String, c: char, mark: char) {
    match c {
        _ if c == mark || c == '\\' => {
            out.push('\\');
            out.push(c);
        }
        _ if is_print(c) => out.push(c),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        _ if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\x{:02x}", c as u32)),
        _ if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", c as u32)),
        _ => out.push_str(&format!("\\U{:08x}", c as u32)),
    }
}
