//! Whether the work goes on while nodes and versions change.

mod anti_affinity_missing;
mod bare_replica_set;
mod cron_job_concurrency;
mod cron_job_deadline;
mod cron_job_schedule_invalid;
mod host_port_multi_replica;
mod hpa_duplicate_target;
mod hpa_min_replicas;
mod hpa_range_fixed;
mod hpa_replicas_conflict;
mod hpa_target_missing;
mod job_ttl;
mod naked_pod;
mod node_affinity_missing;
mod pdb_blocks_eviction;
mod pdb_exceeds_hpa_min;
mod pdb_missing;
mod pdb_overlap;
mod pdb_policy_missing;
mod pdb_selects_nothing;
mod pdb_unhealthy_eviction_policy;
mod priority_class_missing;
mod replicas_too_low;
mod rolling_update_missing;
mod rollout_below_budget;
mod rollout_deadlock;
mod stateful_set_service_missing;
mod topology_selector_mismatch;
mod topology_spread_missing;

use super::prelude::*;
use crate::lint::{Group, Rule};

const GROUP: Group = Group::Availability;

pub(super) const RULES: &[&Rule] = &[
    &anti_affinity_missing::RULE,
    &bare_replica_set::RULE,
    &cron_job_concurrency::RULE,
    &cron_job_deadline::RULE,
    &cron_job_schedule_invalid::RULE,
    &host_port_multi_replica::RULE,
    &hpa_duplicate_target::RULE,
    &hpa_min_replicas::RULE,
    &hpa_range_fixed::RULE,
    &hpa_replicas_conflict::RULE,
    &hpa_target_missing::RULE,
    &job_ttl::RULE,
    &naked_pod::RULE,
    &node_affinity_missing::RULE,
    &pdb_blocks_eviction::RULE,
    &pdb_exceeds_hpa_min::RULE,
    &pdb_missing::RULE,
    &pdb_overlap::RULE,
    &pdb_policy_missing::RULE,
    &pdb_selects_nothing::RULE,
    &pdb_unhealthy_eviction_policy::RULE,
    &priority_class_missing::RULE,
    &replicas_too_low::RULE,
    &rolling_update_missing::RULE,
    &rollout_below_budget::RULE,
    &rollout_deadlock::RULE,
    &stateful_set_service_missing::RULE,
    &topology_selector_mismatch::RULE,
    &topology_spread_missing::RULE,
];

/// The parts of a Pod that keep it away from others: spread constraints, and the terms of its anti-affinity.
fn spreading_terms<'a>(pod: &PodView<'a>) -> impl Iterator<Item = Node<'a>> {
    let anti = pod.spec.affinity.and_then(|a| a.get("podAntiAffinity"));
    let list = move |field: &str| anti.and_then(|a| a.get(field)).into_iter().flat_map(Node::items);
    let preferred = list("preferredDuringSchedulingIgnoredDuringExecution");
    pod.spec
        .topology_spread_constraints
        .into_iter()
        .flat_map(Node::items)
        .chain(list("requiredDuringSchedulingIgnoredDuringExecution"))
        .chain(preferred.filter_map(|term| term.get("podAffinityTerm")))
}
