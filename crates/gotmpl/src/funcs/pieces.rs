//! Putting texts together from pieces: `quote`, `cat`, `indent`, `repeat`, `replace`, `plural`.

use super::convert::{strings_of, text_of};
use crate::strconv::is_print;
use crate::unicode::chars;
use crate::{Cx, Error, Func, Rest, Strings, Text, TextBuilder, Value, fmt, func};

/// The functions of this family.
pub static ALL: &[&Func] =
    &[&QUOTE, &SQUOTE, &CAT, &INDENT, &NINDENT, &REPEAT, &REPLACE, &PLURAL, &TO_STRING, &TO_STRINGS, &HELLO];

func! {
    /// Each value's text in double quotes, with Go's escapes; nil is left out.
    ///
    /// ```text
    /// {{ quote "a\"b" 5 nil }}  =>  "\"a\\\"b\" \"5\""
    /// ```
    pub static QUOTE = "quote"(cx, values: Rest<Value>) -> Result<Text, Error> {
        let mut out = TextBuilder::default();
        for value in values.0.iter().filter(|v| !v.is_nil()) {
            if !out.is_empty() {
                out.push_str(" ");
            }
            let text = text_of(value);
            cx.reserve(text.len())?;
            push_quoted(&mut out, &text);
        }
        Ok(out.finish())
    }

    /// Each value's text in single quotes, without any escapes; nil is left out.
    ///
    /// ```text
    /// {{ squote "it's" 5 }}  =>  'it's' '5'
    /// ```
    pub static SQUOTE = "squote"(cx, values: Rest<Value>) -> Result<Text, Error> {
        let mut out = TextBuilder::default();
        for value in values.0.iter().filter(|v| !v.is_nil()) {
            out.push_str(if out.is_empty() { "'" } else { " '" });
            let text = fmt::sprint(value);
            cx.reserve(text.len())?;
            out.push(&text);
            out.push_str("'");
        }
        Ok(out.finish())
    }

    /// The values with blanks between them; nil is left out.
    ///
    /// ```text
    /// {{ cat "a" 5 nil true }}  =>  a 5 true
    /// ```
    pub static CAT = "cat"(cx, values: Rest<Value>) -> Result<Text, Error> {
        let mut out = TextBuilder::default();
        for (i, value) in values.0.iter().filter(|v| !v.is_nil()).enumerate() {
            if i > 0 {
                out.push_str(" ");
            }
            let text = fmt::sprint(value);
            cx.reserve(text.len())?;
            out.push(&text);
        }
        Ok(out.finish())
    }

    /// Puts so many blanks before every line, empty ones included.
    ///
    /// ```text
    /// {{ indent 2 "a\n\nb" }}  =>  "  a\n  \n  b"
    /// ```
    pub static INDENT = "indent"(cx, spaces: isize, text: Text) -> Result<Text, Error> {
        indent(cx, spaces, &text, "")
    }

    /// A line break, then every line with so many blanks before it.
    ///
    /// ```text
    /// {{ nindent 2 "a\nb" }}  =>  "\n  a\n  b"
    /// ```
    pub static NINDENT = "nindent"(cx, spaces: isize, text: Text) -> Result<Text, Error> {
        indent(cx, spaces, &text, "\n")
    }

    /// The text so many times over.
    ///
    /// ```text
    /// {{ repeat 3 "ab" }}   =>  ababab
    /// {{ repeat -1 "ab" }}  =>  error: strings: negative Repeat count
    /// ```
    pub static REPEAT = "repeat"(cx, count: isize, text: Text) -> Result<Text, Error> {
        let size = repeated(cx, count, text.len())?;
        let mut out = TextBuilder::with_capacity(size);
        if size > 0 {
            for _ in 0..count {
                out.push(&text);
            }
        }
        Ok(out.finish())
    }

    /// Replaces every occurrence of `old`.
    ///
    /// ```text
    /// {{ replace "a" "oo" "banana" }}  =>  boonoonoo
    /// {{ replace "" "-" "ab" }}        =>  -a-b-
    /// ```
    pub static REPLACE = "replace"(cx, old: Text, new: Text, text: Text) -> Result<Text, Error> {
        replace(cx, &old, &new, &text)
    }

    /// `one` if the count is 1, `many` otherwise.
    ///
    /// ```text
    /// {{ plural "one anchovy" "many anchovies" 1 }}  =>  one anchovy
    /// {{ plural "one anchovy" "many anchovies" 0 }}  =>  many anchovies
    /// ```
    pub static PLURAL = "plural"(_cx, one: Text, many: Text, count: isize) -> Text {
        if count == 1 { one } else { many }
    }

    /// The value as a text.
    ///
    /// ```text
    /// {{ toString 1e6 | quote }}      =>  "\"1e+06\""
    /// {{ toString (list 1 "a") }}     =>  [1 a]
    /// ```
    pub static TO_STRING = "toString"(_cx, value: Value) -> Text {
        text_of(&value)
    }

    /// The items of a list as texts, nils left out; any other value as a list of one.
    ///
    /// ```text
    /// {{ toStrings (list 1 nil "a") | toJson }}  =>  "[\"1\",\"a\"]"
    /// ```
    pub static TO_STRINGS = "toStrings"(cx, value: Value) -> Result<Strings, Error> {
        strings_of(cx, &value)
    }

    /// A greeting.
    ///
    /// ```text
    /// {{ hello }}  =>  Hello!
    /// ```
    pub static HELLO = "hello"(_cx) -> &'static str {
        "Hello!"
    }
}

