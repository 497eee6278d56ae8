use super::super::prelude::*;

rule! {
    /// Nothing keeps a drain from taking all replicas at once.
    ///
    /// A workload with two replicas or more is meant to survive the loss of one; without a PodDisruptionBudget, those who
    /// drain nodes may take them all in one minute.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web #! no PodDisruptionBudget selects the Pods of Deployment `web`
    /// spec:
    ///   replicas: 3
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    "pdb-missing": Low, Recommended, since "0.1.0";
    refs: ["kube-score: deployment-has-poddisruptionbudget", "kube-score: statefulset-has-poddisruptionbudget",
        "polaris: missingPodDisruptionBudget"];
    help: "add a PodDisruptionBudget with `maxUnavailable: 1`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged().filter(|o| !o.pods.is_empty()) {
        let is_many = graph.replicas(object).is_some_and(|count| count >= 2);
        if is_many && object.pods.iter().all(|pod| graph.budgets_of(object, pod).next().is_none()) {
            let (kind, name) = (object.kind.kind(), object.resource.name());
            report
                .on(&object.resource, format!("no PodDisruptionBudget selects the Pods of {kind} `{name}`"));
        }
    }
}
