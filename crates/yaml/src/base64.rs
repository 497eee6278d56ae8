//! `!!binary`: base64 as Go's standard encoding has it.

/// The bytes; `None` where Go finds the text invalid. Line breaks are passed over, padding is needed.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut bytes = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n'));
    loop {
        let mut bits = 0u32;
        let mut digits = 0;
        let mut padding = 0;
        for n in 0..4 {
            let b = match bytes.next() {
                Some(b) => b,
                None if n == 0 => return Some(out),
                None => return None,
            };
            let digit = match b {
                b'A'..=b'Z' => b - b'A',
                b'a'..=b'z' => b - b'a' + 26,
                b'0'..=b'9' => b - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' if n >= 2 => {
                    padding += 1;
                    bits <<= 6;
                    continue;
                }
                _ => return None,
            };
            if padding > 0 {
                return None;
            }
            bits = bits << 6 | u32::from(digit);
            digits += 1;
        }
        let whole = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
        out.extend_from_slice(&whole[..digits - 1]);
        if padding > 0 {
            // Padding ends the text.
            return bytes.next().is_none().then_some(out);
        }
    }
}

/// As go-yaml writes bytes: in lines of 70, each with its break, where there is more than one.
pub(crate) fn encode_lines(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let length = bytes.len().div_ceil(3) * 4;
    let lines = length >= 70;
    let mut out = String::with_capacity(length + length / 70 + 1);
    let mut column = 0;
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0u32, |w, &b| w << 8 | u32::from(b)) << (8 * (3 - group.len()));
        for k in 0..4 {
            let sextet = word >> (18 - 6 * k) & 63;
            out.push(if k <= group.len() { LETTERS[sextet as usize] as char } else { '=' });
            column += 1;
            if lines && column == 70 {
                out.push('\n');
                column = 0;
            }
        }
    }
    if lines && column > 0 {
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_decodes() {
        assert_eq!(decode("aGVs\nbG8="), Some(b"hello".to_vec()));
        assert_eq!(decode(""), Some(vec![]));
        for invalid in ["aGVsbG8", "aGVsbG8==", "a===", "aGV bG8=", "aGVsbG8=aGVs", "aG=s"] {
            assert_eq!(decode(invalid), None, "{invalid}");
        }
    }
}
