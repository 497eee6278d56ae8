use super::super::prelude::*;
use crate::kube::rollout::replicas;

rule! {
    /// A workload has too few replicas to survive the loss of one.
    ///
    /// With one Pod, every drain of its node is an outage. Two are wanted unless `min-replicas` says otherwise; where an
    /// autoscaler sets the number, its minimum counts. A program that cannot run twice says so with an `allow`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 1 #! Deployment `web` runs 1 replica: at least 2 survive the loss of one
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    /// ```
    "replicas-too-low": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: minimum-three-replicas", "kube-score: deployment-replicas",
        "polaris: deploymentMissingReplicas", "gatekeeper: replicalimits"];
    help: "raise `spec.replicas`, or add an autoscaler with a minimum";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let least = report.settings().parameters.min_replicas;
    for object in graph.judged().filter(|o| {
        matches!(o.kind, Known::Deployment | Known::DeploymentConfig | Known::Rollout | Known::CloneSet)
    }) {
        let Some(count) = replicas(object.resource, object.kind).filter(|n| *n > 0 && *n < least) else {
            continue;
        };
        // What an autoscaler asks for is the autoscaler's business: `hpa-min-replicas`.
        if graph.scaler_of(object).is_none() {
            let (kind, name) = (object.kind.kind(), object.resource.name());
            let s = if count == 1 { "" } else { "s" };
            let message =
                format!("{kind} `{name}` runs {count} replica{s}: at least {least} survive the loss of one");
            report.missing(&object.resource, "spec.replicas", message);
        }
    }
}
