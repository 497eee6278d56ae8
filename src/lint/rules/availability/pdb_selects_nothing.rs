use super::super::prelude::*;

rule! {
    /// A PodDisruptionBudget protects no Pod.
    ///
    /// Nothing in its namespace makes Pods with the labels that it asks for. In `policy/v1` an empty selector means all
    /// Pods.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   maxUnavailable: 1
    ///   selector: #! PodDisruptionBudget `web` selects no Pod
    ///     matchLabels: {app: wep}
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
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec: {containers: []}
    /// ```
    "pdb-selects-nothing": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "compare the selector with the labels of the Pod's template";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for budget in graph.each(Known::PodDisruptionBudget) {
        let Some(selector) = budget.resource.in_spec("selector") else { continue };
        if graph.selected_by(budget.namespace, selector).is_empty() {
            let message = format!("PodDisruptionBudget `{}` selects no Pod", budget.resource.name());
            let is_known = graph.has_pods(budget.namespace);
            report.missing(&budget.resource, "spec.selector", message).note_unless(is_known);
        }
    }
}
