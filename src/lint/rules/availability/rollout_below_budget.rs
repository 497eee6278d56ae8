use super::super::prelude::*;
use crate::kube::rollout::{fewest_in_rollout, portion};

rule! {
    /// A rollout takes more Pods away than the workload can spare.
    ///
    /// Rollouts do not look at PodDisruptionBudgets: the strategy alone decides. Here fewer stay than the budget asks for,
    /// or none where a Service sends requests.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web #! a rollout leaves 1 of the 2 Pods of Deployment `web` that its budget asks for
    /// spec:
    ///   replicas: 3
    ///   strategy:
    ///     rollingUpdate: {maxUnavailable: 2}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   minAvailable: 2
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    ///   strategy:
    ///     rollingUpdate: {maxUnavailable: 1}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ---
    /// apiVersion: policy/v1
    /// kind: PodDisruptionBudget
    /// metadata:
    ///   name: web
    /// spec:
    ///   minAvailable: 2
    ///   selector:
    ///     matchLabels: {app: web}
    /// ```
    "rollout-below-budget": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "set `maxUnavailable` to what can be spared, 0 with `maxSurge: 1` at best";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        let Some(count) = graph.replicas(object).filter(|n| *n > 0) else { continue };
        let Some(fewest) = fewest_in_rollout(object.resource, object.kind, count) else { continue };
        for pod in &object.pods {
            let (kind, name) = (object.kind.kind(), object.resource.name());
            let needs = |budget: Node<'_>| match budget.get("minAvailable").filter(|n| !n.is_null()) {
                Some(least) => portion(least.text(), count, true),
                None => budget
                    .get("maxUnavailable")
                    .and_then(|m| portion(m.text(), count, true))
                    .map(|m| count - m),
            };
            let budgets = graph.budgets_of(object, pod);
            let mut budgets = budgets.filter_map(|b| Some((b, needs(b.resource.spec()?)?)));
            if let Some((budget, needed)) = budgets.find(|(_, needed)| fewest < *needed) {
                let message = format!(
                    "a rollout leaves {fewest} of the {needed} Pods of {kind} `{name}` that its budget asks for"
                );
                report.on(&object.resource, message).related_object(budget.resource, "the budget");
            } else if fewest == 0
                && count > 1
                && let Some(service) = graph.services_of(object, pod).next()
            {
                let message = format!("a rollout leaves none of the {count} Pods of {kind} `{name}`");
                report
                    .on(&object.resource, message)
                    .related_object(service.resource, "requests come from here");
            }
        }
    }
}
