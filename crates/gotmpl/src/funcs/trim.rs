//! Cutting off: `trim`, `trimAll`, `trimPrefix`, `trimSuffix`, `nospace`.

use crate::unicode::{chars, is_space};
use crate::{Func, Text, TextBuilder, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&TRIM, &TRIM_ALL, &TRIMALL, &TRIM_PREFIX, &TRIM_SUFFIX, &NOSPACE];

func! {
    /// Cuts blanks off both ends.
    ///
    /// ```text
    /// {{ trim "  a b\n" }}  =>  a b
    /// ```
    pub static TRIM = "trim"(_cx, text: Text) -> Text {
        cut(&text, is_space)
    }

    /// Cuts all characters of a set off both ends.
    ///
    /// ```text
    /// {{ trimAll "$" "$5.00$" }}  =>  5.00
    /// {{ trimAll "-" 5 }}         =>  error: expected string; found 5
    /// ```
    pub static TRIM_ALL = "trimAll"(_cx, set: Text, text: Text) -> Text {
        cut_set(&set, &text)
    }

    /// The older name of `trimAll`.
    ///
    /// ```text
    /// {{ trimall "ab" "abcba" }}  =>  c
    /// ```
    pub static TRIMALL = "trimall"(_cx, set: Text, text: Text) -> Text {
        cut_set(&set, &text)
    }

    /// Cuts a prefix off, once.
    ///
    /// ```text
    /// {{ trimPrefix "-" "--a" }}  =>  -a
    /// {{ trimPrefix "x" "a" }}    =>  a
    /// ```
    pub static TRIM_PREFIX = "trimPrefix"(_cx, prefix: Text, text: Text) -> Text {
        match text.strip_prefix(prefix.bytes()) {
            Some(rest) => text.slice(text.len() - rest.len()..text.len()),
            None => text,
        }
    }

    /// Cuts a suffix off, once.
    ///
    /// ```text
    /// {{ trimSuffix "-" "a--" }}  =>  a-
    /// {{ trimSuffix "-" 5 }}      =>  error: expected string; found 5
    /// ```
    pub static TRIM_SUFFIX = "trimSuffix"(_cx, suffix: Text, text: Text) -> Text {
        match text.strip_suffix(suffix.bytes()) {
            Some(rest) => text.slice(0..rest.len()),
            None => text,
        }
    }

    /// Takes all blanks out.
    ///
    /// Bytes are taken for characters, so that text with anything but ASCII comes out garbled if there was a blank
    /// in it; Sprig does so.
    ///
    /// ```text
    /// {{ nospace " a  b " }}  =>  ab
    /// ```
    pub static NOSPACE = "nospace"(_cx, text: Text) -> Text {
        let is_blank = |b: &u8| is_space(char::from(*b));
        if !text.iter().any(is_blank) {
            return text;
        }
        let mut out = TextBuilder::with_capacity(text.len());
        for (range, origin) in text.segments() {
            let kept: String = text[range].iter().filter(|b| !is_blank(b)).map(|b| char::from(*b)).collect();
            out.push_bytes(kept.as_bytes(), origin);
        }
        out.finish()
    }
}

fn cut(text: &Text, is_cut: impl Fn(char) -> bool) -> Text {
    let mut start = text.len();
    let mut end = text.len();
    for (range, c) in chars(text) {
        if !is_cut(c) {
            start = start.min(range.start);
            end = range.end;
        }
    }
    text.slice(start.min(end)..end)
}

fn cut_set(set: &[u8], text: &Text) -> Text {
    // In Go a byte of the text that is no UTF-8 is U+FFFD, and so is one of the set.
    let set: Vec<char> = chars(set).map(|(_, c)| c).collect();
    match set.as_slice() {
        [] => text.clone(),
        set => cut(text, |c| set.contains(&c)),
    }
}
