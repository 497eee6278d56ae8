//! Which texts are no strings to YAML 1.1: kyaml quotes those that it sets.

use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::{Node, Options, Profile, Value, read_first};

/// Whether a text, written plain, is something else than a string to go-yaml v2.
///
/// ```text
/// yes, 1.0, 2020-01-01, ~ : it is     example, a-b, "" : it is not
/// ```
pub(in crate::render::kustomize) fn is_other_than_string(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') || is_word(text) {
        return false;
    }
    let text: Arc<str> = text.into();
    let mut found = Diagnostics::new();
    let doc = read_first(SourceId(u32::MAX), &text, &Options::new(Profile::GoYamlV2), &mut found);
    if !found.is_empty() {
        return false;
    }
    let root = doc.as_ref().and_then(|doc| doc.root());
    !root.is_some_and(|root| matches!(root.value(), Value::Str(_)) && !is_time(root))
}

/// Go's `time.Time` is no string.
fn is_time(node: Node<'_>) -> bool {
    node.short_tag() == "!!timestamp"
}

/// A shortcut for most texts: letters, digits and marks that nothing is made of, beginning with a letter, and none of the
/// words that YAML 1.1 knows.
fn is_word(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    let known = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && text.bytes().all(plain)
        && !(text.len() < 6 && known.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::is_other_than_string;

    #[test]
    fn what_yaml_1_1_takes_for_something_else() {
        for text in ["yes", "On", "n", "Y", "null", "~", "1", "1.5", "0x1F", "1_000", "2020-01-01", "true"] {
            assert!(is_other_than_string(text), "{text}");
        }
        for text in ["", "a", "nginx:1.25", "yEs-not", "a b", "v1", "x/y", "yeah", "two\nlines", "-x", "1:30"]
        {
            assert!(!is_other_than_string(text), "{text}");
        }
    }
}
