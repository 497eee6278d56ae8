//! Containers must not take ports of the node.

use std::collections::BTreeSet;

use yaml::Node;

use super::blame::{Blame, plural};
use super::{Control, Level, Violation};
use crate::kube::PodView;

pub(super) static CONTROL: Control =
    Control { name: "hostPorts", level: Level::Baseline, since: 0, overrides: None, check };

fn check<'a>(pod: &PodView<'a>, _: u32) -> Option<Violation<'a>> {
    let mut taken = BTreeSet::new();
    let blame = Blame::containers(pod, |c| {
        let ports = c.port_list().filter_map(|p| p.get("hostPort"));
        let ports: Vec<Node<'a>> = ports.filter(|p| !p.is_null() && p.as_i64() != Some(0)).collect();
        taken.extend(ports.iter().map(|p| p.text()));
        ports.first().copied().map(Some)
    });
    blame.with_values(taken).violation(CONTROL.name, "hostPort", |blame| {
        let uses = if blame.count() == 1 { "uses" } else { "use" };
        let ports: Vec<&str> = blame.values.iter().map(String::as_str).collect();
        format!("{} {uses} {} {}", blame.who(), plural("hostPort", ports.len()), ports.join(", "))
    })
}
