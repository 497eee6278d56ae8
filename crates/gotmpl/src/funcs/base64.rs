//! Base 64 and base 32: `b64enc`, `b64dec`, `b32enc`, `b32dec`. Decoding an impossible text gives the error's text.

use crate::{Cx, Error, Func, Text, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&B64ENC, &B64DEC, &B32ENC, &B32DEC];

func! {
    /// The text in base 64.
    ///
    /// ```text
    /// {{ b64enc "hello" }}  =>  aGVsbG8=
    /// ```
    pub static B64ENC = "b64enc"(cx, text: Text) -> Result<String, Error> {
        cx.reserve(text.len().div_ceil(3).saturating_mul(4))?;
        Ok(encode(&text))
    }

    /// What a text in base 64 stands for; line breaks in it do not matter.
    ///
    /// ```text
    /// {{ b64dec "aGVsbG8=" }}  =>  hello
    /// {{ b64dec "a" }}         =>  illegal base64 data at input byte 0
    /// ```
    pub static B64DEC = "b64dec"(cx, text: Text) -> Text {
        decoded(cx, &text, decode(&text, &BASE64).map_err(|at| format!("illegal base64 data at input byte {at}")))
    }

    /// The text in base 32.
    ///
    /// ```text
    /// {{ b32enc "hello" }}  =>  NBSWY3DP
    /// ```
    pub static B32ENC = "b32enc"(cx, text: Text) -> Result<String, Error> {
        cx.reserve(text.len().div_ceil(5).saturating_mul(8))?;
        Ok(encode_with(&text, &BASE32))
    }

    /// What a text in base 32 stands for.
    ///
    /// ```text
    /// {{ b32dec "NBSWY3DP" }}  =>  hello
    /// {{ b32dec "1" }}         =>  illegal base32 data at input byte 0
    /// ```
    pub static B32DEC = "b32dec"(cx, text: Text) -> Text {
        decoded(cx, &text, decode(&text, &BASE32).map_err(|at| format!("illegal base32 data at input byte {at}")))
    }
}

fn decoded(cx: &mut Cx<'_>, text: &Text, result: Result<Vec<u8>, String>) -> Text {
    let origins: Vec<_> = text.segments().map(|(_, origin)| origin).collect();
    let origin = cx.union(origins);
    Text::with_origin(result.unwrap_or_else(String::into_bytes), origin)
}

/// An alphabet with the number of bits a letter, and of letters a group.
struct Alphabet {
    letters: &'static [u8],
    bits: u32,
    group: usize,
}

const BASE64: Alphabet = Alphabet {
    letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    bits: 6,
    group: 4,
};
const BASE32: Alphabet = Alphabet { letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, group: 8 };

/// Go's `base64.StdEncoding`.
pub fn encode(bytes: &[u8]) -> String {
    encode_with(bytes, &BASE64)
}

/// Go's `base64.StdEncoding.DecodeString`; `Err` is the byte where the text goes wrong.
///
/// # Errors
/// It is no base 64.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, usize> {
    decode(text, &BASE64)
}

fn encode_with(bytes: &[u8], alphabet: &Alphabet) -> String {
    let bytes_a_group = alphabet.group * alphabet.bits as usize / 8;
    let mut out = String::with_capacity(bytes.len().div_ceil(bytes_a_group) * alphabet.group);
    for group in bytes.chunks(bytes_a_group) {
        let word =
            group.iter().fold(0u64, |w, b| w << 8 | u64::from(*b)) << (8 * (bytes_a_group - group.len()));
        let letters = (group.len() * 8).div_ceil(alphabet.bits as usize);
        for i in 0..alphabet.group {
            let shift = alphabet.bits as usize * (alphabet.group - 1 - i);
            let index = (word >> shift) as usize & (alphabet.letters.len() - 1);
            out.push(if i < letters { char::from(alphabet.letters[index]) } else { '=' });
        }
    }
    out
}

/// Decodes strictly in the alphabet, padded; line breaks are skipped. Where Go counts the offset of an error from
/// differs between the two bases.
fn decode(text: &[u8], alphabet: &Alphabet) -> Result<Vec<u8>, usize> {
    let is_64 = alphabet.bits == 6;
    // Base 32 takes the line breaks out beforehand, so that offsets do not count them.
    let stripped: Vec<u8>;
    let text = if is_64 {
        text
    } else {
        stripped = text.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
        &stripped
    };
    let mut values = [255u8; 256];
    for (value, letter) in alphabet.letters.iter().enumerate() {
        values[usize::from(*letter)] = value as u8;
    }
    let mut out = Vec::with_capacity(text.len() * alphabet.bits as usize / 8);
    let mut at = 0;
    let skip = |at: &mut usize| {
        while matches!(text.get(*at), Some(b'\r' | b'\n')) {
            *at += 1;
        }
    };
    loop {
        let (mut word, mut letters) = (0u64, 0);
        let mut padded = false;
        while letters < alphabet.group {
            skip(&mut at);
            let Some(&byte) = text.get(at) else {
                if letters == 0 {
                    return Ok(out);
                }
                // The end within a group.
                return Err(at - letters);
            };
            let value = values[usize::from(byte)];
            if value != 255 {
                word = word << alphabet.bits | u64::from(value);
                letters += 1;
                at += 1;
                continue;
            }
            if byte != b'=' {
                return Err(at);
            }
            padded = true;
            if is_64 {
                end_of_base64(text, &mut at, letters)?;
            } else {
                end_of_base32(text, at, letters)?;
            }
            break;
        }
        let bytes_a_group = alphabet.group * alphabet.bits as usize / 8;
        let bytes = letters * alphabet.bits as usize / 8;
        let word = word << (alphabet.bits as usize * (alphabet.group - letters));
        for i in 0..bytes.min(bytes_a_group) {
            out.push((word >> (8 * (bytes_a_group - 1 - i))) as u8);
        }
        if padded {
            return Ok(out);
        }
    }
}

/// Checks the padding that begins at `at`, after so many letters of the group, and that nothing follows it.
fn end_of_base64(text: &[u8], at: &mut usize, letters: usize) -> Result<(), usize> {
    let skip = |at: &mut usize| {
        while matches!(text.get(*at), Some(b'\r' | b'\n')) {
            *at += 1;
        }
    };
    if letters < 2 {
        return Err(*at);
    }
    *at += 1;
    if letters == 2 {
        skip(at);
        match text.get(*at) {
            None => return Err(text.len()),
            Some(b'=') => *at += 1,
            Some(_) => return Err(*at - 1),
        }
    }
    skip(at);
    if *at < text.len() { Err(*at) } else { Ok(()) }
}

/// Base 32 looks at no more than the rest of the group; what follows it is ignored.
fn end_of_base32(text: &[u8], at: usize, letters: usize) -> Result<(), usize> {
    let rest = &text[at + 1..];
    if letters < 2 || rest.len() >= 8 {
        return Err(at);
    }
    if rest.len() + letters < 7 {
        return Err(text.len());
    }
    if let Some(bad) = rest[..7 - letters].iter().position(|b| *b != b'=') {
        return Err(at + bad);
    }
    // No byte ends after so many letters.
    if matches!(letters, 3 | 6) { Err(at) } else { Ok(()) }
}
