//! Fields that must be there.

use yaml::Node;

use super::codes::REQUIRED_FIELD_MISSING;
use super::decode::{Step, Walk};
use super::{facts, place, said};
use crate::schema::{Field, Shape, Type};

/// How deep absent objects are looked into for what they would have to hold.
const DEPTH: usize = 8;

/// Judges a map that was seen whole (`step` leads to it where it is not the innermost one, as for a null item).
pub(super) fn judge<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Option<Step<'a>>) {
    if walk.frames.last().is_some_and(|f| step.is_none() && f.misspelt) {
        return;
    }
    // A data source that names nothing is dropped before it is judged.
    let is_custom = ty.is_custom();
    if !is_custom && walk.frames.last().is_some_and(|f| matches!(f.step, Step::Field("dataSource"))) {
        return;
    }
    for &field in walk.types.of(ty).insisted.iter() {
        let name = field.name();
        let value = node.get(name);
        if !value.is_none_or(|value| is_absent(value, field, is_custom)) {
            continue;
        }
        if is_custom {
            report(walk, node, ty, &[name], field, step);
        } else {
            absent(walk, node, ty, &mut vec![name], field, step);
        }
    }
}

/// Whether a value that is written is as good as none.
pub(super) fn is_absent(value: Node<'_>, field: Field<'_>, is_custom: bool) -> bool {
    // To a CRD's schema a null is of the wrong type rather than missing.
    !is_custom && (value.is_null() || is_empty(value, field))
}

/// An absent field: the absence of an object is that of what it would have to hold.
fn absent<'a>(
    walk: &mut Walk<'a, '_>,
    node: Node<'a>,
    ty: Type<'a>,
    path: &mut Vec<&'a str>,
    field: Field<'a>,
    step: Option<Step<'a>>,
) {
    let inner = field.ty();
    match inner.shape() {
        // An absent boolean is false, and an absent quantity zero.
        Shape::Bool | Shape::Quantity => {}
        Shape::Object if !facts::is_insisted_object(ty.short_name(), field.name()) => {
            if path.len() >= DEPTH {
                return;
            }
            for field in inner.fields() {
                if facts::is_insisted(inner.short_name(), field.name(), field.is_required()) {
                    path.push(field.name());
                    absent(walk, node, inner, path, field, step);
                    path.pop();
                }
            }
        }
        _ => report(walk, node, ty, path, field, step),
    }
}

/// To Go an empty string or list is no value.
fn is_empty(value: Node<'_>, field: Field<'_>) -> bool {
    match field.ty().shape() {
        Shape::String => value.as_str() == Some(""),
        Shape::List => value.kind() == yaml::Kind::Seq && value.items().next().is_none(),
        _ => false,
    }
}

fn report<'a>(
    walk: &mut Walk<'a, '_>,
    node: Node<'a>,
    ty: Type<'a>,
    names: &[&'a str],
    field: Field<'a>,
    step: Option<Step<'a>>,
) {
    let mut path = String::new();
    let steps = walk.frames.iter().map(|f| f.step).chain(step).chain(names.iter().map(|n| Step::Field(n)));
    steps.for_each(|step| super::decode::push(&mut path, step, true));
    let at = step.or(walk.frames.last().map(|f| f.step)).unwrap_or(Step::Root);
    let owner = match at {
        Step::Root if names.len() < 2 => format!("this {}", walk.kind.kind()),
        _ => place::name_of(ty, at).unwrap_or_else(|| "this map".to_owned()),
    };
    let message = format!("`{}` is missing in {owner}", names.join("."));
    let shown = names.first().and_then(|name| node.get(name)).unwrap_or(node);
    // What would have to be in an absent object is missing in that object.
    let (reason, place) = match (walk.kind.ty().is_custom(), names) {
        (false, [name]) => said::missing(ty.short_name(), name),
        _ => ("FieldValueRequired", said::At::Whole),
    };
    let finding = walk.report.push(&REQUIRED_FIELD_MISSING, reason, shown, place.of(path), message);
    let values: Vec<&str> = field.ty().values().collect();
    finding.help = Some(match values.as_slice() {
        [] => format!("add `{}`: it takes {}", names.join("."), field.ty().describe()),
        values => format!("add `{}`: one of {}", names.join("."), super::values::list(values)),
    });
}
