//! Nobody may run as user 0; since 1.35 a Pod with a user namespace of its own may.

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "runAsUser", level: Level::Restricted, since: 23, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 35 && pod.has_user_namespace() {
        return None;
    }
    let is_allowed = |user: Node<'a>| user.as_i64() != Some(0);
    Blame::setters(pod, pod.security.run_as_user, |c| c.security.run_as_user, is_allowed).violation(
        CONTROL.name,
        "runAsUser=0",
        |blame| format!("{} must not set runAsUser=0", blame.who()),
    )
}
