//! Containers may add the capabilities that container runtimes give by default, but no other.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::Blame;
use super::{Control, Level, Violation};
use crate::kube::PodView;

/// What container runtimes give by default, without `NET_RAW`, which lets a container forge packets.
pub const DEFAULT_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

pub(super) static CONTROL: Control =
    Control { name: "capabilities_baseline", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let mut found = BTreeSet::new();
    let blame = Blame::containers(pod, |c| {
        let added = c.added_capabilities().filter(|a| !DEFAULT_CAPABILITIES.contains(&a.text()));
        added
            .inspect(|a| {
                found.insert(a.text());
            })
            .collect::<Vec<Node<'a>>>()
            .first()
            .copied()
            .map(Some)
    });
    blame.with_values(found).violation(CONTROL.name, "non-default capabilities", |blame| {
        format!(
            "{} must not include {} in securityContext.capabilities.add",
            blame.who(),
            blame.quoted_values()
        )
    })
}
