//! Findings as JSON text, byte for byte what `serde_json` makes of them.
//!
//! A monorepo has thousands of findings with two dozen members each; written out by hand they cost a quarter of what
//! they do through the general machinery, which also writes them wherever they are part of something else.

use super::{Change, Finding, Object, Place, Related};

pub(super) fn finding(out: &mut String, finding: &Finding<'_>) {
    member(out, "{\"code\":", finding.code);
    member(out, ",\"severity\":", finding.severity);
    member(out, ",\"message\":", finding.message);
    optional(out, ",\"help\":", finding.help);
    out.push(',');
    place(out, &finding.place);
    optional(out, ",\"label\":", Some(finding.label).filter(|label| !label.is_empty()));
    if let Some(about) = &finding.object {
        object(out, about);
    }
    optional(out, ",\"path\":", finding.path);
    optional(out, ",\"container\":", finding.container);
    if !finding.related.is_empty() {
        list(out, ",\"related\":[", &finding.related, related);
    }
    if let Some(fix) = &finding.fix {
        change(out, fix);
    }
    optional(out, ",\"upstream\":", finding.upstream);
    out.push('}');
}

fn object(out: &mut String, object: &Object<'_>) {
    member(out, ",\"object\":{\"group\":", object.group);
    member(out, ",\"version\":", object.version);
    member(out, ",\"kind\":", object.kind);
    member(out, ",\"namespace\":", object.namespace);
    member(out, ",\"name\":", object.name);
    out.push('}');
}

fn related(out: &mut String, related: &Related<'_>) {
    out.push('{');
    place(out, &related.place);
    member(out, ",\"message\":", related.message);
    out.push('}');
}

fn change(out: &mut String, change: &Change<'_>) {
    member(out, ",\"fix\":{\"title\":", change.title);
    member(out, ",\"applicability\":", change.applicability);
    list(out, ",\"edits\":[", &change.edits, |out, edit| {
        out.push('{');
        place(out, &edit.place);
        member(out, ",\"text\":", edit.text);
        out.push('}');
    });
    out.push('}');
}

/// The members of a place, without braces.
fn place(out: &mut String, place: &Place<'_>) {
    member(out, "\"file\":", place.file);
    number(out, ",\"line\":", place.line);
    number(out, ",\"column\":", place.column);
    number(out, ",\"endLine\":", place.end_line);
    number(out, ",\"endColumn\":", place.end_column);
}

fn list<T>(out: &mut String, key: &str, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push_str(key);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn optional(out: &mut String, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        member(out, key, text);
    }
}

fn number(out: &mut String, key: &str, number: u32) {
    out.push_str(key);
    crate::report::number(out, number, 0);
}

fn member(out: &mut String, key: &str, text: &str) {
    out.push_str(key);
    out.push('"');
    let mut rest = text;
    // Nearly all texts need no escape, and are copied at once.
    while let Some(at) = escaped(rest) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (byte, behind) = from.split_at(1);
        match byte.as_bytes() {
            b"\"" => out.push_str("\\\""),
            b"\\" => out.push_str("\\\\"),
            b"\n" => out.push_str("\\n"),
            b"\r" => out.push_str("\\r"),
            b"\t" => out.push_str("\\t"),
            b"\x08" => out.push_str("\\b"),
            b"\x0C" => out.push_str("\\f"),
            other => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let code = other.first().copied().unwrap_or_default();
                out.push_str("\\u00");
                out.push(char::from(DIGITS[usize::from(code >> 4)]));
                out.push(char::from(DIGITS[usize::from(code & 15)]));
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out.push('"');
}

/// The first byte that cannot stand in a string as it is; all of them are characters of their own.
fn escaped(text: &str) -> Option<usize> {
    let is_escaped = |b: &u8| *b < b' ' || matches!(b, b'"' | b'\\');
    let bytes = text.as_bytes();
    // Blocks are looked at as a whole, by vectors.
    let block = bytes.chunks(32).position(|block| block.iter().fold(false, |any, b| any | is_escaped(b)))?;
    bytes[block * 32..].iter().position(is_escaped).map(|at| block * 32 + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json::Replacement;

    #[test]
    fn it_is_what_serde_writes() {
        let odd = "a \"b\" \\ \u{0}\u{8}\u{c}\u{1f}\u{7f}\n\r\té…🦀 and some more words than a block has, with \"quotes\"";
        let place = || Place { file: odd, line: 1, column: 4_294_967_295, end_line: 0, end_column: 70 };
        let least = || Finding {
            code: "a",
            severity: "note",
            message: "",
            help: None,
            place: Place::default(),
            label: "",
            object: None,
            path: None,
            container: None,
            related: Vec::new(),
            fix: None,
            upstream: None,
        };
        let edit = || Replacement { place: place(), text: odd };
        let most = Finding {
            message: odd,
            help: Some(odd),
            place: place(),
            label: odd,
            object: Some(Object { group: "", version: "v1", kind: odd, namespace: "", name: odd }),
            path: Some(odd),
            container: Some(odd),
            related: vec![Related { place: place(), message: odd }, Related { place: place(), message: "" }],
            fix: Some(Change { title: odd, applicability: "safe", edits: vec![edit(), edit()] }),
            upstream: Some(odd),
            ..least()
        };
        for finding in [least(), most] {
            let mut text = String::new();
            super::finding(&mut text, &finding);
            assert_eq!(text, serde_json::to_string(&finding).unwrap());
        }
    }
}
