//! Labels and selectors below an object's own metadata: Pod templates, label selectors, node selectors.

use yaml::{Kind, Node};

use super::codes::{INVALID_LABEL, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::decode::{Frame, Step, Walk, push};
use super::{metadata, name};

/// A map of labels such as a node selector.
pub(super) fn map<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    if walk.frames.last().is_some_and(|f| matches!(f.step, Step::Field("nodeSelector"))) {
        metadata::labels(Some(node), || base(&walk.frames), walk.report);
    }
}

/// The metadata of a template, or a selector.
pub(super) fn object<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some(frame) = walk.frames.last() else { return };
    match frame.traits.short_name {
        "ObjectMeta" if walk.frames.len() > 2 => {
            let frames = match owner(walk) {
                // The server judges a Pod template's labels as if they stood in the template itself.
                "PodTemplateSpec" => &walk.frames[..walk.frames.len() - 1],
                "PersistentVolumeClaimTemplate" | "ResourceClaimTemplateSpec" => &walk.frames[..],
                // It does not look at those of other templates until it makes something of them.
                _ => return,
            };
            let path = |field: &str| format!("{}.{field}", base(frames));
            metadata::labels(node.get("labels"), || path("labels"), walk.report);
            metadata::annotations(node.get("annotations"), || path("annotations"), walk.report);
        }
        // Selectors of metrics are left to whoever serves the metric.
        "LabelSelector" if owner(walk) != "MetricIdentifier" => selector(walk, node),
        _ => {}
    }
}

/// The type that the innermost one is a field of.
fn owner<'a>(walk: &Walk<'a, '_>) -> &'a str {
    walk.frames.iter().rev().nth(1).map_or("", |f| f.traits.short_name)
}

fn base(frames: &[Frame<'_>]) -> String {
    let mut path = String::new();
    frames.iter().for_each(|f| push(&mut path, f.step, true));
    path
}

fn selector<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let frames = &walk.frames;
    metadata::labels(node.get("matchLabels"), || format!("{}.matchLabels", base(frames)), walk.report);
    for (at, requirement) in node.get("matchExpressions").into_iter().flat_map(Node::items).enumerate() {
        if requirement.kind() == Kind::Map {
            let path = format!("{}.matchExpressions[{at}]", base(&walk.frames));
            expression(walk, requirement, &path);
        }
    }
}

fn expression<'a>(walk: &mut Walk<'a, '_>, requirement: Node<'a>, path: &str) {
    let operator = requirement.get("operator");
    let values = requirement.get("values").filter(|v| v.items().next().is_some());
    match operator.and_then(Node::as_str).unwrap_or("") {
        "In" | "NotIn" if values.is_none() => {
            let message = format!("`{}` needs `values`", operator.map_or("", Node::text));
            let path = format!("{path}.values");
            walk.report.push(&REQUIRED_FIELD_MISSING, "FieldValueRequired", requirement, path, message);
        }
        "Exists" | "DoesNotExist" => {
            if let Some(values) = values {
                let message = format!("`{}` takes no `values`", operator.map_or("", Node::text));
                walk.report.push(
                    &INVALID_VALUE,
                    "FieldValueForbidden",
                    values,
                    format!("{path}.values"),
                    message,
                );
            }
        }
        // Absence is another rule's.
        "In" | "NotIn" | "" => {}
        other => {
            let message = format!("`operator` cannot be `{other}`");
            let node = operator.unwrap_or(requirement);
            walk.report
                .push(&INVALID_VALUE, "FieldValueInvalid", node, format!("{path}.operator"), message)
                .help = Some("use one of `In`, `NotIn`, `Exists`, `DoesNotExist`".to_owned());
        }
    }
    if let Some(key) = requirement.get("key").filter(|k| !k.text().is_empty())
        && let Some(fault) = name::qualified(key.text())
    {
        let message = format!("`{}` is no key for a label", key.text());
        walk.report.push(&INVALID_LABEL, "FieldValueInvalid", key, format!("{path}.key"), message).help =
            Some(fault);
    }
    for (at, value) in values.into_iter().flat_map(Node::items).enumerate() {
        if let Some(fault) = name::label_value(value.text()) {
            let message = format!("`{}` is no value for a label", value.text());
            let path = format!("{path}.values[{at}]");
            walk.report.push(&INVALID_LABEL, "FieldValueInvalid", value, path, message).help = Some(fault);
        }
    }
}
