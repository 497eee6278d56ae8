//! What must not be shown: values of Secrets, and values under keys that say that they are secret.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Place, SourceId, Sources, Span, is_secret_name};

/// What stands in the place of a secret value; its length tells nothing of the value's.
pub(super) const STARS: &str = "******";

/// Bytes around a finding within which the values lie that it may quote.
const NEAR: u32 = 1 << 16;

/// The byte ranges of the texts that hold values of Secrets.
#[derive(Clone, Default, Debug)]
pub struct Masks {
    ranges: FxHashMap<SourceId, Vec<(u32, u32)>>,
}

impl Masks {
    /// Of these ranges.
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut masks = Masks::default();
        for span in spans.into_iter().filter(|s| s.start < s.end) {
            masks.ranges.entry(span.source).or_default().push((span.start, span.end));
        }
        masks.ranges.values_mut().for_each(merge);
        masks
    }

    /// Adds the block scalars under secret keys of a text.
    pub fn read(&mut self, id: SourceId, text: &str) {
        self.add(id, secret_blocks(text));
    }

    fn add(&mut self, id: SourceId, mut blocks: Vec<(u32, u32)>) {
        if !blocks.is_empty() {
            let list = self.ranges.entry(id).or_default();
            list.append(&mut blocks);
            merge(list);
        }
    }

    /// The same for every text that a diagnostic speaks of.
    pub(super) fn read_all(&mut self, diagnostics: &[Diagnostic], sources: &Sources) {
        let labels = diagnostics.iter().flat_map(|d| d.related.iter().chain([&d.primary]));
        let mut seen = FxHashSet::default();
        let mut all = Vec::new();
        for label in labels {
            if let Place::Span(span) = label.at
                && seen.insert(span.source)
                && let Some(source) = sources.get(span.source)
            {
                all.push((span.source, source));
            }
        }
        if let [(id, source)] = all.as_slice() {
            return self.read(*id, source.text());
        }
        let blocks =
            all.into_par_iter().with_min_len(16).map(|(id, source)| (id, secret_blocks(source.text())));
        for (id, blocks) in blocks.collect::<Vec<_>>() {
            self.add(id, blocks);
        }
    }

    /// The ranges that meet `start..end`, in order.
    pub(super) fn within(&self, source: SourceId, start: u32, end: u32) -> &[(u32, u32)] {
        let Some(list) = self.ranges.get(&source) else { return &[] };
        let from = list.partition_point(|r| r.1 <= start);
        let to = list.partition_point(|r| r.0 < end);
        list.get(from..to).unwrap_or(&[])
    }

    /// Takes masked values out of what a diagnostic says: a validator likes to quote what it rejects.
    pub fn clean(&self, diagnostic: &mut Diagnostic, sources: &Sources) {
        let places = diagnostic.related.iter().chain([&diagnostic.primary]).map(|l| l.at);
        let mut secrets: Vec<&str> = Vec::new();
        for place in places {
            let Place::Span(span) = place else { continue };
            // A finding about a Secret may speak of any of its values; they stand near each other.
            let (start, end) = (span.start.saturating_sub(NEAR), span.end.saturating_add(NEAR));
            for &(start, end) in self.within(span.source, start, end) {
                let text = sources.slice(Span::new(span.source, start, end));
                secrets.extend(text.lines().map(|l| l.trim().trim_matches(['"', '\''])));
            }
        }
        // Short values are words like `true`: blotting those out hides the message, not the secret.
        secrets.retain(|s| s.len() >= 4);
        if secrets.is_empty() {
            return;
        }
        secrets.sort_unstable_by_key(|s| std::cmp::Reverse(s.len()));
        secrets.dedup();
        let clean = |text: &mut String| {
            for secret in &secrets {
                if text.contains(secret) {
                    *text = text.replace(secret, STARS);
                }
            }
        };
        clean(&mut diagnostic.message);
        clean(&mut diagnostic.primary.text);
        diagnostic.related.iter_mut().for_each(|l| clean(&mut l.text));
        diagnostic.help.iter_mut().for_each(clean);
        diagnostic.upstream.iter_mut().for_each(clean);
    }
}

/// Sorts, and makes one of those that overlap.
fn merge(list: &mut Vec<(u32, u32)>) {
    list.sort_unstable();
    list.dedup_by(|next, last| {
        let overlaps = next.0 <= last.1;
        if overlaps {
            last.1 = last.1.max(next.1);
        }
        overlaps
    });
}

/// The lines of block scalars (`key: |` and `key: >`) whose key says that they are secret.
fn secret_blocks(text: &str) -> Vec<(u32, u32)> {
    let bytes = text.as_bytes();
    let mut blocks = Vec::new();
    for at in memchr::memchr2_iter(b'|', b'>', bytes) {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        let modifiers =
            text[at + 1..end].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        if !(modifiers.trim().is_empty() || modifiers.trim_start().starts_with('#')) {
            continue;
        }
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |n| n + 1);
        let Some(colon) = text[start..at].trim_end().strip_suffix(':').map(str::len) else { continue };
        let line = &text[start..at];
        if !is_secret_name(key_before(line, colon)) {
            continue;
        }
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let (least, mut last) = (indent(line), (end + 1).min(bytes.len()));
        for below in text[last..].split_inclusive('\n') {
            if !below.trim().is_empty() && indent(below) <= least {
                break;
            }
            last += below.len();
        }
        blocks.push(((end + 1).min(bytes.len()) as u32, last as u32));
    }
    blocks.retain(|(start, end)| start < end);
    blocks
}

