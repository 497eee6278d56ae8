//! Windows containers must not be processes of the node.

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::{PodView, SecurityContext};

pub(super) static CONTROL: Control =
    Control { name: "windowsHostProcess", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let field = |security: &SecurityContext<'a>| security.windows_options?.get("hostProcess");
    let is_allowed = |host_process: Node<'a>| !host_process.is_true();
    Blame::setters(pod, field(&pod.security), |c| field(&c.security), is_allowed).violation(
        CONTROL.name,
        "hostProcess",
        |blame| format!("{} must not set securityContext.windowsOptions.hostProcess=true", blame.who()),
    )
}
