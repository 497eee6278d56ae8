//! What a table can say of values that do decode: enums, and lists whose items must differ.

use rustc_hash::FxHashSet;
use yaml::Node;

use super::codes::{DUPLICATE_ITEM, ENUM_VALUE, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::decode::{Step, Walk};
use super::{facts, said};
use crate::schema::{List, Type};

/// A string that must be one of some values.
pub(super) fn one_of<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Step<'a>) {
    if ty.values().len() == 0 {
        return;
    }
    let text = node.text();
    // Empty is as good as absent, which is for another rule to judge.
    if text.is_empty() || ty.values().any(|v| v == text) {
        return;
    }
    if let (Some(frame), Step::Field(field)) = (walk.frames.last(), step)
        && facts::is_open_enum(frame.ty.short_name(), field)
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
    let (reason, place) = match (step, walk.frames.as_slice()) {
        (Step::Field(field), [.., owner]) => said::not_allowed(owner.ty.short_name(), field),
        (Step::Index(_), [.., owner, list]) => match list.step {
            Step::Field(field) => said::not_allowed(owner.ty.short_name(), field),
            _ => ("FieldValueNotSupported", said::At::Whole),
        },
        _ => ("FieldValueNotSupported", said::At::Whole),
    };
    let finding = walk.report.push(&ENUM_VALUE, reason, node, place.of(path), message);
    finding.help = Some(match fix {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of {}", list(&values)),
    });
    finding.fix = change;
}

/// An integer that must lie in a range.
pub(super) fn within<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, step: Step<'a>) {
    let (Some(frame), Step::Field(name)) = (walk.frames.last(), step) else { return };
    if !frame.traits.has_ranges {
        return;
    }
    let Some((least, most)) = facts::range(frame.ty.short_name(), name) else { return };
    let Some(value) = super::scalar::integer(node.value()).filter(|value| !(least..=most).contains(value))
    else {
        return;
    };
    let path = walk.path(step, true);
    let message = match (least, most) {
        (least, i64::MAX) => format!("`{name}` must be at least {least}, not {value}"),
        (least, most) => format!("`{name}` must be from {least} to {most}, not {value}"),
    };
    walk.report.push(&INVALID_VALUE, "FieldValueInvalid", node, path, message);
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

/// The items of some lists must differ: of a custom resource by what its schema says, of others by what the server checks.
pub(super) fn unique<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>) {
    if ty.is_custom() {
        match ty.list() {
            Some(List::Set) => differ(walk, node, &[], "", &[]),
            Some(List::Map) => {
                let element = ty.element();
                let default =
                    |key| element.and_then(|e| e.field(key)).and_then(|f| f.default_json()).unwrap_or("");
                let keys: Vec<&str> = ty.list_keys().collect();
                let defaults: Vec<&str> = keys.iter().map(|key| default(key)).collect();
                differ(walk, node, &keys, "", &defaults);
            }
            _ => {}
        }
        return;
    }
    let [.., owner, list] = walk.frames.as_slice() else { return };
    let Step::Field(name) = list.step else { return };
    let traits = owner.traits;
    for rule in traits.uniques.iter().filter(|rule| rule.field == name) {
        let element = ty.element();
        let default =
            |key: &str| element.and_then(|e| e.field(key)).and_then(|f| f.default_json()).unwrap_or("");
        let defaults: Vec<&str> = rule.keys.iter().map(|key| default(key)).collect();
        differ(walk, node, rule.keys, rule.suffix, &defaults);
    }
}

/// Reports every item that has the keys of an earlier one.
fn differ<'a: 'd, 'd>(
    walk: &mut Walk<'a, '_>,
    node: Node<'a>,
    keys: &[&str],
    suffix: &str,
    defaults: &[&'d str],
) {
    if node.items().nth(1).is_none() {
        return;
    }
    let mut seen: FxHashSet<Vec<&'d str>> = FxHashSet::default();
    for (at, item) in node.items().enumerate() {
        let texts: Vec<&'d str> = if keys.is_empty() {
            vec![item.text()]
        } else {
            let value = |(key, default): (&&str, &&'d str)| {
                item.get(key).map_or(default.trim_matches('"'), Node::text)
            };
            keys.iter().zip(defaults).map(value).collect()
        };
        // A key that is missing is another mistake.
        if texts.iter().any(|t| t.is_empty()) || seen.insert(texts.clone()) {
            continue;
        }
        let path = walk.path(Step::Index(at), true) + suffix;
        let list = match walk.frames.last().map(|f| f.step) {
            Some(Step::Field(name)) => format!("`{name}`"),
            _ => "a list".to_owned(),
        };
        let what: Vec<String> =
            keys.iter().zip(&texts).map(|(key, text)| format!("{key} `{text}`")).collect();
        let message = match what.as_slice() {
            [] => format!("`{}` stands twice in {list}", item.text()),
            what => format!("two items of {list} have the {}", what.join(" and ")),
        };
        let shown = keys.first().and_then(|key| item.get(key)).unwrap_or(item);
        walk.report.push(&DUPLICATE_ITEM, "FieldValueDuplicate", shown, path, message);
    }
}

/// Fields of which one must be set, or of which no two may be.
pub(super) fn union<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some(frame) = walk.frames.last() else { return };
    let Some(union) = frame.traits.union else { return };
    // Nearly all have one member, which is as it has to be.
    let misspelt = frame.misspelt;
    if frame.united == 1 {
        return;
    }
    let set = |member: &&&str| node.get(member).is_some_and(|v| !v.is_null());
    let mut members = union.members.iter().filter(set).copied();
    let (first, second) = (members.next(), members.next());
    let is_missing = first.is_none() && union.needs_one && !misspelt;
    if second.is_none() && !is_missing {
        return;
    }
    let more: Vec<&str> = second.into_iter().chain(members).collect();
    let Some(frame) = walk.frames.last() else { return };
    let owner = super::place::name_of(frame.ty, frame.step).unwrap_or_default();
    let mut base = String::new();
    walk.frames.iter().for_each(|f| super::decode::push(&mut base, f.step, true));
    match first {
        None if is_missing => {
            let message = format!("{owner} needs one of {}", list(union.members));
            walk.report.push(&REQUIRED_FIELD_MISSING, "FieldValueRequired", node, base, message);
        }
        None => {}
        Some(first) => {
            for other in more.into_iter().filter(|other| Some(*other) != union.tolerated) {
                // What should not be there is not judged itself.
                walk.report.forget_below(&format!("{base}.{other}"));
                let at = node.entry(other).map_or(node, |(key, _)| key);
                let message = format!("{owner} has `{first}` already: `{other}` cannot be set beside it");
                walk.report.push(
                    &INVALID_VALUE,
                    "FieldValueForbidden",
                    at,
                    format!("{base}.{other}"),
                    message,
                );
            }
        }
    }
}
