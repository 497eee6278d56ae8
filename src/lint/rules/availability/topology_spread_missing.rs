use super::super::prelude::*;

rule! {
    /// A workload does not say how its Pods are spread over nodes and zones.
    ///
    /// The scheduler's own spreading is soft and gives way to many other wishes.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web #! Deployment `web` has no topologySpreadConstraints
    /// spec:
    ///   template:
    ///     spec:
    ///       containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     spec:
    ///       containers: []
    ///       topologySpreadConstraints:
    ///         - maxSkew: 1
    ///           topologyKey: topology.kubernetes.io/zone
    ///           whenUnsatisfiable: ScheduleAnyway
    ///           labelSelector: {}
    /// ```
    "topology-spread-missing": Info, Strict, since "0.1.0";
    refs: ["kube-score: pod-topology-spread-constraints", "polaris: topologySpreadConstraint"];
    help: "add `topologySpreadConstraints` over zones";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let is_empty = pod.spec.topology_spread_constraints.is_none_or(|c| c.items().next().is_none());
    if is_empty && crate::kube::rollout::is_replicated(pod.kind) {
        let (kind, name) = (pod.kind.kind(), pod.resource.name());
        report.missing(
            pod,
            "topologySpreadConstraints",
            format!("{kind} `{name}` has no topologySpreadConstraints"),
        );
    }
}
