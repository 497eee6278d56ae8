//! What a container asks for and what it may use at most.

mod cpu_limit_missing;
mod cpu_request_missing;
mod empty_dir_memory_unbounded;
mod ephemeral_storage_missing;
mod extended_resource_mismatch;
mod hpa_metric_request_missing;
mod limit_range_missing;
mod limit_range_violated;
mod memory_limit_missing;
mod memory_request_missing;
mod request_exceeds_limit;
mod requests_equal_limits;
mod resource_out_of_range;
mod resource_quantity_suspicious;
mod resource_quota_exceeded;
mod resource_quota_missing;

use super::prelude::*;
use crate::lint::{Group, Rule};

const GROUP: Group = Group::Resources;

pub(super) const RULES: &[&Rule] = &[
    &cpu_limit_missing::RULE,
    &cpu_request_missing::RULE,
    &empty_dir_memory_unbounded::RULE,
    &ephemeral_storage_missing::RULE,
    &extended_resource_mismatch::RULE,
    &hpa_metric_request_missing::RULE,
    &limit_range_missing::RULE,
    &limit_range_violated::RULE,
    &memory_limit_missing::RULE,
    &memory_request_missing::RULE,
    &request_exceeds_limit::RULE,
    &requests_equal_limits::RULE,
    &resource_out_of_range::RULE,
    &resource_quantity_suspicious::RULE,
    &resource_quota_exceeded::RULE,
    &resource_quota_missing::RULE,
];

/// Reports the Namespaces of the stream in which no object of that kind stands.
fn namespaces_without(graph: &Graph<'_>, report: &mut Report, kind: Known) {
    for namespace in graph.each(Known::Namespace) {
        let name = &*namespace.resource.id.name;
        if graph.of(kind, name).next().is_none() {
            report.on(&namespace.resource, format!("Namespace `{name}` has no {}", kind.kind()));
        }
    }
}
