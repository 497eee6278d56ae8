//! The rules for metadata that hold for all kinds: names, labels, annotations, finalizers, owners.

use std::borrow::Cow;

use yaml::Node;

use super::codes::{INVALID_LABEL, INVALID_NAME, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::facts;
use super::name::{self, Rule};
use super::report::Report;
use crate::kube::Resource;
use crate::schema::Kind;

/// What a create sets itself, so that a review may have it; the namespace is that of the request.
const SET_ANEW: [&str; 6] = [
    "namespace",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "uid",
    "managedFields",
];
/// All annotations of an object together.
const ANNOTATION_BYTES: usize = 256 << 10;

/// Judges the metadata of an object that decodes.
pub(super) fn judge(resource: &Resource, kind: Kind<'_>, report: &mut Report<'_>) {
    let rule = name::rule(kind.group(), kind.kind());
    let metadata = resource.metadata().filter(|m| m.kind() == yaml::Kind::Map);
    match rule {
        Rule::None => return,
        Rule::Empty => {
            let set = metadata
                .into_iter()
                .flat_map(Node::entries)
                .find(|(k, v)| !SET_ANEW.contains(&k.text()) && !is_unset(*v));
            if let Some((key, _)) = set {
                let message = format!("the metadata of a {} must be empty", kind.kind());
                report.push(&INVALID_VALUE, "FieldValueInvalid", key, "metadata".into(), message);
            }
            return;
        }
        _ => {}
    }
    names(resource, metadata, rule, kind, report);
    let Some(metadata) = metadata else { return };
    labels(resource.labels(), || "metadata.labels".into(), report);
    annotations(resource.annotations(), || "metadata.annotations".into(), report);
    if let Some(generation) = metadata
        .get("generation")
        .filter(|g| g.as_i64().is_some_and(|g| g < 0) && !facts::sets_generation(kind.kind()))
    {
        let message = "`generation` cannot be negative";
        report.push(&INVALID_VALUE, "FieldValueInvalid", generation, "metadata.generation".into(), message);
    }
    let finalizers = metadata.get("finalizers").into_iter().flat_map(Node::items);
    for finalizer in finalizers {
        if let Some(fault) = name::qualified(finalizer.text()) {
            let message = format!("`{}` is no name for a finalizer", finalizer.text());
            let finding = report.push(
                &INVALID_NAME,
                "FieldValueInvalid",
                finalizer,
                "metadata.finalizers".into(),
                message,
            );
            finding.help = Some(fault);
        }
    }
    owners(metadata, report);
}

fn is_unset(node: Node<'_>) -> bool {
    node.is_null()
        || node.as_str() == Some("")
        || node.as_i64() == Some(0)
        || (node.kind() != yaml::Kind::Scalar
            && node.items().next().is_none()
            && node.entries().next().is_none())
}

fn text(node: Option<Node<'_>>) -> Option<(Node<'_>, &str)> {
    let node = node?;
    Some((node, node.as_str()?)).filter(|(_, text)| !text.is_empty())
}

fn names(
    resource: &Resource,
    metadata: Option<Node<'_>>,
    rule: Rule,
    kind: Kind<'_>,
    report: &mut Report<'_>,
) {
    let name = text(resource.name_node());
    let prefix = text(metadata.and_then(|m| m.get("generateName")));
    let mut judge = |found: Option<(Node<'_>, &str)>, field: &str, is_prefix: bool| {
        let Some((node, text)) = found else { return };
        if let Some(fault) = rule.fault(text, is_prefix) {
            let message = format!("`{text}` is no name for {}", with_article(kind.kind()));
            let finding =
                report.push(&INVALID_NAME, "FieldValueInvalid", node, format!("metadata.{field}"), message);
            finding.help = Some(format!("{fault}{}", suggestion(text, rule)));
        }
    };
    judge(name, "name", false);
    judge(prefix, "generateName", true);
    if name.is_none() {
        match prefix {
            // A LimitRange is given a name.
            None if kind.kind() == "LimitRange" => {}
            None => {
                let shown = resource.name_node().or(metadata).unwrap_or(resource.root());
                let message = format!("this {} has no name", kind.kind());
                report
                    .push(
                        &REQUIRED_FIELD_MISSING,
                        "FieldValueRequired",
                        shown,
                        "metadata.name".into(),
                        message,
                    )
                    .help = Some("add `metadata.name`".to_owned());
            }
            // The server makes the name out of the prefix, cut to leave room for what it appends, and judges it too.
            Some((node, text)) => {
                let made: String = text.chars().take(58).chain("xxxxx".chars()).collect();
                if rule.fault(&made, false).is_some() {
                    let message =
                        format!("no name for {} can begin with `{text}`", with_article(kind.kind()));
                    report.push(&INVALID_NAME, "FieldValueInvalid", node, "metadata.name".into(), message);
                }
            }
        }
    }
}

fn with_article(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" })
}

/// The name with what is not allowed replaced, where that makes one.
fn suggestion(text: &str, rule: Rule) -> String {
    let mut made: String = text.to_ascii_lowercase().replace(['_', ' ', '/'], "-");
    if rule == Rule::Label {
        made = made.replace('.', "-");
    }
    if rule.fault(&made, false).is_none() { format!("; for instance `{made}`") } else { String::new() }
}

/// Labels, or any map of them such as a node selector.
pub(super) fn labels(map: Option<Node<'_>>, field: impl Fn() -> String, report: &mut Report<'_>) {
    for (key, value) in map.into_iter().flat_map(Node::entries) {
        if let Some(fault) = name::qualified(key.text()) {
            let message = format!("`{}` is no key for a label", key.text());
            report.push(&INVALID_LABEL, "FieldValueInvalid", key, field(), message).help = Some(fault);
        }
        if let Some(fault) = name::label_value(value.text()) {
            let message = format!("`{}` is no value for a label", value.text());
            report.push(&INVALID_LABEL, "FieldValueInvalid", value, field(), message).help =
                Some(format!("{fault}; an annotation may have any value"));
        }
    }
}

/// Annotations: keys in any case, values of any form, but not of any size.
pub(super) fn annotations(map: Option<Node<'_>>, field: impl Fn() -> String, report: &mut Report<'_>) {
    let Some(map) = map else { return };
    let mut bytes = 0;
    for (key, value) in map.entries() {
        bytes += key.text().len() + value.text().len();
        if let Some(fault) = name::qualified(&lowercase(key.text())) {
            let message = format!("`{}` is no key for an annotation", key.text());
            report.push(&INVALID_LABEL, "FieldValueInvalid", key, field(), message).help = Some(fault);
        }
    }
    if bytes > ANNOTATION_BYTES {
        let message = format!("the annotations have {bytes} bytes, at most {ANNOTATION_BYTES} are allowed");
        report.push(&INVALID_VALUE, "FieldValueTooLong", map, field(), message);
    }
}

/// The text in lower case; as it is where it is so already, as most keys are.
fn lowercase(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

fn owners(metadata: Node<'_>, report: &mut Report<'_>) {
    for (at, owner) in metadata.get("ownerReferences").into_iter().flat_map(Node::items).enumerate() {
        for key in ["apiVersion", "kind", "name", "uid"] {
            if owner.get(key).is_none_or(|v| v.text().is_empty()) {
                let (path, message) = (
                    format!("metadata.ownerReferences[{at}].{key}"),
                    format!("`{key}` is missing in an owner reference"),
                );
                report.push(&REQUIRED_FIELD_MISSING, "FieldValueInvalid", owner, path, message);
            }
        }
    }
}
