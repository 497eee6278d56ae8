//! What a CustomResourceDefinition says of values, beyond fields and types.

use yaml::{Kind, Node, Value};

use super::codes::{ENUM_VALUE, INVALID_VALUE, REQUIRED_FIELD_MISSING, WRONG_TYPE};
use super::decode::{Step, Walk, push};
use super::{format, scalar};
use crate::schema::{Constraints, Shape, Type};

/// How deep alternatives are followed; a value rule that goes deeper is taken to hold.
const DEPTH: usize = 40;

/// One thing wrong with a value.
struct Problem {
    code: &'static source::Code,
    reason: &'static str,
    /// What the value must be, to stand after the field's name.
    says: String,
}

fn problem(reason: &'static str, says: impl Into<String>) -> Problem {
    Problem { code: &INVALID_VALUE, reason, says: says.into() }
}

/// An explicit null: a field is as good as absent with it, an item of a list is not.
pub(super) fn null<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Step<'a>) {
    let takes_all = ty.shape() == Shape::Any && ty.keeps_unknown();
    if matches!(step, Step::Index(_)) && !ty.is_nullable() && !takes_all {
        walk.wrong(node, step, ty.describe(), None);
    }
}

/// A scalar, or a value of any type.
pub(super) fn judge<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Step<'a>) {
    report(walk, node, ty, Some(step));
}

/// A list or map that has been seen whole.
pub(super) fn collection<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>) {
    report(walk, node, ty, None);
    if ty.is_embedded() {
        for name in ["apiVersion", "kind"] {
            if node.get(name).is_none_or(|v| v.text().is_empty()) {
                let path = walk.path(Step::Field(name), false);
                let message = format!("`{name}` is missing in an embedded object");
                walk.report.push(&REQUIRED_FIELD_MISSING, "FieldValueRequired", node, path, message);
            }
        }
    }
}

fn report<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>, ty: Type<'a>, step: Option<Step<'a>>) {
    let Some(rules) = ty.constraints().filter(|_| walk.counts()) else { return };
    let mut problems = Vec::new();
    direct(node, rules, &mut problems);
    alternatives(node, ty, 0, &mut problems);
    for problem in problems {
        let mut path = String::new();
        let steps = walk.frames.iter().map(|f| f.step).chain(step);
        steps.for_each(|step| push(&mut path, step, false));
        let name = match step.or(walk.frames.last().map(|f| f.step)) {
            Some(Step::Field(name) | Step::Key(name)) => format!("`{name}`"),
            Some(Step::Index(at)) => format!("item {at}"),
            _ => "the object".to_owned(),
        };
        walk.report.push(problem.code, problem.reason, node, path, format!("{name} {}", problem.says));
    }
}

/// What the schema says of the value itself.
fn direct(node: Node<'_>, rules: &Constraints, out: &mut Vec<Problem>) {
    if !rules.values.is_empty() && !rules.values.iter().any(|value| equals(node, value)) {
        let known: Vec<String> =
            rules.values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), Into::into)).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        out.push(Problem {
            code: &ENUM_VALUE,
            reason: "FieldValueNotSupported",
            says: format!("must be one of {}", super::values::list(&known)),
        });
    }
    match node.value() {
        Value::Str(text) => string(node, text, rules, out),
        Value::Int(i) => number(i as f64, rules, out),
        Value::UInt(u) => number(u as f64, rules, out),
        Value::Float(f) => number(f, rules, out),
        Value::Seq => size(node.items().count(), rules.items, "items", out),
        Value::Map => size(node.entries().count(), rules.properties, "entries", out),
        Value::Null | Value::Bool(_) => {}
    }
}

fn string(node: Node<'_>, text: &str, rules: &Constraints, out: &mut Vec<Problem>) {
    if let Some(name) = &rules.format
        && !format::holds(name, node, text)
    {
        out.push(Problem {
            code: &WRONG_TYPE,
            reason: "FieldValueTypeInvalid",
            says: format!("must be of the format `{name}`"),
        });
    }
    if let Some(pattern) = rules.pattern.as_ref().filter(|p| !p.matches(text)) {
        out.push(problem("FieldValueInvalid", format!("must match `{}`", pattern.text)));
    }
    let length = text.chars().count() as u64;
    if let Some(least) = rules.length.0.filter(|least| length < *least) {
        out.push(problem("FieldValueInvalid", format!("must have at least {least} characters")));
    }
    if let Some(most) = rules.length.1.filter(|most| length > *most) {
        out.push(problem("FieldValueTooLong", format!("must have at most {most} characters")));
    }
}

