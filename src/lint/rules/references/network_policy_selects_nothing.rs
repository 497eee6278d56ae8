use super::super::prelude::*;

rule! {
    /// A NetworkPolicy protects no Pod.
    ///
    /// Nothing in its namespace makes Pods with the labels that it asks for. The empty selector means all Pods. Unless the
    /// world is closed or Pods are made in the namespace, it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: #! NetworkPolicy `web` selects no Pod
    ///     matchLabels: {app: wep}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    /// ```
    "network-policy-selects-nothing": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: dangling-networkpolicy", "kube-score: networkpolicy-targets-pod", "kubescape: C-0299"];
    help: "compare the selector with the labels of the Pod's template";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for policy in graph.each(Known::NetworkPolicy) {
        let Some(selector) = policy.resource.in_spec("podSelector") else { continue };
        if crate::kube::selector::selects_all(selector) {
            continue;
        }
        if graph.selected_by(policy.namespace, selector).is_empty() {
            let message = format!("NetworkPolicy `{}` selects no Pod", policy.resource.name());
            let is_known = graph.has_pods(policy.namespace);
            report.missing(&policy.resource, "spec.podSelector", message).note_unless(is_known);
        }
    }
}
