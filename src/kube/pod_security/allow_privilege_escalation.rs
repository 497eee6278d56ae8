//! Containers must switch privilege escalation off. Windows has no such switch and is exempt since 1.25.

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "allowPrivilegeEscalation", level: Level::Restricted, since: 8, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 25 && pod.is_windows() {
        return None;
    }
    Blame::containers(pod, |c| match c.security.allow_privilege_escalation {
        Some(set) if set.as_bool() == Some(false) => None,
        unset_or_true => Some(unset_or_true),
    })
    .violation(CONTROL.name, "allowPrivilegeEscalation != false", |blame| {
        format!("{} must set securityContext.allowPrivilegeEscalation=false", blame.who())
    })
}
