//! ConfigMaps and Secrets: keys that are names of files, and how much they may hold.

use yaml::Node;

use super::super::codes::{DUPLICATE_ITEM, INVALID_NAME, INVALID_VALUE};
use super::super::decode::Walk;

/// What one of them may hold, in bytes.
const BYTES: usize = 1 << 20;

pub(super) fn config_map<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let texts = keys(walk, node, "data", "data");
    keys(walk, node, "binaryData", "binaryData");
    for (key, _) in node.get("data").into_iter().flat_map(Node::entries) {
        if node.get("binaryData").is_some_and(|other| other.get(key.text()).is_some()) {
            let path = format_args!(".data[{}]", key.text());
            let message = format!("`{}` stands in `binaryData` too", key.text());
            walk.tell(&DUPLICATE_ITEM, "FieldValueInvalid", key, path, message);
        }
    }
    if texts > BYTES {
        let message = format!("the ConfigMap holds {texts} bytes, at most {BYTES} are allowed");
        walk.report.push(&INVALID_VALUE, "FieldValueTooLong", node, "[]".to_owned(), message);
    }
}

pub(super) fn secret<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    keys(walk, node, "data", "data");
    // Plain texts become data before they are judged.
    keys(walk, node, "stringData", "data");
}

/// Judges the keys of a map; gives the bytes of its values.
fn keys(walk: &mut Walk<'_, '_>, node: Node<'_>, field: &str, shown: &str) -> usize {
    let mut bytes = 0;
    for (key, value) in node.get(field).into_iter().flat_map(Node::entries) {
        bytes += value.text().len();
        if let Some(fault) = fault(key.text()) {
            let message = format!("`{}` is no name for a file", key.text());
            let path = format_args!(".{shown}[{}]", key.text());
            walk.tell(&INVALID_NAME, "FieldValueInvalid", key, path, message).help = Some(fault.to_owned());
        }
    }
    bytes
}

fn fault(key: &str) -> Option<&'static str> {
    if key.len() > 253 {
        return Some("at most 253 characters are allowed");
    }
    let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if key.is_empty() || !key.bytes().all(is_word) {
        return Some("letters, digits, `-`, `_` and `.`");
    }
    (key == "." || key.starts_with("..")).then_some("it may not be `.` or begin with `..`")
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn keys_are_names_of_files() {
        for good in ["a", "a.b", "_", "-", ".a", "A-1.txt"] {
            assert!(fault(good).is_none(), "{good}");
        }
        for bad in ["", ".", "..", "..a", "a b", "a/b", "=", "ä"] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
