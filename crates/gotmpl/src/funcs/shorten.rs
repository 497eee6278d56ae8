//! Making texts shorter and breaking them into lines: `trunc`, `substr`, `abbrev`, `wrap`. All count bytes.

use crate::{Cx, Error, Func, Text, TextBuilder, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&TRUNC, &SUBSTR, &ABBREV, &ABBREVBOTH, &WRAP, &WRAP_WITH];

func! {
    /// The first `length` bytes; with a negative length, the last ones.
    ///
    /// ```text
    /// {{ trunc 3 "hello" }}   =>  hel
    /// {{ trunc -3 "hello" }}  =>  llo
    /// {{ trunc 9 "hello" }}   =>  hello
    /// ```
    pub static TRUNC = "trunc"(_cx, length: isize, text: Text) -> Text {
        let size = length.unsigned_abs();
        if size >= text.len() {
            text
        } else if length < 0 {
            text.slice(text.len() - size..text.len())
        } else {
            text.slice(0..size)
        }
    }

    /// The bytes from `start` up to `end`. A negative start means the beginning, a negative or too large end the end.
    ///
    /// ```text
    /// {{ substr 1 3 "hello" }}   =>  el
    /// {{ substr -1 3 "hello" }}  =>  hel
    /// {{ substr 1 -1 "hello" }}  =>  ello
    /// {{ substr 9 12 "hello" }}  =>  error: runtime error: slice bounds out of range [9:5]
    /// ```
    pub static SUBSTR = "substr"(_cx, start: isize, end: isize, text: Text) -> Result<Text, Error> {
        let len = text.len() as isize;
        let bounds = |what: String| Err(Error::new(format!("runtime error: slice bounds out of range {what}")));
        if start < 0 {
            return match end {
                0.. if end <= len => Ok(text.slice(0..end as usize)),
                0.. => bounds(format!("[:{end}] with length {len}")),
                _ => bounds(format!("[:{end}]")),
            };
        }
        if end < 0 || end > len {
            return match start > len {
                true => bounds(format!("[{start}:{len}]")),
                false => Ok(text.slice(start as usize..text.len())),
            };
        }
        match start > end {
            true => bounds(format!("[{start}:{end}]")),
            false => Ok(text.slice(start as usize..end as usize)),
        }
    }

    /// At most `width` bytes, with `...` at the end where something was left out. Widths below 4 leave the text alone.
    ///
    /// ```text
    /// {{ abbrev 5 "hello world" }}  =>  he...
    /// ```
    pub static ABBREV = "abbrev"(_cx, width: isize, text: Text) -> Text {
        if width < 4 { text } else { abbreviate(&text, 0, width) }
    }

    /// At most `right` bytes around the byte number `left`, with `...` at both ends where something was left out.
    ///
    /// ```text
    /// {{ abbrevboth 5 10 "1234 5678 9123" }}  =>  ...5678...
    /// ```
    pub static ABBREVBOTH = "abbrevboth"(_cx, left: isize, right: isize, text: Text) -> Text {
        if right < 4 || (left > 0 && right < 7) { text } else { abbreviate(&text, left, right) }
    }

    /// Breaks a text into lines of that many bytes at most; longer words stay whole.
    ///
    /// ```text
    /// {{ wrap 5 "aaa bbb ccc" }}  =>  "aaa\nbbb\nccc"
    /// ```
    pub static WRAP = "wrap"(cx, width: isize, text: Text) -> Result<Text, Error> {
        break_lines(cx, &text, width, &Text::from("\n"), false)
    }

    /// Breaks a text with another separator; longer words are broken too.
    ///
    /// ```text
    /// {{ wrapWith 5 "-" "Hello World" }}  =>  Hello-World
    /// {{ wrapWith 2 "|" "abcde" }}        =>  ab|cd|e
    /// ```
    pub static WRAP_WITH = "wrapWith"(cx, width: isize, separator: Text, text: Text) -> Result<Text, Error> {
        let separator = if separator.is_empty() { Text::from("\n") } else { separator };
        break_lines(cx, &text, width, &separator, true)
    }
}

/// goutils' `AbbreviateFull`; the caller has checked the width.
fn abbreviate(text: &Text, offset: isize, width: isize) -> Text {
    let len = text.len() as isize;
    if len <= width {
        return text.clone();
    }
    let mut offset = offset.min(len);
    if len - offset < width - 3 {
        offset = len - (width - 3);
    }
    let mut out = TextBuilder::default();
    if offset <= 4 {
        out.push_range(text, 0..(width - 3) as usize);
        out.push_str("...");
        return out.finish();
    }
    if width < 7 {
        return Text::default();
    }
    out.push_str("...");
    if offset + width - 3 < len {
        let rest = text.slice(offset as usize..text.len());
        out.push(&if width - 3 < 4 { Text::default() } else { abbreviate(&rest, 0, width - 3) });
    } else {
        out.push_range(text, (len - (width - 3)) as usize..text.len());
    }
    out.finish()
}

fn break_lines(
    cx: &mut Cx<'_>,
    text: &Text,
    width: isize,
    separator: &Text,
    break_words: bool,
) -> Result<Text, Error> {
    let width = usize::try_from(width.max(1)).unwrap_or(1);
    let mut out = TextBuilder::with_capacity(text.len());
    let mut at = 0;
    let mut budget = 0;
    while text.len() - at > width {
        if text[at] == b' ' {
            at += 1;
            continue;
        }
        // A separator may be long, and a line one byte.
        budget += separator.len();
        if budget > 1 << 16 {
            cx.reserve(budget)?;
            budget = 0;
        }
        let end = at + width;
        if let Some(blank) = memchr::memrchr(b' ', &text[at..=end]).map(|i| at + i) {
            out.push_range(text, at..blank);
            out.push(separator);
            at = blank + 1;
        } else if break_words {
            out.push_range(text, at..end);
            out.push(separator);
            at = end;
        } else if let Some(blank) = memchr::memchr(b' ', &text[end..]).map(|i| end + i) {
            out.push_range(text, at..blank);
            out.push(separator);
            at = blank + 1;
        } else {
            break;
        }
    }
    out.push_range(text, at..text.len());
    Ok(out.finish())
}
