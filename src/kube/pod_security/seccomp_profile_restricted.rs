//! Every container must have a seccomp profile, its own or the Pod's. Windows is exempt since 1.25.

use super::blame::Blame;
use super::seccomp_profile_baseline::{is_allowed, switched_off};
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control = Control {
    name: "seccompProfile_restricted",
    level: Level::Restricted,
    since: 19,
    overrides: Some("seccompProfile_baseline"),
    check,
};

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 25 && pod.is_windows() {
        return None;
    }
    switched_off(pod, CONTROL.name).or_else(|| {
        let on_pod = pod.security.seccomp_profile.is_some_and(is_allowed);
        Blame::containers(pod, |c| (c.security.seccomp_profile.is_none() && !on_pod).then_some(None)).violation(
            CONTROL.name,
            "seccompProfile",
            |blame| {
                let who = blame.who();
                format!(
                    "pod or {who} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""
                )
            },
        )
    })
}
