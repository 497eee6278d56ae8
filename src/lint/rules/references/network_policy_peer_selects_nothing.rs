use super::super::prelude::*;

rule! {
    /// A NetworkPolicy lets Pods in or out that are not there.
    ///
    /// A peer's selector matches no Pod: the rule allows nothing, mostly by a slip of the pen. Only peers without a
    /// `namespaceSelector`, which look in the policy's own namespace, and those whose namespaces are in sight are judged.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: db
    /// spec:
    ///   podSelector: {}
    ///   ingress:
    ///     - from:
    ///         - podSelector: #! a peer of NetworkPolicy `db` selects no Pod
    ///             matchLabels: {app: wep}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: db
    /// spec:
    ///   podSelector: {}
    ///   ingress:
    ///     - from:
    ///         - podSelector: {}
    /// ```
    "network-policy-peer-selects-nothing": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: dangling-networkpolicypeer-podselector"];
    help: "compare the selector with the labels of the Pods that are meant";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for policy in graph.each(Known::NetworkPolicy) {
        let Some(spec) = policy.resource.spec() else { continue };
        for (rules, side) in [("ingress", "from"), ("egress", "to")] {
            let rules = spec.get(rules).into_iter().flat_map(Node::items);
            for peer in rules.filter_map(|r| r.get(side)).flat_map(Node::items) {
                let Some((key, selector)) = peer.entry("podSelector") else { continue };
                if crate::kube::selector::selects_all(selector) {
                    continue;
                }
                let namespaces = super::namespaces_of_peer(graph, policy.namespace, peer);
                if namespaces.iter().all(|ns| graph.selected_by(ns, selector).is_empty())
                    && !namespaces.is_empty()
                {
                    let message =
                        format!("a peer of NetworkPolicy `{}` selects no Pod", policy.resource.name());
                    report.at(&policy.resource, key, message);
                }
            }
        }
    }
}
