use super::super::prelude::*;
use crate::kube::rollout::portion;

rule! {
    /// A PodDisruptionBudget forbids every eviction.
    ///
    /// No Pod that it selects may go, even while all are well: a drain of a node waits for ever, and so does the upgrade of
    /// the cluster. It counts the replicas that the workloads ask for, an autoscaler's minimum where there is one.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   minAvailable: 2 #! PodDisruptionBudget `web` forbids every eviction: 2 of 2 Pods must be available
    ///   selector:
    ///     matchLabels: {app: web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 2
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ```
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 0 #! PodDisruptionBudget `web` forbids every eviction: no Pod may be unavailable
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    /// ```
    "pdb-blocks-eviction": High, Recommended, since "0.1.0";
    refs: ["kube-linter: pdb-max-unavailable", "kube-linter: pdb-min-available", "polaris: pdbDisruptionsIsZero",
        "gatekeeper: poddisruptionbudget"];
    help: "let at least one Pod go: `maxUnavailable: 1`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for budget in graph.each(Known::PodDisruptionBudget) {
        let Some(spec) = budget.resource.spec() else { continue };
        let field = |name: &str| spec.get(name).filter(|n| !n.is_null());
        let who = format!("PodDisruptionBudget `{}` forbids every eviction", budget.resource.name());
        let total = graph.expected_pods(budget);
        if let Some(most) = field("maxUnavailable").filter(|m| matches!(m.text(), "0" | "0%")) {
            report.at(&budget.resource, most, format!("{who}: no Pod may be unavailable"));
        }
        if let Some(least) = field("minAvailable") {
            if least.text() == "100%" {
                report.at(&budget.resource, least, format!("{who}: all Pods must be available"));
            } else if let Some(total) = total.filter(|t| *t > 0)
                && let Some(needed) = portion(least.text(), total, true).filter(|n| *n >= total)
            {
                report.at(
                    &budget.resource,
                    least,
                    format!("{who}: {needed} of {total} Pods must be available"),
                );
            }
        }
    }
}
