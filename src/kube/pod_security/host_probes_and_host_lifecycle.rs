//! Probes and lifecycle handlers must not name a host: the node would ask it in the Pod's name.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::{Blame, plural, quoted};
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "hostProbesAndHostLifecycle", level: Level::Baseline, since: 34, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let mut hosts = BTreeSet::new();
    let mut names = BTreeSet::new();
    let blame = Blame::containers(pod, |c| {
        let named: Vec<Node<'a>> = c.handler_hosts().collect();
        hosts.extend(named.iter().map(|h| h.text()));
        named.first().copied().map(|host| {
            names.insert(c.name.map_or("", Node::text));
            Some(host)
        })
    });
    blame.with_values(hosts).violation(CONTROL.name, "probe or lifecycle host", |blame| {
        format!(
            "{} {} {} {} {}",
            plural("container", names.len()),
            quoted(&names),
            if names.len() == 1 { "uses" } else { "use" },
            plural("probe or lifecycle host", blame.values.len()),
            blame.quoted_values()
        )
    })
}
