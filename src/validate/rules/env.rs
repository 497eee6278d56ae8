//! Environment variables, and what they and volumes take from fields of the Pod.

use yaml::Node;

use super::super::codes::{ENUM_VALUE, INVALID_NAME, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::super::decode::Walk;
use super::super::name;
use super::{is_set, text};

/// A variable: its name may be of any printable ASCII but `=`.
pub(super) fn variable<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some((at, name)) = text(node, "name") else { return };
    if !name.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'=') {
        let message = format!("`{}` is no name for an environment variable", name.escape_debug());
        walk.tell(&INVALID_NAME, "FieldValueInvalid", at, ".name", message).help =
            Some("printable ASCII characters without `=`".to_owned());
    }
}

/// Where a value comes from.
const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// `valueFrom`: exactly one source, and no `value` beside it.
pub(super) fn source<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let count = SOURCES.iter().filter(|source| is_set(node, source)).count();
    let variable = walk.frames.iter().rev().nth(1).map(|frame| frame.node);
    let has_value = variable.is_some_and(|v| text(v, "value").is_some());
    let message = match count {
        0 if walk.frames.last().is_some_and(|f| f.misspelt) => return,
        0 => format!("`valueFrom` needs one of {}", super::super::values::list(&SOURCES)),
        _ if has_value => "`valueFrom` cannot stand beside a `value`".to_owned(),
        1 => return,
        _ => "`valueFrom` takes one source only".to_owned(),
    };
    walk.tell(&INVALID_VALUE, "FieldValueInvalid", node, "", message);
}

/// Fields that can be asked for at all, and those that an environment variable or a file takes.
const KNOWN: [&str; 14] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const IN_ENV: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
const IN_FILES: [&str; 5] =
    ["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"];

/// A field of the Pod: `metadata.labels['app']`.
pub(super) fn field<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some((at, path)) = text(node, "fieldPath") else { return };
    let allowed: &[&str] = if walk.owner() == "EnvVarSource" { &IN_ENV } else { &IN_FILES };
    let version = text(node, "apiVersion").map_or("v1", |(_, version)| version);
    let subscript = path.strip_suffix("']").and_then(|p| p.split_once("['"));
    // An old name of it.
    let plain = if path == "spec.host" { "spec.nodeName" } else { path };
    match subscript {
        _ if version != "v1" => {
            let message = format!("there is no version `{version}` of a Pod");
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", at, ".fieldPath", message);
        }
        Some((field @ ("metadata.annotations" | "metadata.labels"), key)) => {
            let key = if field.ends_with('s') && field.contains("annotations") {
                key.to_lowercase()
            } else {
                key.to_owned()
            };
            if let Some(fault) = name::qualified(&key) {
                let message = format!("`{key}` is no key for a label or an annotation");
                walk.tell(&INVALID_VALUE, "FieldValueInvalid", at, "", message).help = Some(fault);
            }
        }
        None if allowed.contains(&plain) => {}
        None if KNOWN.contains(&plain) => {
            let message = format!("`{path}` cannot be had here");
            walk.tell(&ENUM_VALUE, "FieldValueNotSupported", at, ".fieldPath", message).help =
                Some(format!("use one of {}", super::super::values::list(allowed)));
        }
        _ => {
            let near = source::closest(path, allowed.iter().copied());
            let message = format!("a Pod has no field `{path}` that could be had");
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", at, ".fieldPath", message).help =
                Some(near.map_or_else(
                    || format!("use one of {}", super::super::values::list(allowed)),
                    |near| format!("did you mean `{near}`?"),
                ));
        }
    }
}

/// Requests and limits of a container.
pub(super) fn resource<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    if walk.owner() != "EnvVarSource" && text(node, "containerName").is_none() {
        let message = "`containerName` is missing: a volume has none of its own";
        walk.tell(&REQUIRED_FIELD_MISSING, "FieldValueRequired", node, ".containerName", message);
        return;
    }
    let Some((at, resource)) = text(node, "resource") else { return };
    let known = resource.split_once('.').is_some_and(|(list, name)| {
        matches!(list, "limits" | "requests")
            && (matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-"))
    });
    if !known {
        let message = format!("`{resource}` is no request and no limit");
        walk.tell(&ENUM_VALUE, "FieldValueNotSupported", at, ".resource", message).help =
            Some("give it like `limits.cpu` or `requests.memory`".to_owned());
    }
}
