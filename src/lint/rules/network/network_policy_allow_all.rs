use super::super::prelude::*;
use super::{cidr_is_everything, rules_of};

rule! {
    /// A NetworkPolicy allows everything.
    ///
    /// An empty rule, an empty list of peers, or a block of all addresses without an exception: the policy looks like a
    /// limit and is none.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    ///   ingress:
    ///     - from:
    ///         - ipBlock:
    ///             cidr: 0.0.0.0/0 #! NetworkPolicy `web` allows connections from everywhere
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    ///   ingress:
    ///     - from:
    ///         - podSelector: {}
    /// ```
    "network-policy-allow-all": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0038"];
    over: ["network-policy-metadata-service"];
    help: "name those who need the connection";
    check: Resource(&[Known::NetworkPolicy], check);
}

fn check(policy: &Resource, report: &mut Report) {
    let name = policy.name();
    for (rule, side) in rules_of(policy) {
        let what = if side == "from" { "from" } else { "to" };
        let message = format!("NetworkPolicy `{name}` allows connections {what} everywhere");
        let peers = rule.get(side);
        let mut any = peers.into_iter().flat_map(Node::items).peekable();
        if any.peek().is_none() {
            // Limited to ports it is at least something.
            if rule.get("ports").is_none_or(|p| p.items().next().is_none()) {
                report.at(&policy, peers.unwrap_or(rule), message);
            }
            continue;
        }
        for block in any.filter_map(|peer| peer.get("ipBlock")) {
            let has_exception = block.get("except").is_some_and(|e| e.items().next().is_some());
            if let Some(cidr) = block.get("cidr").filter(|c| cidr_is_everything(c.text()) && !has_exception) {
                report.at(&policy, cidr, message.clone());
            }
        }
    }
}
