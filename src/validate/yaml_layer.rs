//! What the server's YAML reader refuses before there are fields: equal keys, and what JSON cannot say.

use rustc_hash::FxHashMap;
use yaml::{Kind, Node, Value};

use super::codes::NO_JSON_FORM;
use super::decode::duplicate;
use super::report::Report;
use crate::kube::Resource;

/// Looks at every node of the object as it is written; what an alias names is looked at where it stands.
pub(super) fn judge(resource: &Resource, report: &mut Report<'_>) {
    let mut open = vec![resource.root()];
    while let Some(node) = open.pop() {
        if node.is_alias() {
            continue;
        }
        match node.kind() {
            Kind::Scalar => {
                if let Value::Float(f) = node.value()
                    && !f.is_finite()
                {
                    let message =
                        format!("`{}` cannot be sent to a server: JSON has no such number", node.text());
                    report.push(&NO_JSON_FORM, "Decode", node, String::new(), message).help =
                        Some("put it in quotes if it is text".to_owned());
                }
            }
            Kind::Seq => open.extend(node.items()),
            Kind::Map => {
                keys(node, report);
                open.extend(node.written_entries().map(|(_, value)| value));
            }
        }
    }
}

fn keys<'a>(map: Node<'a>, report: &mut Report<'_>) {
    // Maps are small: only from some size on a table pays.
    let mut few: Vec<Node<'a>> = Vec::new();
    let mut many: FxHashMap<&'a str, Vec<Node<'a>>> = FxHashMap::default();
    let is_large = map.written_entries().take(17).count() > 16;
    let mut first_of = |key: Node<'a>| -> Option<Node<'a>> {
        let seen = if is_large { many.entry(key.text()).or_default() } else { &mut few };
        let first = seen.iter().copied().find(|k| same(*k, key));
        if first.is_none() {
            seen.push(key);
        }
        first
    };
    for (key, value) in map.written_entries() {
        if key.is_merge() {
            // Whatever a merge brings counts as written here.
            let sources = if value.kind() == Kind::Seq { value.items().collect() } else { vec![value] };
            for (merged, _) in sources.into_iter().flat_map(Node::entries) {
                if let Some(first) = first_of(merged) {
                    let at = if merged.text() == first.text() { key } else { merged };
                    duplicate_of_merge(report, at, first);
                }
            }
            continue;
        }
        if let Some(first) = first_of(key) {
            duplicate(report, key, first);
        }
        let wrong = match key.value() {
            Value::Null => Some("null"),
            Value::UInt(_) => Some("a number past 63 bits"),
            Value::Map | Value::Seq => Some("a collection"),
            _ => None,
        };
        if let Some(what) = wrong {
            let message = format!("a key cannot be {what}: JSON has only strings as keys");
            report.push(&NO_JSON_FORM, "Decode", key, String::new(), message);
        }
    }
}

/// `1` and `"1"` are two keys, `1` and `0x1` are one.
fn same(a: Node<'_>, b: Node<'_>) -> bool {
    a.text() == b.text() && a.value() == b.value()
}

fn duplicate_of_merge(report: &mut Report<'_>, merge: Node<'_>, first: Node<'_>) {
    let name = first.text().to_owned();
    let first = report.place(first);
    let message = format!("the merge brings `{name}`, which is set already");
    let finding = report.push(&super::codes::DUPLICATE_FIELD, "DuplicateKey", merge, name, message);
    finding.related.push(source::Label::new(first, "set here"));
    finding.help =
        Some("the server does not let a key override a merged one: set it in one place".to_owned());
}
