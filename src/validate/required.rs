//! Fields that must be there.

use yaml::Node;

use super::codes::REQUIRED_FIELD_MISSING;
use super::decode::{Step, Walk};
use super::place;
use crate::schema::{Field, Shape, Type};

/// Judges a map that was seen whole (`step` leads to it where it is not the innermost one, as for a null item).
pub(super) fn judge<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Option<Step<'a>>) {
    if walk.frames.last().is_some_and(|f| step.is_none() && f.misspelt) {
        return;
    }
    for field in ty.fields().filter(|f| f.is_required()) {
        let value = node.get(field.name());
        let missing = match value {
            None => true,
            Some(value) if value.is_null() => !field.ty().is_nullable(),
            Some(value) => !ty.is_custom() && is_empty(value, field),
        };
        if missing && (ty.is_custom() || is_insisted_on(walk, ty, field)) {
            report(walk, node, ty, field, step);
        }
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

/// Whether the server's validation insists on what the schema calls required: the schema only says that the Go field is
/// always written.
fn is_insisted_on(_walk: &Walk<'_, '_>, ty: Type<'_>, field: Field<'_>) -> bool {
    !NOT_INSISTED_ON.contains(&(ty.short_name(), field.name()))
}

const NOT_INSISTED_ON: &[(&str, &str)] = &[];

fn report<'a>(
    walk: &mut Walk<'a, '_>,
    node: Node<'a>,
    ty: Type<'a>,
    field: Field<'a>,
    step: Option<Step<'a>>,
) {
    let mut path = String::new();
    for step in walk.frames.iter().map(|f| f.step).chain(step) {
        super::decode::push(&mut path, step, true);
    }
    super::decode::push(&mut path, Step::Field(field.name()), true);
    let at = step.or(walk.frames.last().map(|f| f.step)).unwrap_or(Step::Root);
    let owner = match at {
        Step::Root => format!("this {}", walk.kind.kind()),
        _ => place::name_of(ty, at).unwrap_or_else(|| "this map".to_owned()),
    };
    let message = format!("`{}` is missing in {owner}", field.name());
    let shown = node.get(field.name()).unwrap_or(node);
    let finding = walk.report.push(&REQUIRED_FIELD_MISSING, "FieldValueRequired", shown, path, message);
    let values: Vec<&str> = field.ty().values().collect();
    finding.help = Some(match (values.as_slice(), field.ty().shape()) {
        ([], _) => format!("add `{}`: it takes {}", field.name(), field.ty().describe()),
        (values, _) => format!("add `{}`: one of {}", field.name(), super::values::list(values)),
    });
}
