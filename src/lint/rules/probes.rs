//! How the node knows that a container lives, and how it goes.

mod liveness_probe_missing;
mod probe_handler_count;
mod probe_on_init_container;
mod probe_port_undeclared;
mod probe_port_unresolved;
mod probe_timing;
mod probes_identical;
mod readiness_probe_missing;
mod restart_policy_invalid;
mod termination_grace_too_short;

use super::prelude::*;
use crate::lint::{Group, Rule};

const GROUP: Group = Group::Probes;

pub(super) const RULES: &[&Rule] = &[
    &liveness_probe_missing::RULE,
    &probe_handler_count::RULE,
    &probe_on_init_container::RULE,
    &probe_port_undeclared::RULE,
    &probe_port_unresolved::RULE,
    &probe_timing::RULE,
    &probes_identical::RULE,
    &readiness_probe_missing::RULE,
    &restart_policy_invalid::RULE,
    &termination_grace_too_short::RULE,
];

/// The ports that a container's probes ask.
fn ports<'a>(container: &Container<'a>) -> impl Iterator<Item = Node<'a>> {
    let actions =
        |probe: Node<'a>| ["httpGet", "tcpSocket", "grpc"].map(|action| probe.get(action)?.get("port"));
    container.probes().flat_map(move |(_, probe)| actions(probe)).flatten().filter(|p| !p.is_null())
}
