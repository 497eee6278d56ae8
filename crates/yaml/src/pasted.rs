//! Texts that lost their form on the way through a page or a chat: line numbers copied with the lines, bullets
//! before every line, indentation gone.

use source::{Diagnostic, SourceId, Span};

use crate::codes;

/// So few lines prove nothing.
const ENOUGH: usize = 4;

/// Lines with something on them, comments and `---` aside, with their offsets.
fn lines(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let content = line.trim_start();
        (!content.is_empty() && !content.starts_with('#') && content != "---").then_some((start, line))
    })
}

/// What every line of a document has in front of it, if that is so: one diagnostic at its first line.
///
/// `text` is the document's, which begins at `from` of its source.
pub(crate) fn marked_lines(source: SourceId, text: &str, from: usize) -> Option<Diagnostic> {
    let (at, first) = lines(text, from).next()?;
    let begins = first.trim_start().bytes().next()?;
    match begins {
        b'0'..=b'9' => numbered(source, text, from, at),
        b'-' => bulleted(source, text, from, at),
        _ => None,
    }
}

/// A line's number and what follows it: `12  kind: Pod`, `12: kind: Pod`, `12. ...`, `12| ...`.
fn number_of(line: &str) -> Option<(u64, &str)> {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let number = line.get(..digits)?.parse().ok()?;
    let rest = &line[digits..];
    let marked = rest.strip_prefix([':', '.', ')', '|']).unwrap_or(rest);
    let parted = marked.is_empty()
        || marked.starts_with([' ', '\t', '+', '-'])
        || marked.len() < rest.len() && rest.starts_with('|');
    parted.then_some((number, marked.trim_start()))
}

fn numbered(source: SourceId, text: &str, from: usize, at: usize) -> Option<Diagnostic> {
    let (mut count, mut steps, mut keys) = (0, 0, 0);
    let mut last = None;
    for (_, line) in lines(text, from) {
        let (number, rest) = number_of(line)?;
        steps += usize::from(last.is_some_and(|last| number == last + 1));
        keys += usize::from(rest.contains(": ") || rest.ends_with(':') || rest.starts_with("- "));
        last = Some(number);
        count += 1;
    }
    // A map of numbers has numbers and values as well, but its values are no keys.
    if count < ENOUGH || steps * 10 < (count - 1) * 8 || keys * 2 < count {
        return None;
    }
    Some(
        Diagnostic::new(
            &codes::YAML_LINE_NUMBERS,
            Span::new(source, at as u32, at as u32),
            "the line numbers were copied with the text",
        )
        .help(
            "strip the number in front of every line, for example with `sed -E 's/^ *[0-9]+[ :.|)]//' FILE`",
        ),
    )
}

fn bulleted(source: SourceId, text: &str, from: usize, at: usize) -> Option<Diagnostic> {
    let (mut count, mut opening) = (0, 0);
    let mut opened = false;
    for (_, line) in lines(text, from) {
        let item = line.strip_prefix("- ")?;
        // `- metadata:` with nothing below it, which no list of values has.
        opening += usize::from(opened);
        opened = item.ends_with(':') && !item.trim_end_matches(':').contains([' ', '"', '\'']);
        count += 1;
    }
    if count < ENOUGH || opening < 2 {
        return None;
    }
    Some(
        Diagnostic::new(
            &codes::YAML_BULLETS,
            Span::new(source, at as u32, at as u32 + 1),
            "every line begins with a dash: this is a list, and it looks like pasted bullet points",
        )
        .help("remove the dash in front of every line and indent what belongs to a key below it"),
    )
}

/// Whether a document that has mistakes looks as if its indentation had been stripped: all lines begin at the
/// first column, and keys that should hold something are followed by further keys.
pub(crate) fn lost_indentation(source: SourceId, text: &str, from: usize) -> Option<Diagnostic> {
    let mut count = 0;
    let mut opened: Option<(usize, &str)> = None;
    let mut empty: Vec<(usize, &str)> = Vec::new();
    for (at, line) in lines(text, from) {
        if line.starts_with([' ', '\t']) {
            return None;
        }
        if let Some(key) = opened.filter(|_| !line.starts_with("- ")) {
            empty.push(key);
        }
        opened = line.strip_suffix(':').filter(|key| !key.contains([' ', '"', '\''])).map(|key| (at, key));
        count += 1;
    }
    let (at, key) = *empty.first()?;
    if count <= ENOUGH || empty.len() < 2 {
        return None;
    }
    Some(
        Diagnostic::new(
            &codes::YAML_INDENTATION_LOST,
            Span::new(source, at as u32, (at + key.len()) as u32),
            format!("the indentation is gone: all lines begin at the first column, `{key}` and others hold nothing"),
        )
        .label("what belongs to this has to be indented below it")
        .help("paste the text again from where its indentation is kept, or indent by two spaces what belongs to the key above"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> Option<&'static str> {
        marked_lines(SourceId(0), text, 0).map(|d| d.code.id)
    }

    #[test]
    fn line_numbers() {
        assert_eq!(marked("1  a: b\n2  c:\n3    d: e\n4    f:\n"), Some("yaml-line-numbers"));
        assert_eq!(marked("  8: a: b\n  9: c:\n 10:   d: e\n 11:   f:\n"), Some("yaml-line-numbers"));
        assert_eq!(marked("1| a: b\n2| c:\n3|   - d\n4|   - e: f\n"), Some("yaml-line-numbers"));
        // Maps and lists of numbers are what they are.
        assert_eq!(marked("1: a\n2: b\n3: c\n4: d\n"), None);
        assert_eq!(marked("8080: web\n8081: api: x\n8082: y\n8083: z\n"), None);
        assert_eq!(marked("1 a: b\n2 c: d\n"), None);
    }

    #[test]
    fn bullets() {
        assert_eq!(marked("- a: b\n- c:\n- d: e\n- f:\n- - g: h\n"), Some("yaml-bullets"));
        assert_eq!(marked("- a: b\n- c: d\n- e: f\n- g: h\n"), None);
        assert_eq!(marked("- a:\n    b: c\n- d:\n    e: f\n"), None);
        assert_eq!(marked("- a\n- b\n- c\n- d\n"), None);
    }

    #[test]
    fn indentation() {
        let lost = |text| lost_indentation(SourceId(0), text, 0).is_some();
        assert!(lost("a: b\nc:\nd: e\nf:\ng:\n- h: i\nj: k\n"));
        assert!(!lost("a: b\nc:\n  d: e\nf:\ng: h\n"));
        assert!(!lost("a: b\nc:\n- d\ne:\n- f\ng: h\n"));
    }
}
