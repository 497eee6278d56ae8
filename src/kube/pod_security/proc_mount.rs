//! `/proc` must stay masked; since 1.35 a Pod with a user namespace of its own may unmask it.

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "procMount", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 35 && pod.has_user_namespace() { None } else { unmasked(pod, CONTROL.name) }
}

/// The containers that unmask `/proc`.
pub(super) fn unmasked<'a>(pod: &PodView<'a>, control: &'static str) -> Option<Violation<'a>> {
    let is_allowed = |mount: Node<'a>| mount.text() == "Default";
    let values = pod.containers.iter().filter_map(|c| c.security.proc_mount).filter(|m| !is_allowed(*m));
    Blame::setters(pod, None, |c| c.security.proc_mount, is_allowed)
        .with_values(values.map(Node::text))
        .violation(control, "procMount", |blame| {
            format!("{} must not set securityContext.procMount to {}", blame.who(), blame.quoted_values())
        })
}
