//! Cuts rendered files into documents as each version of Helm cuts them.

use std::ops::Range;

use super::profile::Profile;

/// The byte ranges of a file's documents; blank ones are left out.
///
/// Helm 4.2.4 cuts at every line that begins with `---`, drops blanks after the dashes, and keeps a document's end as
/// it is. Helm 3 trims the whole file, takes all space around a separator into it, so that of two separators in a
/// row the second becomes the first line of a document, and trims each document.
pub(crate) fn documents(text: &str, profile: Profile) -> Vec<Range<usize>> {
    match profile {
        Profile::Helm4 => at_dashes(text),
        Profile::Helm3 => around_space(text),
    }
}

fn at_dashes(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = skip_space(text, 0, text.len());
    let mut from = start;
    let mut push = |range: Range<usize>| {
        let start = skip_space(text, range.start, range.end);
        if start < range.end {
            all.push(start..range.end);
        }
    };
    while let Some(at) = next_separator(text, from, start) {
        push(start..at);
        let rest = &text.as_bytes()[at + 3..];
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        start = at + 3 + blanks;
        from = start;
    }
    push(start..text.len());
    all
}

/// The next `---` that begins a line; `first` is where the text begins.
fn next_separator(text: &str, from: usize, first: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let found = memchr::memmem::find(bytes.get(at..)?, b"---")? + at;
        if found == 0 || bytes[found - 1] == b'\n' || (found == first && at == first && from == first) {
            return Some(found);
        }
        // More dashes behind: the line does not begin with them, so go on behind this one.
        at = found + 1;
    }
}

fn around_space(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let begin = skip_space(text, 0, text.len());
    let end = begin + text[begin..].trim_end().len();
    let bytes = text.as_bytes();
    let mut push = |range: Range<usize>| {
        // Only an empty piece is left out; a trimmed one cannot be blank, for the separators took the space.
        if !range.is_empty() {
            let start = skip_space(text, range.start, range.end);
            all.push(start..start + text[start..range.end].trim_end().len());
        }
    };
    let mut start = begin;
    let mut from = begin;
    while let Some(found) = bytes.get(from..end).and_then(|rest| memchr::memmem::find(rest, b"---")) {
        let dashes = from + found;
        let at_start = dashes == begin && start == begin;
        // The space before the dashes belongs to the separator, from the first blank of the run on, if there is a
        // line break in it; what an earlier separator took is gone.
        let before = &bytes[start..dashes];
        let space = before.iter().rev().take_while(|b| is_regex_space(**b)).count();
        let run = dashes - space;
        let begins_line = dashes > start && bytes[dashes - 1] == b'\n';
        if !(at_start || begins_line) {
            from = dashes + 1;
            continue;
        }
        push(start..run);
        let rest = &bytes[dashes + 3..end];
        start = dashes + 3 + rest.iter().take_while(|b| is_regex_space(**b)).count();
        from = start;
    }
    push(start..end);
    all
}

/// What `\s` matches in Go's regular expressions: no vertical tab, nothing beyond ASCII.
fn is_regex_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn skip_space(text: &str, start: usize, end: usize) -> usize {
    let part = &text[start..end];
    end - part.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, profile: Profile) -> Vec<&str> {
        documents(text, profile).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn version_4_keeps_the_end_of_a_document() {
        for (text, expected) in [
            ("a: 1\n---\nb: 2\n", &["a: 1\n", "b: 2\n"][..]),
            ("\n\n---\n---\n  a: 1 \n\n---   \nb", &["a: 1 \n\n", "b"]),
            ("---apiVersion: v1\n", &["apiVersion: v1\n"]),
            ("a\n--- # c\nb", &["a\n", "# c\nb"]),
            ("a ---\n ---\nb", &["a ---\n ---\nb"]),
            ("----\na", &["-\na"]),
            ("   ---\na", &["a"]),
            ("  \n", &[]),
        ] {
            assert_eq!(cut(text, Profile::Helm4), expected, "{text:?}");
        }
    }

    #[test]
    fn version_3_takes_the_space_around_a_separator() {
        for (text, expected) in [
            ("a: 1\n---\nb: 2\n", &["a: 1", "b: 2"][..]),
            ("a\n---\n---\n---\nb", &["a", "---", "b"]),
            ("---\n---\na", &["---\na"]),
            ("a: |+\n  x\n\n\n---\nb", &["a: |+\n  x", "b"]),
            ("a\n--- # c\nb", &["a", "# c\nb"]),
            ("a\n  ---\nb", &["a\n  ---\nb"]),
            ("---apiVersion: v1", &["apiVersion: v1"]),
        ] {
            assert_eq!(cut(text, Profile::Helm3), expected, "{text:?}");
        }
    }
}
