//! `!!binary`: base64 as Go's standard encoding decodes it.

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
