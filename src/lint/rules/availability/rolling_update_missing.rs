use super::super::prelude::*;

rule! {
    /// A workload behind a Service is taken down before its next version comes up.
    ///
    /// With `Recreate` all Pods end first; with `OnDelete` nothing happens until somebody deletes them.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   strategy:
    ///     type: Recreate #! Deployment `web` serves requests and is taken down for every new version
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   strategy:
    ///     type: RollingUpdate
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    /// ```
    "rolling-update-missing": Low, Strict, since "0.1.0";
    refs: ["kube-linter: no-rolling-update-strategy", "kube-score: deployment-strategy", "kubescape: C-0305"];
    help: "set the type to `RollingUpdate`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        let root = object.resource.root();
        let strategy = root.at("spec.strategy.type").or_else(|| root.at("spec.updateStrategy.type"));
        let Some(strategy) = strategy.filter(|s| matches!(s.text(), "Recreate" | "OnDelete")) else {
            continue;
        };
        let service = object.pods.iter().find_map(|pod| graph.services_of(object, pod).next());
        if let Some(service) = service {
            let (kind, name) = (object.kind.kind(), object.resource.name());
            let how = if strategy.text() == "Recreate" { "taken down" } else { "never replaced" };
            let message = format!("{kind} `{name}` serves requests and is {how} for every new version");
            report.at(&object.resource, strategy, message).related_object(service.resource, "the Service");
        }
    }
}
