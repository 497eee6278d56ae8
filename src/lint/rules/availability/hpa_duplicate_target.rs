use super::super::prelude::*;

rule! {
    /// Two autoscalers drive one workload.
    ///
    /// Each sets the number that it computed, and so the number swings between the two for ever.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    /// ---
    /// apiVersion: keda.sh/v1alpha1
    /// kind: ScaledObject
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {name: web} #! HorizontalPodAutoscaler `web` drives Deployment `web`, too
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    /// ```
    "hpa-duplicate-target": High, Recommended, since "0.1.0";
    refs: [];
    help: "put all metrics into one autoscaler";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut seen = rustc_hash::FxHashMap::default();
    for scaler in graph.each(Known::HorizontalPodAutoscaler).chain(graph.each(Known::ScaledObject)) {
        let Some(target) = scaler.resource.in_spec("scaleTargetRef") else { continue };
        let Some(name) = target.get("name") else { continue };
        let kind = target.get("kind").map_or("Deployment", Node::text);
        if let Some(first) = seen.insert((scaler.namespace, kind, name.text()), scaler) {
            let first_name = first.resource.name();
            let message =
                format!("{} `{first_name}` drives {kind} `{}`, too", first.kind.kind(), name.text());
            report.at(&scaler.resource, name, message).related_object(first.resource, "the other");
        }
    }
}
