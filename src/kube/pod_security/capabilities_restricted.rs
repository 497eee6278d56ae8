//! Containers must drop all capabilities and may add `NET_BIND_SERVICE` alone. Windows is exempt since 1.25.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control = Control {
    name: "capabilities_restricted",
    level: Level::Restricted,
    since: 22,
    overrides: Some("capabilities_baseline"),
    check,
};

const REASON: &str = "unrestricted capabilities";

fn check<'a>(pod: &PodView<'a>, minor: u32) -> Option<Violation<'a>> {
    if minor >= 25 && pod.is_windows() {
        return None;
    }
    let keeping =
        Blame::containers(pod, |c| (!c.drops_all_capabilities()).then_some(c.security.capabilities))
            .violation(CONTROL.name, REASON, |blame| {
                format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", blame.who())
            });
    let mut found = BTreeSet::new();
    let adding = Blame::containers(pod, |c| {
        let added: Vec<Node<'a>> =
            c.added_capabilities().filter(|a| a.text() != "NET_BIND_SERVICE").collect();
        found.extend(added.iter().map(|a| a.text()));
        added.first().copied().map(Some)
    });
    let adding = adding.with_values(found).violation(CONTROL.name, REASON, |blame| {
        format!(
            "{} must not include {} in securityContext.capabilities.add",
            blame.who(),
            blame.quoted_values()
        )
    });
    match (keeping, adding) {
        (Some(mut both), Some(adding)) => {
            both.detail = format!("{}; {}", both.detail, adding.detail);
            Some(both)
        }
        (one, other) => one.or(other),
    }
}
