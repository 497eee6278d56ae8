use super::super::prelude::*;
use crate::kube::rollout::portion;

rule! {
    /// A PodDisruptionBudget needs as many Pods as an autoscaler may leave, or more.
    ///
    /// In quiet hours, when the autoscaler is at its minimum, no eviction is allowed and no node can be drained.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   minAvailable: 3 #! PodDisruptionBudget `web` needs 3 Pods, but autoscaler `web` may go down to 2
    ///   selector:
    ///     matchLabels: {app: web}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   minReplicas: 2
    ///   maxReplicas: 6
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    "pdb-exceeds-hpa-min": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: pdb-min-available", "polaris: pdbMinAvailableGreaterThanHPAMinReplicas"];
    over: ["pdb-blocks-eviction"];
    help: "raise `minReplicas`, or use `maxUnavailable: 1`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for budget in graph.each(Known::PodDisruptionBudget) {
        let Some(spec) = budget.resource.spec() else { continue };
        let Some(least) = spec.get("minAvailable").filter(|n| !n.is_null()) else { continue };
        let Some(selector) = spec.get("selector") else { continue };
        for (object, _) in graph.selected_by(budget.namespace, selector) {
            let Some(scaler) = graph.scaler_of(object) else { continue };
            let floor = scaler.resource.in_spec("minReplicas").and_then(Node::as_i64).unwrap_or(1);
            if let Some(needed) = portion(least.text(), floor, true).filter(|n| *n > floor) {
                let message = format!(
                    "PodDisruptionBudget `{}` needs {needed} Pods, but autoscaler `{}` may go down to {floor}",
                    budget.resource.name(),
                    scaler.resource.name()
                );
                report.at(&budget.resource, least, message).related_object(scaler.resource, "the autoscaler");
            }
        }
    }
}
