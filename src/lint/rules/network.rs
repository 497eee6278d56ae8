//! What can be reached from where, and who has a say in admission.

mod admission_policy_invalid;
mod exposed_sensitive_service;
mod ingress_nginx_snippet;
mod ingress_tls_missing;
mod ingress_wildcard_host;
mod load_balancer_open;
mod network_policy_allow_all;
mod network_policy_blocks_service;
mod network_policy_default_deny;
mod network_policy_metadata_service;
mod network_policy_missing;
mod privileged_port;
mod service_external_ip;
mod service_load_balancer;
mod service_node_port;
mod ssh_port;
mod sudo_entrypoint;
mod volume_unencrypted;
mod webhook_fail_open;

use super::prelude::*;
use crate::lint::{Group, Object, Rule};

const GROUP: Group = Group::Network;

pub(super) const RULES: &[&Rule] = &[
    &admission_policy_invalid::RULE,
    &exposed_sensitive_service::RULE,
    &ingress_nginx_snippet::RULE,
    &ingress_tls_missing::RULE,
    &ingress_wildcard_host::RULE,
    &load_balancer_open::RULE,
    &network_policy_allow_all::RULE,
    &network_policy_blocks_service::RULE,
    &network_policy_default_deny::RULE,
    &network_policy_metadata_service::RULE,
    &network_policy_missing::RULE,
    &privileged_port::RULE,
    &service_external_ip::RULE,
    &service_load_balancer::RULE,
    &service_node_port::RULE,
    &ssh_port::RULE,
    &sudo_entrypoint::RULE,
    &volume_unencrypted::RULE,
    &webhook_fail_open::RULE,
];

/// Which way connections go, seen from the Pods that a policy selects.
#[derive(Clone, Copy)]
enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    /// Whether a NetworkPolicy limits that direction: by `policyTypes`, or else ingress always and egress where it has
    /// rules for it.
    fn is_of(self, policy: &Resource) -> bool {
        let Some(spec) = policy.spec() else { return false };
        let name = match self {
            Direction::Ingress => "Ingress",
            Direction::Egress => "Egress",
        };
        match spec.get("policyTypes").filter(|t| t.items().next().is_some()) {
            Some(types) => types.items().any(|t| t.text() == name),
            None => match self {
                Direction::Ingress => true,
                Direction::Egress => spec.get("egress").is_some_and(|e| e.items().next().is_some()),
            },
        }
    }
}

/// The rules of a NetworkPolicy, each with the name of its list of peers. Rules for a direction that the policy does not
/// limit are left out.
fn rules_of(policy: &Resource) -> impl Iterator<Item = (Node<'_>, &'static str)> {
    let spec = policy.spec();
    let sides = [(Direction::Ingress, "ingress", "from"), (Direction::Egress, "egress", "to")];
    sides.into_iter().filter(|(direction, ..)| direction.is_of(policy)).flat_map(move |(_, list, side)| {
        spec.and_then(|s| s.get(list)).into_iter().flat_map(Node::items).map(move |rule| (rule, side))
    })
}

fn cidr_is_everything(cidr: &str) -> bool {
    cidr.ends_with("/0")
}

/// Whether a block of IPv4 addresses holds an address.
fn contains_v4(cidr: &str, address: [u8; 4]) -> bool {
    let Some((base, bits)) = cidr.split_once('/') else { return false };
    let (Ok(base), Ok(bits)) = (base.parse::<std::net::Ipv4Addr>(), bits.parse::<u32>()) else {
        return false;
    };
    let mask = u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
    bits <= 32 && u32::from(base) & mask == u32::from_be_bytes(address) & mask
}

/// The Ingresses that lead to a Service, each with the name of it in the backend.
fn ingresses_to<'g, 'a>(
    graph: &'g Graph<'a>,
    service: &'g Object<'a>,
) -> impl Iterator<Item = (&'a Resource, Node<'a>)> + use<'g, 'a> {
    graph.of(Known::Ingress, service.namespace).filter(|i| i.is_judged).filter_map(|ingress| {
        let spec = ingress.resource.spec()?;
        let rules = spec.get("rules").into_iter().flat_map(Node::items);
        let backends =
            rules.filter_map(|r| r.at("http.paths")).flat_map(Node::items).filter_map(|p| p.get("backend"));
        let name = |backend: Node<'a>| backend.at("service.name").or_else(|| backend.get("serviceName"));
        let mut names = spec.get("defaultBackend").into_iter().chain(backends).filter_map(name);
        names.find(|n| n.text() == &*service.resource.id.name).map(|node| (ingress.resource, node))
    })
}
