//! JSON as Go's `encoding/json` writes it.

use crate::emit::number::json_float;
use crate::emit::order::sort;
use crate::emit::visit::key_text;
use crate::emit::{DEPTH, Error, Trace, View, Visit, integer, not_finite};

/// How JSON text looks.
///
/// ```
/// use yaml::emit::JsonStyle;
/// let pretty = JsonStyle { indent: 2, ..JsonStyle::default() };
/// assert!(pretty.escape_html && pretty.sort_keys);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JsonStyle {
    /// Blanks a level; 0 writes all in one line.
    pub indent: usize,
    /// Whether `<`, `>` and `&` are written as `\u003c` and so on: what Go does unless told not to.
    pub escape_html: bool,
    /// By their bytes, as Go does; otherwise in the order of the tree.
    pub sort_keys: bool,
}

impl Default for JsonStyle {
    fn default() -> Self {
        JsonStyle { indent: 0, escape_html: true, sort_keys: true }
    }
}

/// Appends a tree as JSON, without a line break at its end. On an error `out` is as it was before.
///
/// Keys that are no strings are refused as Go refuses them, infinities and NaN likewise.
pub fn json<V: Visit>(value: &V, style: JsonStyle, out: &mut Vec<u8>) -> Result<(), Error> {
    json_traced(value, style, out, &mut ())
}

/// As [`json`], and says which bytes each key and each scalar became.
///
/// # Errors
/// As [`json`].
pub fn json_traced<V: Visit, T: Trace<V>>(
    value: &V,
    style: JsonStyle,
    out: &mut Vec<u8>,
    trace: &mut T,
) -> Result<(), Error> {
    let before = out.len();
    let result = walk(value, style, out, trace);
    if result.is_err() {
        out.truncate(before);
    }
    result
}

fn walk<V: Visit, T: Trace<V>>(
    root: &V,
    style: JsonStyle,
    out: &mut Vec<u8>,
    trace: &mut T,
) -> Result<(), Error> {
    let mut items: Vec<V> = Vec::new();
    let mut entries: Vec<(V, V)> = Vec::new();
    // (is it a map, what the stack of its children held before, has it begun)
    let mut open: Vec<(bool, usize, bool)> = Vec::new();
    let mut next = Some(root.clone());
    let (before, limit) = (out.len(), root.limit());
    loop {
        if out.len() - before > limit {
            return Err(Error::Size(limit));
        }
        if let Some(node) = next.take() {
            match node.view() {
                View::Seq => {
                    let base = items.len();
                    node.items(&mut items);
                    items[base..].reverse();
                    out.push(b'[');
                    open.push((false, base, false));
                }
                View::Map => {
                    let base = entries.len();
                    node.entries(&mut entries);
                    if style.sort_keys && !node.is_struct() {
                        sort(
                            &mut entries[base..],
                            |a, b| matches!((a.0.key().bytes(), b.0.key().bytes()), (Some(a), Some(b)) if a < b),
                        );
                    }
                    entries[base..].reverse();
                    out.push(b'{');
                    open.push((true, base, false));
                }
                view => {
                    let start = out.len();
                    scalar(view, style, out)?;
                    trace.scalar(&node, start..out.len());
                }
            }
            if open.len() > DEPTH {
                return Err(Error::Depth);
            }
        }
        let depth = open.len();
        let Some((map, base, begun)) = open.last_mut() else { return Ok(()) };
        let left = if *map { entries.len() > *base } else { items.len() > *base };
        if !left {
            if *begun {
                line(out, style, depth - 1);
            }
            out.push(if *map { b'}' } else { b']' });
            open.pop();
            continue;
        }
        if std::mem::replace(begun, true) {
            out.push(b',');
        }
        line(out, style, depth);
        if !*map {
            next = items.pop();
        } else if let Some((key, value)) = entries.pop() {
            let start = out.len();
            match key.key() {
                View::Text(text) => quoted(text, style, out),
                View::Str(bytes) => string(bytes, style, out),
                view => quoted(&key_text(view).ok_or(Error::Key)?, style, out),
            }
            trace.scalar(&key, start..out.len());
            out.extend_from_slice(if style.indent > 0 { b": " } else { b":" });
            next = Some(value);
        }
    }
}

