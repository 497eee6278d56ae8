//! Containers must be told not to run as root; since 1.35 a Pod with a user namespace of its own need not.

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "runAsNonRoot", level: Level::Restricted, since: 0, overrides: None, check };

const REASON: &str = "runAsNonRoot != true";

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 35 && pod.has_user_namespace() {
        return None;
    }
    let on_pod = pod.security.run_as_non_root;
    // An explicit `false` on the Pod counts even if every container says `true`.
    let explicit = Blame::setters(pod, on_pod, |c| c.security.run_as_non_root, Node::is_true).violation(
        CONTROL.name,
        REASON,
        |blame| format!("{} must not set securityContext.runAsNonRoot=false", blame.who()),
    );
    explicit.or_else(|| {
        let implicit =
            |c: &crate::kube::Container<'a>| c.security.run_as_non_root.is_none() && on_pod.is_none();
        Blame::containers(pod, |c| implicit(c).then_some(None)).violation(CONTROL.name, REASON, |blame| {
            format!("pod or {} must set securityContext.runAsNonRoot=true", blame.who())
        })
    })
}
