use super::super::prelude::*;

rule! {
    /// A PodDisruptionBudget keeps Pods on their node that do not work anyway.
    ///
    /// Unless `unhealthyPodEvictionPolicy` is `AlwaysAllow`, a Pod that is not ready may only go while enough others are:
    /// a workload that cannot start blocks the drain of its nodes.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec: #! PodDisruptionBudget `web` does not say whether unhealthy Pods may go
    ///   maxUnavailable: 1
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   unhealthyPodEvictionPolicy: AlwaysAllow
    /// ```
    "pdb-unhealthy-eviction-policy": Info, Strict, since "0.1.0";
    refs: ["kube-linter: pdb-unhealthy-pod-eviction-policy"];
    help: "set `unhealthyPodEvictionPolicy: AlwaysAllow`";
    check: Resource(&[Known::PodDisruptionBudget], check);
}

fn check(budget: &Resource, report: &mut Report) {
    if budget.in_spec("unhealthyPodEvictionPolicy").is_none_or(Node::is_null) {
        let message =
            format!("PodDisruptionBudget `{}` does not say whether unhealthy Pods may go", budget.name());
        report.missing(&budget, "spec.unhealthyPodEvictionPolicy", message);
    }
}
