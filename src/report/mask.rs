//! What must not be shown: values of Secrets, and values under keys that say that they are secret.

use std::borrow::Cow;
use std::collections::HashMap;

use source::{Diagnostic, SourceId, Sources, Span};

/// What stands in the place of a secret value; its length tells nothing of the value's.
pub(super) const STARS: &str = "******";

/// Bytes around a finding within which the values lie that it may quote.
const NEAR: u32 = 1 << 16;

/// The byte ranges of the texts that hold values of Secrets.
#[derive(Default, Debug)]
pub struct Masks {
    ranges: HashMap<SourceId, Vec<(u32, u32)>>,
}

impl Masks {
    /// Of these ranges.
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut ranges: HashMap<SourceId, Vec<(u32, u32)>> = HashMap::new();
        for span in spans.into_iter().filter(|s| s.start < s.end) {
            ranges.entry(span.source).or_default().push((span.start, span.end));
        }
        ranges.values_mut().for_each(|list| list.sort_unstable());
        Masks { ranges }
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
        let mut secrets: Vec<String> = Vec::new();
        for place in places {
            let source::Place::Span(span) = place else { continue };
            // A finding about a Secret may speak of any of its values; they stand near each other.
            let (start, end) = (span.start.saturating_sub(NEAR), span.end.saturating_add(NEAR));
            for &(start, end) in self.within(span.source, start, end) {
                let text = sources.slice(Span::new(span.source, start, end));
                secrets.extend(text.lines().map(|l| l.trim().trim_matches(['"', '\'']).to_owned()));
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
                if text.contains(secret.as_str()) {
                    *text = text.replace(secret.as_str(), STARS);
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

/// Whether a key says that its value is secret.
///
/// Only the end of a key counts: `secretName` and `tokenExpirationSeconds` name no secret.
pub(super) fn is_secret_key(key: &str) -> bool {
    const ENDS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "apikey",
        "privatekey",
        "secretkey",
        "accesskey",
        "encryptionkey",
        "credential",
        "credentials",
        "connectionstring",
        "dockerconfigjson",
        "dockercfg",
    ];
    if key.len() < 3 || key.len() > 200 {
        return false;
    }
    let plain: Cow<'_, str> = if key.bytes().all(|b| b.is_ascii_lowercase()) {
        key.into()
    } else {
        key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    ENDS.iter().any(|end| plain.ends_with(end))
}

/// The byte ranges of a line that hold values under secret keys.
pub(super) fn secret_values(line: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let bytes = line.as_bytes();
    let mut from = 0;
    while let Some(colon) = memchr::memchr2(b':', b'=', &bytes[from..]).map(|n| from + n) {
        from = colon + 1;
        // In YAML a colon that no blank follows is part of a word, unless a quoted key stands before it.
        let is_quoted = matches!(bytes[..colon].last(), Some(b'"' | b'\''));
        if bytes[colon] == b':' && !is_quoted && !matches!(bytes.get(from), Some(b' ' | b'\t')) {
            continue;
        }
        let key = key_before(line, colon);
        if !is_secret_key(key) {
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
