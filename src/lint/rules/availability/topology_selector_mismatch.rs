use super::super::prelude::*;
use crate::kube::selector::label_selector_matches;

rule! {
    /// A spread constraint or an anti-affinity counts other Pods than the workload's own.
    ///
    /// Its selector does not match the labels of the Pod that it stands in: it spreads nothing. An anti-affinity to other
    /// Pods alone may be meant and is left alone where its labels name another program.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers: []
    ///       topologySpreadConstraints:
    ///         - maxSkew: 1
    ///           topologyKey: kubernetes.io/hostname
    ///           whenUnsatisfiable: ScheduleAnyway
    ///           labelSelector: #! the constraint does not select the Pods that it stands in
    ///             matchLabels: {app: site}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers: []
    ///       topologySpreadConstraints:
    ///         - maxSkew: 1
    ///           topologyKey: kubernetes.io/hostname
    ///           whenUnsatisfiable: ScheduleAnyway
    ///           labelSelector:
    ///             matchLabels: {app: web}
    /// ```
    "topology-selector-mismatch": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: no-anti-affinity", "kube-score: deployment-has-host-podantiaffinity"];
    help: "use labels of the Pod's own template";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    for constraint in pod.spec.topology_spread_constraints.into_iter().flat_map(Node::items) {
        if let Some((key, selector)) = constraint.entry("labelSelector")
            && !label_selector_matches(selector, pod.labels())
        {
            report.at(pod, key, "the constraint does not select the Pods that it stands in");
        }
    }
}