/// The byte ranges of a line that hold values under secret keys.
pub(super) fn secret_values(line: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let bytes = line.as_bytes();
    // Where the name of a secret variable stands; 0 where none does.
    let (mut from, mut variable) = (0, 0);
    while let Some(colon) = memchr::memchr2(b':', b'=', &bytes[from..]).map(|n| from + n) {
        from = colon + 1;
        // In YAML a colon that no blank follows is part of a word, unless a quoted key stands before it.
        let is_quoted = matches!(bytes[..colon].last(), Some(b'"' | b'\''));
        if bytes[colon] == b':' && !is_quoted && !matches!(bytes.get(from), Some(b' ' | b'\t')) {
            continue;
        }
        let key = key_before(line, colon);
        // A variable of an environment in one line: `{name: DB_PASSWORD, value: ...}`.
        let is_named = key == "value" && !line[variable..colon].contains('}') && variable > 0;
        if key == "name" {
            let name = value_after(line, colon + 1).map_or("", |(start, end)| &line[start..end]);
            variable = if is_secret_name(name.trim_matches(['"', '\''])) { colon } else { 0 };
        }
        if !is_named && !is_secret_name(key) {
            continue;
        }
        if let Some((start, end)) = value_after(line, colon + 1) {
            ranges.push((start, end));
            from = end.max(from);
        }
    }
    ranges
}

fn key_before(line: &str, colon: usize) -> &str {
    let bytes = &line.as_bytes()[..colon];
    if bytes.is_ascii() {
        // Nearly all lines, and each that is shown is looked at.
        let end = bytes.iter().rposition(|b| !matches!(b, b' ' | b'\t'..=b'\r')).map_or(0, |at| at + 1);
        let end = bytes[..end].iter().rposition(|b| !matches!(b, b'"' | b'\'')).map_or(0, |at| at + 1);
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let start = bytes[..end].iter().rposition(|b| !is_word(b)).map_or(0, |at| at + 1);
        return &line[start..end];
    }
    let before = line[..colon].trim_end().trim_end_matches(['"', '\'']);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start =
        before.rfind(|c| !word(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

/// The value that begins behind the colon; `None` where there is nothing to hide.
pub(super) fn value_after(line: &str, from: usize) -> Option<(usize, usize)> {
    let rest = &line[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let value = &line[start..];
    let first = value.chars().next()?;
    // References, anchors, block scalars, collections and template actions are no values.
    if matches!(first, '{' | '[' | '|' | '>' | '&' | '*' | '#')
        || value.starts_with("$(")
        || value.starts_with("${")
    {
        return None;
    }
    let length = match first {
        '"' | '\'' => value[1..].find(first).map_or(value.len(), |at| at + 2),
        _ => {
            let end = if line[..start].contains('{') {
                value.find([',', '}']).unwrap_or(value.len())
            } else {
                value.find(" #").unwrap_or(value.len())
            };
            value[..end].trim_end().len()
        }
    };
    let text = value[..length].trim_matches(['"', '\'']);
    let is_word = matches!(text, "" | "true" | "false" | "null" | "~" | "True" | "False");
    (!is_word).then_some((start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(line: &str) -> String {
        let mut text = line.to_owned();
        for (start, end) in secret_values(line).into_iter().rev() {
            text.replace_range(start..end, STARS);
        }
        text
    }

    #[test]
    fn values_under_telling_keys_are_hidden_and_others_are_not() {
        assert_eq!(masked("  password: hunter2 # old"), "  password: ****** # old");
        assert_eq!(masked("- DB_PASSWORD=hunter2"), "- DB_PASSWORD=******");
        assert_eq!(masked(r#"{"apiKey": "a,b", "name": "x"}"#), r#"{"apiKey": ******, "name": "x"}"#);
        assert_eq!(masked("{token: abc, name: x}"), "{token: ******, name: x}");
        assert_eq!(
            masked("[{name: DB_PASSWORD, value: x1}, {name: A, value: x2}]"),
            "[{name: DB_PASSWORD, value: ******}, {name: A, value: x2}]"
        );
        for line in [
            "secretName: web-tls",
            "automountServiceAccountToken: false",
            "secret:",
            "token: $(TOKEN)",
            "password: |",
            "image: registry:5000/token:1",
        ] {
            assert_eq!(masked(line), line);
        }
    }

    #[test]
    fn ranges_are_found_by_the_line_that_they_meet() {
        let id = SourceId(0);
        let masks = Masks::new([Span::new(id, 10, 20), Span::new(id, 30, 40)]);
        assert_eq!(masks.within(id, 0, 10), &[]);
        assert_eq!(masks.within(id, 15, 31), &[(10, 20), (30, 40)]);
        assert_eq!(masks.within(SourceId(1), 0, 100), &[]);
    }
}
