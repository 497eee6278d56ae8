//! `html`, `js` and `urlquery`.

use crate::func::Rest;
use crate::strconv::is_print;
use crate::value::{Text, Value};
use crate::{fmt, func};

func! {
    /// The text with HTML's special characters as references.
    ///
    /// ```text
    /// {{ html "<a href='x'>" }}  =>  &lt;a href=&#39;x&#39;&gt;
    /// ```
    pub static HTML = "html"(_cx, values: Rest<Value>) -> Text {
        let text = joined(&values.0);
        let mut out = Vec::with_capacity(text.len());
        for byte in text.iter() {
            match byte {
                0 => out.extend_from_slice("\u{fffd}".as_bytes()),
                b'"' => out.extend_from_slice(b"&#34;"),
                b'\'' => out.extend_from_slice(b"&#39;"),
                b'&' => out.extend_from_slice(b"&amp;"),
                b'<' => out.extend_from_slice(b"&lt;"),
                b'>' => out.extend_from_slice(b"&gt;"),
                _ => out.push(*byte),
            }
        }
        Text::from(out)
    }

    /// The text as it can stand in a JavaScript string.
    ///
    /// ```text
    /// {{ js "it's <b>" }}  =>  it\'s \u003Cb\u003E
    /// ```
    pub static JS = "js"(_cx, values: Rest<Value>) -> Text {
        let text = joined(&values.0);
        let mut out = Vec::with_capacity(text.len());
        let mut rest: &[u8] = &text;
        while let Some(&byte) = rest.first() {
            let mut width = 1;
            match byte {
                b'\\' => out.extend_from_slice(b"\\\\"),
                b'\'' => out.extend_from_slice(b"\\'"),
                b'"' => out.extend_from_slice(b"\\\""),
                b'<' | b'>' | b'&' | b'=' | 0..0x20 => {
                    out.extend_from_slice(format!("\\u{byte:04X}").as_bytes());
                }
                0x80.. => {
                    let head = &rest[..rest.len().min(4)];
                    let valid = match std::str::from_utf8(head) {
                        Ok(text) => text,
                        Err(e) => std::str::from_utf8(&head[..e.valid_up_to()]).unwrap_or_default(),
                    };
                    match valid.chars().next() {
                        Some(c) if !is_print(c) => {
                            width = c.len_utf8();
                            out.extend_from_slice(format!("\\u{:04X}", c as u32).as_bytes());
                        }
                        found => {
                            width = found.map_or(1, char::len_utf8);
                            out.extend_from_slice(&rest[..width]);
                        }
                    }
                }
                _ => out.push(byte),
            }
            rest = &rest[width..];
        }
        Text::from(out)
    }

    /// The text as it can stand in the query of a URL.
    ///
    /// ```text
    /// {{ urlquery "a b&c" }}  =>  a+b%26c
    /// ```
    pub static URLQUERY = "urlquery"(_cx, values: Rest<Value>) -> Text {
        let text = joined(&values.0);
        let mut out = String::with_capacity(text.len());
        for byte in text.iter() {
            match byte {
                b' ' => out.push('+'),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(*byte as char),
                _ => out += &format!("%{byte:02X}"),
            }
        }
        Text::from(out)
    }
}

/// The arguments as one text; here nothing is `<no value>`.
fn joined(values: &[Value]) -> Text {
    let shown: Vec<Value> = values
        .iter()
        .map(|v| if v.is_nil() { Value::str("<no value>").with_origin(v.origin) } else { v.clone() })
        .collect();
    fmt::sprint_all(&shown)
}
