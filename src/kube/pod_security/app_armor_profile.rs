//! An AppArmor profile may be the runtime's or one of the node's, never off: by field, and by the older annotations.

use yaml::Node;

use super::blame::{Blame, plural, quoted};
use super::{Control, Level, Violation};
use crate::kube::PodView;

/// The container's name follows.
pub const ANNOTATION_PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";

pub(super) static CONTROL: Control =
    Control { name: "appArmorProfile", level: Level::Baseline, since: 0, overrides: None, check };

/// Whether an annotation's value keeps a profile on.
pub fn is_allowed_annotation(value: &str) -> bool {
    value.is_empty() || value == "runtime/default" || value.starts_with("localhost/")
}

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let kind = |profile: Node<'a>| profile.get("type").map_or("", Node::text);
    let is_allowed = |profile: Node<'a>| matches!(kind(profile), "RuntimeDefault" | "Localhost");
    let set = pod.containers.iter().filter_map(|c| c.security.app_armor_profile);
    let values = pod.security.app_armor_profile.into_iter().chain(set).filter(|p| !is_allowed(*p)).map(kind);
    let blame =
        Blame::setters(pod, pod.security.app_armor_profile, |c| c.security.app_armor_profile, is_allowed)
            .with_values(values);

    let annotations = pod.metadata.and_then(|m| m.get("annotations"));
    let mut forbidden: Vec<(String, Node<'a>)> = annotations
        .into_iter()
        .flat_map(Node::entries)
        .filter(|(key, value)| {
            key.text().starts_with(ANNOTATION_PREFIX) && !is_allowed_annotation(value.text())
        })
        .map(|(key, value)| (format!("{}={:?}", key.text(), value.text()), value))
        .collect();
    forbidden.sort_by(|a, b| a.0.cmp(&b.0));

    let mut who: Vec<String> = (!blame.is_empty()).then(|| blame.who()).into_iter().collect();
    if !forbidden.is_empty() {
        who.push(plural("annotation", forbidden.len()));
    }
    if who.is_empty() {
        return None;
    }
    let values: Vec<&str> = blame
        .values
        .iter()
        .map(String::as_str)
        .chain(forbidden.iter().map(|(text, _)| text.as_str()))
        .collect();
    let reason = plural("forbidden AppArmor profile", values.len());
    let detail = format!("{} must not set AppArmor profile type to {}", who.join(" and "), quoted(&values));
    let first_annotation = forbidden.first().map(|(_, node)| *node);
    let by_field = blame.violation(CONTROL.name, &reason, |_| detail.clone());
    by_field.or(Some(Violation {
        control: CONTROL.name,
        reason,
        detail,
        at: first_annotation,
        container: None,
    }))
}
