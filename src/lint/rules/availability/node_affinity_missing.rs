use super::super::prelude::*;

rule! {
    /// A workload does not say which nodes it wants.
    ///
    /// In a cluster with nodes of several kinds it may land on any, be it too dear or too slow.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web #! Deployment `web` has no node affinity
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
    ///       nodeSelector: {kubernetes.io/arch: arm64}
    /// ```
    "node-affinity-missing": Info, Strict, since "0.1.0";
    refs: ["kube-linter: no-node-affinity"];
    help: "add a `nodeAffinity` or a `nodeSelector`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let affinity = pod.spec.affinity.and_then(|a| a.get("nodeAffinity")).filter(|a| !a.is_null());
    if affinity.or(pod.spec.node_selector).is_none() {
        let (kind, name) = (&pod.resource.id.gvk.kind, pod.resource.name());
        report.missing(pod, "affinity.nodeAffinity", format!("{kind} `{name}` has no node affinity"));
    }
}
