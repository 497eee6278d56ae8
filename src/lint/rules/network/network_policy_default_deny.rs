use super::super::prelude::*;
use super::Direction;
use crate::kube::selector::selects_all;

rule! {
    /// A Namespace does not deny what nobody allowed.
    ///
    /// A policy that selects all Pods and allows nothing makes every other policy an exception; without it, each new Pod is
    /// open until somebody writes a policy for it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop #! Namespace `shop` has no NetworkPolicy that denies all ingress
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: egress
    ///   namespace: shop
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Egress]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: deny
    ///   namespace: shop
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Ingress, Egress]
    /// ```
    "network-policy-default-deny": Low, Recommended, since "0.1.0";
    refs: ["CIS 5.3.2", "kubescape: C-0206"];
    help: "add a NetworkPolicy with `podSelector: {}`, both `policyTypes` and no rules";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for namespace in graph.each(Known::Namespace) {
        let name = &*namespace.resource.id.name;
        let policies: Vec<&Resource> = graph.of(Known::NetworkPolicy, name).map(|p| p.resource).collect();
        for (direction, rules) in [(Direction::Ingress, "ingress"), (Direction::Egress, "egress")] {
            let denies = |policy: &&Resource| {
                let Some(spec) = policy.spec() else { return false };
                spec.get("podSelector").is_some_and(selects_all)
                    && direction.is_of(policy)
                    && spec.get(rules).is_none_or(|r| r.items().next().is_none())
            };
            if !policies.iter().any(denies) {
                let message = format!("Namespace `{name}` has no NetworkPolicy that denies all {rules}");
                report.on(&namespace.resource, message);
            }
        }
    }
}