fn number(value: f64, rules: &Constraints, out: &mut Vec<Problem>) {
    if let Some((least, excluded)) = rules.minimum
        && (value < least || excluded && value == least)
    {
        let word = if excluded { "more than" } else { "at least" };
        out.push(problem("FieldValueInvalid", format!("must be {word} {least}")));
    }
    if let Some((most, excluded)) = rules.maximum
        && (value > most || excluded && value == most)
    {
        let word = if excluded { "less than" } else { "at most" };
        out.push(problem("FieldValueInvalid", format!("must be {word} {most}")));
    }
    if let Some(factor) = rules.multiple_of {
        let times = value / factor;
        // Decimal fractions have no exact binary form.
        if (times - times.round()).abs() > 1e-9 {
            out.push(problem("FieldValueInvalid", format!("must be a multiple of {factor}")));
        }
    }
    if rules.format.as_deref() == Some("int32")
        && value.fract() == 0.0
        && i32::try_from(value as i64).is_err()
    {
        out.push(problem("FieldValueInvalid", "must be an integer of 32 bits"));
    }
}

fn size(count: usize, limits: (Option<u64>, Option<u64>), what: &str, out: &mut Vec<Problem>) {
    let count = count as u64;
    if let Some(least) = limits.0.filter(|least| count < *least) {
        out.push(problem("FieldValueInvalid", format!("must have at least {least} {what}")));
    }
    if let Some(most) = limits.1.filter(|most| count > *most) {
        out.push(problem("FieldValueTooMany", format!("must have at most {most} {what}")));
    }
}

fn alternatives(node: Node<'_>, ty: Type<'_>, depth: usize, out: &mut Vec<Problem>) {
    let [all, any, one] = ty.alternatives();
    if all.iter().any(|ty| !fits(node, *ty, depth + 1)) {
        out.push(problem("FieldValueInvalid", "must fit all of the schemas under `allOf`"));
    }
    if !any.is_empty() && !any.iter().any(|ty| fits(node, *ty, depth + 1)) {
        out.push(problem("FieldValueInvalid", "must fit one of the schemas under `anyOf`"));
    }
    if !one.is_empty() {
        let count = one.iter().filter(|ty| fits(node, **ty, depth + 1)).count();
        if count != 1 {
            out.push(problem(
                "FieldValueInvalid",
                format!("must fit exactly one of the schemas under `oneOf`, and fits {count}"),
            ));
        }
    }
    if ty.excluded().is_some_and(|ty| fits(node, ty, depth + 1)) {
        out.push(problem("FieldValueInvalid", "must not fit the schema under `not`"));
    }
}

/// Whether a value fits a type and all that is below it.
fn fits(node: Node<'_>, ty: Type<'_>, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    let is_null = node.is_null();
    let shape_fits = match (ty.shape(), node.kind()) {
        (Shape::Any, _) => true,
        _ if is_null => ty.is_nullable(),
        (Shape::Object, Kind::Map) => ty.fields().all(|field| match node.get(field.name()) {
            Some(value) => fits(value, field.ty(), depth + 1),
            None => !field.is_required(),
        }),
        // Which fields there are says nothing of what is no map.
        (Shape::Object, _) => ty.fields().len() > 0,
        (Shape::Map, Kind::Map) => ty
            .element()
            .is_none_or(|element| node.entries().all(|(_, value)| fits(value, element, depth + 1))),
        (Shape::List, Kind::Seq) => {
            ty.element().is_none_or(|element| node.items().all(|item| fits(item, element, depth + 1)))
        }
        (shape, Kind::Scalar) => scalar::judge(node, shape).is_ok(),
        _ => false,
    };
    let Some(rules) = ty.constraints().filter(|_| shape_fits) else { return shape_fits };
    let mut problems = Vec::new();
    direct(node, rules, &mut problems);
    alternatives(node, ty, depth, &mut problems);
    problems.is_empty()
}

/// Whether a node holds that JSON value.
fn equals(node: Node<'_>, value: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match (node.value(), value) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == *b,
        (Value::Str(a), Json::String(b)) => a == b,
        (Value::Int(a), Json::Number(b)) => b.as_i64().map_or(b.as_f64() == Some(a as f64), |b| a == b),
        (Value::Float(a), Json::Number(b)) => b.as_f64() == Some(a),
        (Value::Seq, Json::Array(all)) => {
            node.items().count() == all.len() && node.items().zip(all).all(|(a, b)| equals(a, b))
        }
        (Value::Map, Json::Object(all)) => {
            node.entries().count() == all.len()
                && node
                    .entries()
                    .all(|(key, value)| all.get(key.text()).is_some_and(|other| equals(value, other)))
        }
        _ => false,
    }
}
