//! Names and selectors that lead nowhere, or to the wrong object.

mod binding_subject_missing;
mod class_missing;
mod config_map_key_missing;
mod config_map_missing;
mod container_port_duplicate;
mod duplicate_resource;
mod env_duplicate;
mod env_reference_undefined;
mod gateway_backend_missing;
mod ingress_backend_missing;
mod ingress_class_missing;
mod ingress_path_conflict;
mod missing;
mod namespace_missing;
mod network_policy_peer_selects_nothing;
mod network_policy_selects_nothing;
mod node_port_conflict;
mod port_name_invalid;
mod pvc_missing;
mod pvc_pv_mismatch;
mod role_ref_missing;
mod secret_key_missing;
mod secret_missing;
mod selector_mismatch;
mod selector_overlap;
mod service_account_missing;
mod service_created_late;
mod service_monitor_selects_nothing;
mod service_port_duplicate;
mod service_selector_overlap;
mod service_selects_nothing;
mod service_target_port_unresolved;
mod volume_mount_undefined;
mod webhook_service_missing;

use super::prelude::*;
use crate::lint::{Group, Rule};

const GROUP: Group = Group::References;

pub(super) const RULES: &[&Rule] = &[
    &binding_subject_missing::RULE,
    &class_missing::RULE,
    &config_map_key_missing::RULE,
    &config_map_missing::RULE,
    &container_port_duplicate::RULE,
    &duplicate_resource::RULE,
    &env_duplicate::RULE,
    &env_reference_undefined::RULE,
    &gateway_backend_missing::RULE,
    &ingress_backend_missing::RULE,
    &ingress_class_missing::RULE,
    &ingress_path_conflict::RULE,
    &namespace_missing::RULE,
    &network_policy_peer_selects_nothing::RULE,
    &network_policy_selects_nothing::RULE,
    &node_port_conflict::RULE,
    &port_name_invalid::RULE,
    &pvc_missing::RULE,
    &pvc_pv_mismatch::RULE,
    &role_ref_missing::RULE,
    &secret_key_missing::RULE,
    &secret_missing::RULE,
    &selector_mismatch::RULE,
    &selector_overlap::RULE,
    &service_account_missing::RULE,
    &service_created_late::RULE,
    &service_monitor_selects_nothing::RULE,
    &service_port_duplicate::RULE,
    &service_selector_overlap::RULE,
    &service_selects_nothing::RULE,
    &service_target_port_unresolved::RULE,
    &volume_mount_undefined::RULE,
    &webhook_service_missing::RULE,
];

/// The namespaces that a peer of a NetworkPolicy looks in: the policy's own, or those of the stream that its
/// `namespaceSelector` selects. The label with a namespace's own name is there even where nobody wrote it.
fn namespaces_of_peer<'a>(graph: &Graph<'a>, own: &'a str, peer: Node<'a>) -> Vec<&'a str> {
    let Some(selector) = peer.get("namespaceSelector") else { return vec![own] };
    graph.namespaces_with(selector)
}
