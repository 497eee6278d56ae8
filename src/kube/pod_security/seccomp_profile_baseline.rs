//! Seccomp may be left alone but not switched off: by annotation up to 1.18, by field since 1.19.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::{Blame, plural};
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "seccompProfile_baseline", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 19 { switched_off(pod, CONTROL.name) } else { switched_off_by_annotation(pod) }
}

/// Whether a `seccompProfile` filters anything.
pub(super) fn is_allowed(profile: Node<'_>) -> bool {
    matches!(profile.get("type").map_or("", Node::text), "RuntimeDefault" | "Localhost")
}

/// The Pod and the containers whose `seccompProfile` is set and filters nothing.
pub(super) fn switched_off<'a>(pod: &PodView<'a>, control: &'static str) -> Option<Violation<'a>> {
    let on_containers = pod.containers.iter().filter_map(|c| c.security.seccomp_profile);
    let all = pod.security.seccomp_profile.into_iter().chain(on_containers);
    let values = all.filter(|p| !is_allowed(*p)).map(|p| p.get("type").map_or("", Node::text));
    Blame::setters(pod, pod.security.seccomp_profile, |c| c.security.seccomp_profile, is_allowed)
        .with_values(values)
        .violation(control, "seccompProfile", |blame| {
            format!(
                "{} must not set securityContext.seccompProfile.type to {}",
                blame.who(),
                blame.quoted_values()
            )
        })
}

fn switched_off_by_annotation<'a>(pod: &PodView<'a>) -> Option<Violation<'a>> {
    let of_containers = pod
        .containers
        .iter()
        .map(|c| format!("container.seccomp.security.alpha.kubernetes.io/{}", c.name.map_or("", Node::text)));
    let keys = std::iter::once("seccomp.security.alpha.kubernetes.io/pod".to_owned()).chain(of_containers);
    let (mut forbidden, mut first) = (BTreeSet::new(), None);
    for key in keys {
        let Some(value) = pod.annotation(&key) else { continue };
        let text = value.text();
        if !matches!(text, "runtime/default" | "docker/default") && !text.starts_with("localhost/") {
            forbidden.insert(format!("{key}={text:?}"));
            first = first.or(Some(value));
        }
    }
    (!forbidden.is_empty()).then(|| Violation {
        control: CONTROL.name,
        reason: "seccompProfile".to_owned(),
        detail: format!(
            "forbidden {} {}",
            plural("annotation", forbidden.len()),
            forbidden.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
        ),
        at: first,
        container: None,
    })
}
