//! An object as it is once it has been JSON: what a JSON patch works on, and what it leaves.

use gotmpl::fmt::format_float;
use yaml::emit::{GoTyped, JsonStyle, json};
use yaml::{Kind, NodeComments, NodeId, Style, Tree, Value};

/// How numbers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As Go's JSON has them.
    Json,
    /// As go-yaml v3 writes the 64-bit floats that Go reads all of JSON's numbers into: `1e+06` for a million.
    Yaml,
}

/// Gives the object the values that Go's JSON would have: moments in full, numbers in their shortest form, no comments, no
/// tags; strings that look like something else in quotes. The error is that of a value that JSON has no form for.
///
/// Only texts and styles change; nodes stay where they are, with their origins.
pub(super) fn through_json(tree: &mut Tree, numbers: Numbers) -> Result<(), String> {
    let mut todo = vec![tree.root()];
    while let Some(id) = todo.pop() {
        if tree.comments(id).is_some() {
            tree.set_comments(id, NodeComments::default());
        }
        match tree.kind(id) {
            Kind::Scalar => scalar(tree, id, numbers)?,
            Kind::Seq => {
                tree.set_style(id, Style::Block);
                todo.extend(tree.children(id));
            }
            Kind::Map => {
                tree.set_style(id, Style::Block);
                let keys: Vec<NodeId> = tree.entries(id).map(|(key, _)| key).collect();
                for key in keys {
                    self::key(tree, key);
                }
                todo.extend(tree.entries(id).map(|(_, value)| value));
            }
        }
    }
    Ok(())
}

fn scalar(tree: &mut Tree, id: NodeId, numbers: Numbers) -> Result<(), String> {
    let quoted = !matches!(tree.style(id), Style::Plain | Style::Flow | Style::Block);
    if quoted && tree.written_tag(id).is_none() {
        let text = tree.text(id).to_owned();
        string(tree, id, text);
        return Ok(());
    }
    // A text that was put where something else was and stays.
    let tag = tree.tag(id);
    if matches!(tag, "!!int" | "!!float" | "!!bool") && matches!(tree.node(id).value(), Value::Str(_)) {
        return Err(format!("yaml: cannot decode !!str `{}` as a {tag}", tree.text(id)));
    }
    let mut out = Vec::new();
    let style = JsonStyle { escape_html: false, ..JsonStyle::default() };
    json(&GoTyped::root(tree.node(id)), style, &mut out).map_err(|e| e.to_string())?;
    let written = String::from_utf8_lossy(&out).into_owned();
    let origin = tree.origin(id);
    if written.starts_with('"') {
        // Only moments and binary have another text as JSON than they are written with. What still is a moment after
        // a patch came by it, and was a string to YAML 1.1's reader.
        let text = match tree.tag(id) {
            "!!timestamp" | "!!binary" if numbers == Numbers::Json => {
                serde_json::from_str(&written).unwrap_or(written)
            }
            _ => tree.text(id).to_owned(),
        };
        string(tree, id, text);
        return Ok(());
    }
    let text = match tree.node(id).value() {
        Value::Int(_) | Value::UInt(_) | Value::Float(_) if numbers == Numbers::Yaml => {
            written.parse().map_or(written, |float: f64| format_float(float, 'g', None))
        }
        _ => written,
    };
    tree.set_style(id, Style::Plain);
    tree.set_untyped(id, text, origin);
    tree.settle(id);
    Ok(())
}

/// Keys are strings: YAML 1.1's other ones have the form that they get on the way to JSON.
fn key(tree: &mut Tree, id: NodeId) {
    if tree.comments(id).is_some() {
        tree.set_comments(id, NodeComments::default());
    }
    let text = match tree.node(id).value() {
        Value::Str(_) => return,
        _ => yaml::json_key(tree.node(id)),
    };
    string(tree, id, text);
}

/// Writes a string as go-yaml v3 does: in quotes where it would be read as something else, as a block where it has several
/// lines.
fn string(tree: &mut Tree, id: NodeId, text: String) {
    let origin = tree.origin(id);
    let lines = text.contains('\n');
    tree.set_style(id, Style::Plain);
    tree.set_untyped(id, text, origin);
    let other = tree.tag(id) != "!!str" || is_old(tree.text(id));
    tree.make_string(id);
    tree.set_style(
        id,
        match (lines, other) {
            (true, _) => Style::Literal,
            (false, true) => Style::DoubleQuoted,
            (false, false) if needs_quotes(tree.text(id)) => Style::SingleQuoted,
            (false, false) => Style::Plain,
        },
    );
}

/// Whether the syntax does not let a text of one line stand plain: `a: b`.
fn needs_quotes(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && text.bytes().all(is_word) {
        return false;
    }
    let mut tree = Tree::new(source::OriginId::UNKNOWN);
    let scalar = tree.string(text, source::OriginId::UNKNOWN);
    tree.set_root(scalar);
    yaml::emit::tree(&tree).is_ok_and(|written| written.starts_with(['\'', '"']))
}

/// Texts that were booleans or numbers in YAML 1.1: `yes`, `1:30`.
pub(super) fn is_old(text: &str) -> bool {
    let words = ["y", "yes", "on", "n", "no", "off"];
    let cased = |word: &str| {
        let (first, rest) = word.split_at(1);
        text == word
            || text == word.to_ascii_uppercase()
            || text == format!("{}{rest}", first.to_ascii_uppercase())
    };
    if text.len() <= 3 && words.iter().any(|word| cased(word)) {
        return true;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = digits.split(':');
    let first = parts.next().unwrap_or("");
    let sixty = |part: &str| {
        let whole = part.split('.').next().unwrap_or("");
        matches!(whole.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
    };
    first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_')
        && digits.contains(':')
        && parts.all(sixty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::resource;

    fn formed(spec: &str, numbers: Numbers) -> Result<String, String> {
        let head = "kind: A\nmetadata:\n  name: a\n";
        let mut tree = resource(&format!("{head}spec:\n{spec}")).tree().clone();
        through_json(&mut tree, numbers)?;
        let text = yaml::emit::tree(&tree).map_err(|e| e.to_string())?;
        Ok(text.strip_prefix(head).and_then(|t| t.strip_prefix("spec:\n")).unwrap_or(&text).to_owned())
    }

    #[test]
    fn values_have_one_form() {
        let spec = "  a: 0x10 # ten\n  b: 1.50\n  c: 2020-01-01\n  d: !!str 5\n  e: ~\n  f: 'x'\n  g: True\n";
        let json =
            "  a: 16\n  b: 1.5\n  c: \"2020-01-01T00:00:00Z\"\n  d: \"5\"\n  e: null\n  f: x\n  g: true\n";
        assert_eq!(formed(spec, Numbers::Json).unwrap(), json);
        let spec = "  a: 1000000\n  b: 12345678901234567890\n  c: 8080\n  d: \"yes\"\n";
        let yaml = "  a: 1e+06\n  b: 1.2345678901234567e+19\n  c: 8080\n  d: \"yes\"\n";
        assert_eq!(formed(spec, Numbers::Yaml).unwrap(), yaml);
        assert!(formed("  a: .inf\n", Numbers::Json).is_err());
    }

    #[test]
    fn texts_of_yaml_1_1() {
        for text in ["yes", "Yes", "YES", "n", "N", "Off", "1:30", "190:20:30", "+1:00.5", "1_0:10"] {
            assert!(is_old(text), "{text}");
        }
        for text in ["yEs", "yess", "1:60", "1:", "a:10", "12", ":10", ""] {
            assert!(!is_old(text), "{text}");
        }
    }
}
