//! Bytes to text.

use std::sync::Arc;

/// Why bytes are no text.
pub(super) enum NoText {
    /// They hold what no text holds.
    Binary,
    /// They are no UTF-8 from that byte on; the text is what they would be with every wrong byte replaced.
    NotUtf8(u32, Arc<str>),
}

/// The text, from UTF-8 or, by its mark, UTF-16.
pub(super) fn decode(bytes: &[u8]) -> Result<Arc<str>, NoText> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        // A zero byte is valid UTF-8 and in no text; whoever has one in the first pages has many.
        Ok(_) if memchr::memchr(0, &bytes[..bytes.len().min(8192)]).is_some() => Err(NoText::Binary),
        Ok(text) => Ok(text.into()),
        Err(_) if memchr::memchr(0, bytes).is_some() => Err(NoText::Binary),
        Err(error) => {
            // What was valid is kept as it is, so the offset holds in the mended text too.
            let at = error.valid_up_to() as u32;
            Err(NoText::NotUtf8(at, String::from_utf8_lossy(bytes).into()))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Arc<str>, NoText> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(text.into()),
        _ => Err(NoText::Binary),
    }
}
