//! Randomness: `randAlphaNum`, `randInt`, `shuffle`, `uuidv4` and their kind. All of it comes from the host, so that
//! a seeded host gives the same result each time.

use super::base64::encode;
use crate::unicode::chars;
use crate::{Cx, Error, Func, Text, TextBuilder, func};

/// The functions of this family.
pub static ALL: &[&Func] =
    &[&RAND_ALPHA_NUM, &RAND_ALPHA, &RAND_NUMERIC, &RAND_ASCII, &RAND_INT, &RAND_BYTES, &SHUFFLE, &UUIDV4];

func! {
    /// So many random letters and digits.
    ///
    /// ```text
    /// {{ randAlphaNum 12 | len }}  =>  12
    /// ```
    pub static RAND_ALPHA_NUM = "randAlphaNum"(cx, count: isize) -> Result<String, Error> {
        text(cx, count, |c| c.is_ascii_alphanumeric())
    }

    /// So many random letters.
    ///
    /// ```text
    /// {{ regexMatch "^[a-zA-Z]{3}$" (randAlpha 3) }}  =>  true
    /// ```
    pub static RAND_ALPHA = "randAlpha"(cx, count: isize) -> Result<String, Error> {
        text(cx, count, |c| c.is_ascii_alphabetic())
    }

    /// So many random digits.
    ///
    /// ```text
    /// {{ regexMatch "^[0-9]{5}$" (randNumeric 5) }}  =>  true
    /// ```
    pub static RAND_NUMERIC = "randNumeric"(cx, count: isize) -> Result<String, Error> {
        text(cx, count, |c| c.is_ascii_digit())
    }

    /// So many random printable characters of ASCII.
    ///
    /// ```text
    /// {{ randAscii 7 | len }}   =>  7
    /// {{ randAscii -1 | len }}  =>  0
    /// ```
    pub static RAND_ASCII = "randAscii"(cx, count: isize) -> Result<String, Error> {
        text(cx, count, |c| (b' '..0x7f).contains(c))
    }

    /// A random integer from the first number up to, and not with, the second.
    ///
    /// ```text
    /// {{ randInt 5 6 }}  =>  5
    /// {{ randInt 5 5 }}  =>  error: invalid argument to Intn
    /// ```
    pub static RAND_INT = "randInt"(cx, min: isize, max: isize) -> Result<isize, Error> {
        let range = max.wrapping_sub(min);
        match u64::try_from(range) {
            Ok(range) if range > 0 => Ok(min.wrapping_add(below(cx, range) as isize)),
            _ => Err(Error::new("invalid argument to Intn")),
        }
    }

    /// So many random bytes, in base 64.
    ///
    /// ```text
    /// {{ randBytes 12 | b64dec | len }}  =>  12
    /// {{ randBytes -1 }}                 =>  error: runtime error: makeslice: len out of range
    /// ```
    pub static RAND_BYTES = "randBytes"(cx, count: isize) -> Result<String, Error> {
        let count = usize::try_from(count).map_err(|_| Error::new("runtime error: makeslice: len out of range"))?;
        cx.reserve(count.saturating_mul(3))?;
        let mut bytes = vec![0; count];
        cx.host.random(&mut bytes);
        Ok(encode(&bytes))
    }

    /// The characters of a text in random order.
    ///
    /// ```text
    /// {{ shuffle "aaa" }}  =>  aaa
    /// ```
    pub static SHUFFLE = "shuffle"(cx, text: Text) -> Text {
        let mut all: Vec<_> = chars(&text).map(|(range, _)| range).collect();
        for last in (1..all.len()).rev() {
            let other = below(cx, last as u64 + 1) as usize;
            all.swap(last, other);
        }
        let mut out = TextBuilder::with_capacity(text.len());
        for range in all {
            out.push_range(&text, range);
        }
        out.finish()
    }

    /// A random UUID.
    ///
    /// ```text
    /// {{ regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" uuidv4 }}  =>  true
    /// ```
    pub static UUIDV4 = "uuidv4"(cx) -> String {
        let mut bytes = [0; 16];
        cx.host.random(&mut bytes);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = super::hash::hex(&bytes);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}

/// So many random characters of a kind, each as likely as any other; none for a negative number.
fn text(cx: &mut Cx<'_>, count: isize, fits: fn(&u8) -> bool) -> Result<String, Error> {
    let count = usize::try_from(count).unwrap_or(0);
    cx.reserve(count)?;
    let all: Vec<u8> = (0..0x80).filter(fits).collect();
    let limit = 256 / all.len() * all.len();
    let mut out = String::with_capacity(count);
    let mut bytes = [0; 64];
    while out.len() < count {
        cx.host.random(&mut bytes);
        let even = bytes.iter().map(|b| usize::from(*b)).filter(|b| *b < limit);
        out.extend(even.take(count - out.len()).map(|b| char::from(all[b % all.len()])));
    }
    Ok(out)
}

/// A random number below a limit, which is not 0; what would favour small numbers is thrown away.
fn below(cx: &mut Cx<'_>, limit: u64) -> u64 {
    let fair = u64::MAX - u64::MAX % limit;
    loop {
        let mut bytes = [0; 8];
        cx.host.random(&mut bytes);
        let number = u64::from_le_bytes(bytes);
        if number < fair {
            return number % limit;
        }
    }
}
