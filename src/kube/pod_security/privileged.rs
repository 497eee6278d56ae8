//! Containers must not be privileged.

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "privileged", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let is_allowed = |privileged: Node<'a>| !privileged.is_true();
    Blame::setters(pod, None, |c| c.security.privileged, is_allowed).violation(
        CONTROL.name,
        "privileged",
        |blame| format!("{} must not set securityContext.privileged=true", blame.who()),
    )
}