/// A text in double quotes; runs without anything to escape keep their origins, and so do escapes.
fn push_quoted(out: &mut TextBuilder, text: &Text) {
    out.push_str("\"");
    let plain = |b: &u8| (0x20..0x7f).contains(b) && *b != b'"' && *b != b'\\';
    if text.iter().all(plain) {
        out.push(text);
    } else {
        let mut run = 0;
        for (range, c) in chars(text) {
            let valid = c != '\u{fffd}' || range.len() == 3;
            if valid && is_print(c) && c != '"' && c != '\\' {
                continue;
            }
            out.push_range(text, run..range.start);
            run = range.end;
            let piece = text.slice(range);
            let escaped = crate::strconv::quote(&piece);
            let origin = piece.segments().next().map_or(text.origin(), |(_, origin)| origin);
            out.push_bytes(&escaped.as_bytes()[1..escaped.len() - 1], origin);
        }
        out.push_range(text, run..text.len());
    }
    out.push_str("\"");
}

/// The bytes of so many copies, asked of the host.
fn repeated(cx: &mut Cx<'_>, count: isize, len: usize) -> Result<usize, Error> {
    let count = usize::try_from(count).map_err(|_| Error::new("strings: negative Repeat count"))?;
    let size = len
        .checked_mul(count)
        .filter(|size| isize::try_from(*size).is_ok())
        .ok_or_else(|| Error::new("strings: Repeat output length overflow"))?;
    cx.reserve(size)?;
    Ok(size)
}

fn indent(cx: &mut Cx<'_>, spaces: isize, text: &Text, before: &str) -> Result<Text, Error> {
    let lines = memchr::memchr_iter(b'\n', text).count() + 1;
    let width = repeated(cx, spaces, 1)?;
    let size = width.saturating_mul(lines).saturating_add(text.len());
    cx.reserve(size)?;
    let pad = " ".repeat(width);
    let mut out = TextBuilder::with_capacity(size + before.len());
    out.push_str(before);
    out.push_str(&pad);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text) {
        out.push_range(text, start..end + 1);
        out.push_str(&pad);
        start = end + 1;
    }
    out.push_range(text, start..text.len());
    Ok(out.finish())
}

fn replace(cx: &mut Cx<'_>, old: &Text, new: &Text, text: &Text) -> Result<Text, Error> {
    // Between all characters and at both ends, where nothing is to be replaced.
    let places: Vec<std::ops::Range<usize>> = if old.is_empty() {
        let ends = chars(text).map(|(range, _)| range.end..range.end);
        std::iter::once(0..0).chain(ends).collect()
    } else {
        memchr::memmem::find_iter(text, old.bytes()).map(|at| at..at + old.len()).collect()
    };
    if places.is_empty() || old == new {
        return Ok(text.clone());
    }
    let size = text.len().saturating_add(new.len().saturating_mul(places.len()));
    cx.reserve(size)?;
    let mut out = TextBuilder::with_capacity(size);
    let mut at = 0;
    for place in places {
        out.push_range(text, at..place.start);
        out.push(new);
        at = place.end;
    }
    out.push_range(text, at..text.len());
    Ok(out.finish())
}
