//! What makes Pods, and the template it makes them from (pkg/apis/apps, batch, core validation).

use yaml::Node;

use super::super::codes::{ENUM_VALUE, INVALID_LABEL, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::super::decode::Walk;
use super::{is_set, text};
use crate::kube::selector::{Labels, label_selector_matches, map_matches, selects_all};

/// Deployments, ReplicaSets, StatefulSets and DaemonSets.
pub(super) fn set<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let ty = walk.frames.last().map_or("", |frame| frame.ty.short_name());
    always(walk, node);
    if let Some(deadline) = node.at("template.spec.activeDeadlineSeconds").filter(|d| !d.is_null()) {
        let message = "a template whose Pods are kept running takes no `activeDeadlineSeconds`";
        let below = ".template.spec.activeDeadlineSeconds";
        walk.tell(&INVALID_VALUE, "FieldValueForbidden", deadline, below, message);
    }
    let Some(selector) = node.get("selector").filter(|s| !s.is_null()) else { return };
    if selects_all(selector) {
        let message = "an empty selector would choose every Pod";
        walk.tell(&INVALID_LABEL, "FieldValueInvalid", selector, ".selector", message);
        return;
    }
    let is_broken = !walk.report.is_clean() && walk.report.has_below(&format!("{}.selector", walk.here()));
    if is_broken && ty != "DaemonSetSpec" {
        let message = "the selector cannot be used";
        walk.tell(&INVALID_LABEL, "FieldValueInvalid", selector, ".selector", message);
    } else if !is_broken {
        let labels = node.at("template.metadata.labels");
        fits(walk, node, labels, label_selector_matches(selector, Labels(labels)), selector);
    }
}

/// A ReplicationController, whose selector is a plain map, and the template's labels where there is none.
pub(super) fn controller<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    always(walk, node);
    let labels = node.at("template.metadata.labels");
    if let Some(selector) = node.get("selector").filter(|s| s.entries().next().is_some()) {
        fits(walk, node, labels, map_matches(selector, Labels(labels)), selector);
    }
}

fn fits(walk: &mut Walk<'_, '_>, node: Node<'_>, labels: Option<Node<'_>>, fits: bool, selector: Node<'_>) {
    let Some(template) = node.get("template").filter(|t| !fits && !t.is_null()) else { return };
    let place = walk.report.place(selector);
    let at = labels.or(template.get("metadata")).unwrap_or(template);
    let message = "the template's labels are not what the selector chooses";
    walk.tell(&INVALID_LABEL, "FieldValueInvalid", at, ".template.metadata.labels", message)
        .related
        .push(source::Label::new(place, "chosen here"));
}

/// Pods that are to be kept running are always started again.
fn always(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(policy) = node.at("template.spec.restartPolicy") else { return };
    if matches!(policy.text(), "Never" | "OnFailure") && !policy.is_null() {
        let message = format!("`restartPolicy` cannot be `{}` here", policy.text());
        let below = ".template.spec.restartPolicy";
        walk.tell(&ENUM_VALUE, "FieldValueNotSupported", policy, below, message).help =
            Some("use `Always`, or leave it out".to_owned());
    }
}

/// How a Deployment goes from one template to the next.
pub(super) fn strategy<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let rolling = node.get("rollingUpdate").filter(|r| !r.is_null());
    let Some(rolling) = rolling else { return };
    if text(node, "type").is_some_and(|(_, ty)| ty == "Recreate") {
        let message = "`rollingUpdate` cannot stand beside the type `Recreate`";
        walk.tell(&INVALID_VALUE, "FieldValueForbidden", rolling, ".rollingUpdate", message);
        return;
    }
    let zero = |key: &str| {
        rolling.get(key).is_some_and(|v| v.as_i64() == Some(0) || matches!(v.as_str(), Some("0%" | "00%")))
    };
    if zero("maxUnavailable") && zero("maxSurge") {
        let at = rolling.get("maxUnavailable").unwrap_or(rolling);
        let message = "`maxUnavailable` cannot be nought where `maxSurge` is: nothing could be replaced";
        walk.tell(&INVALID_VALUE, "FieldValueInvalid", at, ".rollingUpdate.maxUnavailable", message);
    }
    for key in ["maxUnavailable", "maxSurge"] {
        let Some(value) = rolling.get(key).filter(|v| !v.is_null()) else { continue };
        if let Some(message) = amount_fault(key, value) {
            walk.tell(
                &INVALID_VALUE,
                "FieldValueInvalid",
                value,
                format_args!(".rollingUpdate.{key}"),
                message,
            );
        }
    }
}

/// A number of Pods, or a share of them.
fn amount_fault(key: &str, value: Node<'_>) -> Option<String> {
    match value.as_str() {
        None => {
            let number = super::super::scalar::integer(value.value())?;
            (number < 0).then(|| format!("`{key}` cannot be negative"))
        }
        Some(text) => {
            let digits =
                text.strip_suffix('%').filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
            let share: Option<u64> = digits.and_then(|d| d.parse().ok());
            match share {
                None => Some(format!("`{key}` must be a number or a share such as `25%`, not `{text}`")),
                Some(share) if share > 100 && key == "maxUnavailable" => {
                    Some(format!("`{key}` must be at most 100%, not `{text}`"))
                }
                Some(_) => None,
            }
        }
    }
}

/// A Job: its Pods are to end.
pub(super) fn job<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let Some(spec) = node.at("template.spec").filter(|s| !s.is_null()) else { return };
    let policy = text(spec, "restartPolicy").map(|(_, policy)| policy);
    let below = ".template.spec.restartPolicy";
    match policy {
        None | Some("Always") => {
            let at = spec.get("restartPolicy").unwrap_or(spec);
            let message = "the Pods of a Job are not restarted for ever: `restartPolicy` is needed";
            walk.tell(&REQUIRED_FIELD_MISSING, "FieldValueRequired", at, below, message).help =
                Some("use `OnFailure` or `Never`".to_owned());
        }
        Some("OnFailure") if is_set(node, "podFailurePolicy") => {
            let at = spec.get("restartPolicy").unwrap_or(spec);
            let message = "with a `podFailurePolicy` the `restartPolicy` must be `Never`";
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", at, below, message);
        }
        Some(_) => {}
    }
}
