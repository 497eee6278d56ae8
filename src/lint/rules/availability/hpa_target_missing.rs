use super::super::prelude::*;

rule! {
    /// An autoscaler drives a workload that is not there.
    ///
    /// The name, the kind or the namespace differs: an autoscaler looks in its own namespace only. Unless the world is
    /// closed or other workloads of the kind stand in the namespace, it is a note, as it is for kinds that nobody knows.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: wep #! there is no Deployment `wep` in namespace `default`
    ///   maxReplicas: 5
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef:
    ///     apiVersion: apps/v1
    ///     kind: Deployment
    ///     name: web
    ///   maxReplicas: 5
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// ```
    "hpa-target-missing": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: dangling-horizontalpodautoscaler", "kube-score: horizontalpodautoscaler-has-target",
        "kubescape: C-0300", "gatekeeper: horizontalpodautoscaler"];
    help: "compare kind, name and namespace of the target";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for scaler in graph.each(Known::HorizontalPodAutoscaler).chain(graph.each(Known::ScaledObject)) {
        let Some(target) = scaler.resource.in_spec("scaleTargetRef") else { continue };
        let (name, kind) = (text(target.get("name")), text(target.get("kind")));
        let kind = if kind.is_empty() { "Deployment" } else { kind };
        let is_there =
            || graph.scale_target(scaler).is_some() || graph.is_external(kind, scaler.namespace, name);
        if name.is_empty() || is_there() {
            continue;
        }
        // A kind that is not known here may still be in the stream.
        let mut others = graph.of(Known::Other, scaler.namespace).map(|o| &o.resource.id);
        if others.any(|id| &*id.gvk.kind == kind && &*id.name == name) {
            continue;
        }
        let place = target.get("name").unwrap_or(target);
        let message = format!("there is no {kind} `{name}` in namespace `{}`", scaler.namespace);
        let is_known = graph.target_kind(scaler).is_some_and(|kind| graph.is_closed(kind, scaler.namespace));
        report.at(&scaler.resource, place, message).note_unless(is_known);
    }
}