fn line(out: &mut Vec<u8>, style: JsonStyle, depth: usize) {
    if style.indent > 0 {
        out.push(b'\n');
        out.resize(out.len() + style.indent * depth, b' ');
    }
}

fn scalar(view: View<'_>, style: JsonStyle, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut text = String::new();
    match view {
        View::Text(text) | View::Time(text) => quoted(text, style, out),
        View::Str(bytes) => string(bytes, style, out),
        View::Bool(true) => out.extend_from_slice(b"true"),
        View::Bool(false) => out.extend_from_slice(b"false"),
        View::Int(i) => integer(&mut text, i < 0, i.unsigned_abs()),
        View::UInt(u) => integer(&mut text, false, u),
        View::Float(f) if f.is_finite() => json_float(&mut text, f),
        View::Float(f) => return Err(not_finite(f)),
        View::Null | View::Seq | View::Map => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// A string with Go's escapes: what is no UTF-8 becomes U+FFFD, U+2028 and U+2029 are always escaped.
pub(crate) fn string(text: &[u8], style: JsonStyle, out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        escaped(chunk.valid().as_bytes(), style, out);
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}

fn quoted(text: &str, style: JsonStyle, out: &mut Vec<u8>) {
    out.push(b'"');
    escaped(text.as_bytes(), style, out);
    out.push(b'"');
}

/// Bytes that may have to be escaped.
const SUSPECT: [bool; 256] = {
    let mut suspect = [false; 256];
    let mut b = 0;
    while b < 256 {
        suspect[b] = b < 0x20 || matches!(b as u8, b'"' | b'\\' | b'<' | b'>' | b'&' | 0xE2);
        b += 1;
    }
    suspect
};

fn escaped(text: &[u8], style: JsonStyle, out: &mut Vec<u8>) {
    let mut start = 0;
    for (at, &b) in text.iter().enumerate() {
        if !SUSPECT[usize::from(b)] {
            continue;
        }
        let short = match b {
            b'"' | b'\\' => b,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0C => b'f',
            0..0x20 => 0,
            b'<' | b'>' | b'&' if style.escape_html => 0,
            0xE2 if matches!(text[at..], [_, 0x80, 0xA8 | 0xA9, ..]) => 1,
            _ => continue,
        };
        out.extend_from_slice(&text[start..at]);
        start = at + 1;
        match short {
            0 => {
                let hex = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.extend([hex[usize::from(b >> 4)], hex[usize::from(b & 15)]]);
            }
            1 => {
                out.extend_from_slice(if text[at + 2] == 0xA8 { b"\\u2028" } else { b"\\u2029" });
                start = at + 3;
            }
            _ => out.extend([b'\\', short]),
        }
    }
    out.extend_from_slice(&text[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::tests::Tree;

    fn shown(tree: &Tree, style: JsonStyle) -> String {
        let mut out = Vec::new();
        json(tree, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn as_go_writes_it() {
        let tree = Tree::map([
            ("b", Tree::list([Tree::from("<&>\u{2028}\x01\x7F\"\\"), Tree::Float(1e21), Tree::Float(1.0)])),
            ("a", Tree::list([])),
            ("B", Tree::map([])),
        ]);
        assert_eq!(
            shown(&tree, JsonStyle::default()),
            "{\"B\":{},\"a\":[],\"b\":[\"\\u003c\\u0026\\u003e\\u2028\\u0001\x7F\\\"\\\\\",1e+21,1]}"
        );
        let style = JsonStyle { indent: 2, escape_html: false, sort_keys: false };
        assert_eq!(
            shown(&tree, style),
            "{\n  \"b\": [\n    \"<&>\\u2028\\u0001\x7F\\\"\\\\\",\n    1e+21,\n    1\n  ],\n  \"a\": [],\n  \"B\": {}\n}"
        );
    }

    #[test]
    fn stray_bytes_and_infinities() {
        assert_eq!(shown(&Tree::Bytes(b"a\xFFb".to_vec()), JsonStyle::default()), r#""a\ufffdb""#);
        let mut out = b"kept".to_vec();
        let tree = Tree::list([Tree::from("x"), Tree::Float(f64::INFINITY)]);
        assert_eq!(json(&tree, JsonStyle::default(), &mut out), Err(Error::NotFinite("+Inf")));
        assert_eq!(out, b"kept");
    }
}
