use super::super::prelude::*;

rule! {
    /// A workload that an autoscaler drives sets its number of replicas, too.
    ///
    /// Every apply puts the number back to what the manifest says, whatever the load is at the time.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3 #! every apply sets Deployment `web` back to 3 replicas, whatever its autoscaler chose
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   maxReplicas: 5
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec: {}
    /// ---
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   maxReplicas: 5
    /// ```
    "hpa-replicas-conflict": High, Recommended, since "0.1.0";
    refs: ["kube-score: deployment-targeted-by-hpa-does-not-have-replicas-configured"];
    help: "remove `spec.replicas`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        let Some(set) = object.resource.in_spec("replicas").filter(|n| !n.is_null()) else { continue };
        if let Some(scaler) = graph.scaler_of(object) {
            let (kind, name) = (object.kind.kind(), object.resource.name());
            let count = set.text();
            let message = format!(
                "every apply sets {kind} `{name}` back to {count} replicas, whatever its autoscaler chose"
            );
            report.at(&object.resource, set, message).related_object(scaler.resource, "the autoscaler");
        }
    }
}
