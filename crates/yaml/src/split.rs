//! Cuts a stream where its documents begin, without reading them.

use std::ops::Range;

use crate::reader::Options;

/// Cuts a text into parts of whole documents, each of about that many bytes, so that they can be read side by
/// side with [`read_part`](crate::read_part): together they give what [`read`](crate::read) gives at once.
///
/// A text that cannot be cut safely (with directives, or with line breaks other than LF and CR LF) is one part,
/// and so is any text of go-yaml v3, whose anchors hold across documents.
///
/// ```
/// let text = "a: 1\n---\nb: 2\n---\nc: 3\n";
/// let options = yaml::Options::new(yaml::Profile::Kubernetes);
/// assert_eq!(yaml::split(text, &options, 6), [0..14, 14..23]);
/// ```
pub fn split(text: &str, options: &Options, size: usize) -> Vec<Range<u32>> {
    let bytes = text.as_bytes();
    let whole = 0..u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    if options.profile.is_v3() || bytes.len() <= size || !separable(bytes) {
        return vec![whole];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    let mark = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    for (_, end) in documents(bytes, mark) {
        if (end - start) as usize >= size {
            parts.push(start..end);
            start = end;
        }
    }
    if start < whole.end {
        parts.push(start..whole.end);
    }
    parts
}

/// Whether a text may be cut at the lines that begin with `---`: it has no directives, which belong to the
/// document after them, and no line breaks but LF and CR LF.
pub(crate) fn separable(bytes: &[u8]) -> bool {
    let directive = bytes.starts_with(b"%") || memchr::memmem::find(bytes, b"\n%").is_some();
    !directive && !has_odd_breaks(bytes)
}

/// Whether there is a CR without LF, NEL, LS or PS: all of them end lines in YAML 1.1.
fn has_odd_breaks(bytes: &[u8]) -> bool {
    let lone_cr = memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
    if lone_cr || bytes.is_ascii() {
        return lone_cr;
    }
    memchr::memmem::find(bytes, b"\xC2\x85").is_some()
        || memchr::memmem::find_iter(bytes, b"\xE2\x80")
            .any(|at| matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)))
}

/// Byte ranges of the documents from that offset on. What stands before the first `---` belongs to the first
/// document if it is comments alone, and is a document of its own otherwise.
pub(crate) fn documents(bytes: &[u8], from: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
    let blank = |at: usize| matches!(bytes.get(at), None | Some(b' ' | b'\t' | b'\r' | b'\n'));
    let rest = bytes.get(from as usize..).unwrap_or_default();
    let found = memchr::memmem::find_iter(rest, b"\n---").map(move |at| from as usize + at + 1);
    let mut marks = found.filter(move |at| blank(at + 3));
    let mut start = Some(from as usize);
    let mut opened =
        bytes.get(start.unwrap_or(0)..).is_some_and(|b| b.starts_with(b"---")) && blank(from as usize + 3);
    std::iter::from_fn(move || {
        let from = start?;
        loop {
            let next = marks.next();
            let to = next.unwrap_or(bytes.len());
            if !opened && bytes.get(from..to).is_none_or(is_void) {
                opened = true;
                if next.is_none() {
                    start = None;
                    return None;
                }
                continue;
            }
            opened = true;
            start = next;
            return Some((from as u32, to as u32));
        }
    })
}

/// Whether there is nothing but blank lines and comments.
fn is_void(bytes: &[u8]) -> bool {
    bytes.split(|b| *b == b'\n').all(|line| {
        let content = line.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        matches!(content, None | Some(b'#'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        documents(text.as_bytes(), 0).map(|(from, to)| &text[from as usize..to as usize]).collect()
    }

    #[test]
    fn documents_begin_at_three_dashes() {
        assert_eq!(parts("a\n---\nb\n--- c\n"), ["a\n", "---\nb\n", "--- c\n"]);
        assert_eq!(parts("# top\n---\na\n"), ["# top\n---\na\n"]);
        assert_eq!(parts("---\n---\n"), ["---\n", "---\n"]);
        assert_eq!(parts("---a: 1\n---b"), ["---a: 1\n---b"]);
        assert_eq!(parts("# only\n"), [""; 0]);
        assert_eq!(parts(""), [""; 0]);
        assert_eq!(parts("a\n---"), ["a\n", "---"]);
    }

    #[test]
    fn what_cannot_be_cut() {
        assert!(!separable(b"%YAML 1.1\n---\n"));
        assert!(!separable(b"a\rb"));
        assert!(!separable("a\u{2028}b".as_bytes()));
        assert!(separable("a: \u{201C}x\u{201D}\r\n".as_bytes()));
    }
}
