//! What a table can say of values that do decode: enums, and lists whose items must differ.

use rustc_hash::FxHashSet;
use yaml::Node;

use super::codes::{DUPLICATE_ITEM, ENUM_VALUE};
use super::decode::{Step, Walk};
use crate::schema::{List, Shape, Type};

/// A string that must be one of some values.
pub(super) fn one_of<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Step<'a>) {
    let text = node.text();
    // Empty is as good as absent, which is for another rule to judge.
    if ty.shape() != Shape::String
        || text.is_empty()
        || ty.values().len() == 0
        || ty.values().any(|v| v == text)
    {
        return;
    }
    let values: Vec<&str> = ty.values().collect();
    let path = walk.path(step, true);
    let name = match step {
        Step::Field(name) | Step::Key(name) => format!("`{name}`"),
        _ => "an item".to_owned(),
    };
    let fix = source::closest(text, values.iter().copied());
    let change = fix.and_then(|to| walk.report.replacing(node, format!("write `{to}`"), to.to_owned()));
    let message = format!("{name} cannot be `{text}`");
    let finding = walk.report.push(&ENUM_VALUE, "FieldValueNotSupported", node, path, message);
    finding.help = Some(match fix {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of {}", list(&values)),
    });
    finding.fix = change;
}

/// `a`, `b` and `c` in backquotes; long lists are cut.
pub(super) fn list(values: &[&str]) -> String {
    let shown: Vec<String> =
        values.iter().take(12).map(|v| if v.is_empty() { "\"\"".into() } else { format!("`{v}`") }).collect();
    match values.len().checked_sub(shown.len()) {
        Some(more) if more > 0 => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}

/// The items of a set, or of a list with keys, must differ.
pub(super) fn unique<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>) {
    match ty.list() {
        Some(List::Set) => unique_values(walk, node),
        Some(List::Map) => unique_keys(walk, node, ty),
        _ => {}
    }
}

fn unique_values<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let mut seen = FxHashSet::default();
    for (at, item) in node.items().enumerate() {
        if item.kind() == yaml::Kind::Scalar && !seen.insert(item.text()) {
            let path = walk.path(Step::Index(at), true);
            let message = format!("`{}` stands twice in a list whose items must differ", item.text());
            walk.report.push(&DUPLICATE_ITEM, "FieldValueDuplicate", item, path, message);
        }
    }
}

fn unique_keys<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>) {
    let element = ty.element();
    let keys: Vec<(&str, &str)> = ty
        .list_keys()
        .map(|key| (key, element.and_then(|e| e.field(key)).and_then(|f| f.default_json()).unwrap_or("")))
        .collect();
    let mut seen: FxHashSet<Vec<&str>> = FxHashSet::default();
    for (at, item) in node.items().enumerate() {
        let texts: Vec<&str> = keys
            .iter()
            .map(|(key, default)| item.get(key).map_or(default.trim_matches('"'), Node::text))
            .collect();
        // A key that is missing is another mistake.
        if texts.iter().any(|t| t.is_empty()) || seen.insert(texts.clone()) {
            continue;
        }
        let path = walk.path(Step::Index(at), true);
        let list = match walk.frames.last().map(|f| f.step) {
            Some(Step::Field(name)) => format!("`{name}`"),
            _ => "a list".to_owned(),
        };
        let what: Vec<String> =
            keys.iter().zip(&texts).map(|((key, _), text)| format!("{key} `{text}`")).collect();
        let message = format!("two items of {list} have the {}", what.join(" and "));
        let shown = keys.first().and_then(|(key, _)| item.get(key)).unwrap_or(item);
        walk.report.push(&DUPLICATE_ITEM, "FieldValueDuplicate", shown, path, message);
    }
}
