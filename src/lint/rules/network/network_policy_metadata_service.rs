use super::super::prelude::*;
use super::{contains_v4, rules_of};

rule! {
    /// A NetworkPolicy lets Pods reach the cloud's metadata service.
    ///
    /// At 169.254.169.254 the clouds give out the credentials of the node to whoever asks.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Egress]
    ///   egress:
    ///     - to:
    ///         - ipBlock:
    ///             cidr: 0.0.0.0/0 #! NetworkPolicy `web` lets Pods reach the cloud's metadata service
    ///             except: [10.0.0.0/8]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Egress]
    ///   egress:
    ///     - to:
    ///         - ipBlock:
    ///             cidr: 0.0.0.0/0
    ///             except: [169.254.169.254/32]
    /// ```
    "network-policy-metadata-service": Medium, Recommended, since "0.1.0";
    refs: ["kubescape: C-0052"];
    help: "add `except: [169.254.169.254/32]`";
    check: Resource(&[Known::NetworkPolicy], check);
}

const METADATA: [u8; 4] = [169, 254, 169, 254];

fn check(policy: &Resource, report: &mut Report) {
    for (rule, side) in rules_of(policy).filter(|(_, side)| *side == "to") {
        for block in rule.get(side).into_iter().flat_map(Node::items).filter_map(|peer| peer.get("ipBlock")) {
            let holds = |cidr: Node<'_>| contains_v4(cidr.text(), METADATA);
            let is_excepted = block.get("except").into_iter().flat_map(Node::items).any(holds);
            if let Some(cidr) = block.get("cidr").filter(|c| holds(*c) && !is_excepted) {
                let message =
                    format!("NetworkPolicy `{}` lets Pods reach the cloud's metadata service", policy.name());
                report.at(&policy, cidr, message);
            }
        }
    }
}
