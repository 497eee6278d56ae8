//! PEM: base 64 between `-----BEGIN X-----` and `-----END X-----`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What stands between two marks.
pub struct Block {
    /// Such as `CERTIFICATE`.
    pub label: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The bytes in lines of 64 characters between the marks.
pub fn encode(label: &str, bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out += line;
        out.push('\n');
        rest = after;
    }
    out + &format!("-----END {label}-----\n")
}

/// The first block of a text; anything around it is skipped, and so are headers in it.
pub fn decode(text: &[u8]) -> Option<Block> {
    let text = String::from_utf8_lossy(text);
    let mut rest = text.as_ref();
    loop {
        let start = rest.find("-----BEGIN ")?;
        let at_line_start = start == 0 || rest.as_bytes()[start - 1] == b'\n';
        let after = &rest[start + "-----BEGIN ".len()..];
        let (line, body) = after.split_once('\n').unwrap_or((after, ""));
        rest = after;
        let Some(label) = line.trim_end().strip_suffix("-----").filter(|_| at_line_start) else { continue };
        let Some(end) = body.find(&format!("-----END {label}-----")) else { continue };
        let mut content = &body[..end];
        if let Some((headers, after)) = content.split_once("\n\n")
            && headers.contains(':')
        {
            content = after;
        }
        let packed: Vec<u8> = content.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        if let Ok(bytes) = STANDARD.decode(packed) {
            return Some(Block { label: label.to_owned(), bytes });
        }
    }
}
