use super::super::prelude::*;

rule! {
    /// An autoscaler may go down to too few replicas.
    ///
    /// Its minimum is 1 unless set: at night one Pod is left, and the next drain of its node is an outage.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   minReplicas: 1 #! HorizontalPodAutoscaler `web` may go down to 1: at least 2 survive the loss of one
    ///   maxReplicas: 5
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   minReplicas: 2
    ///   maxReplicas: 5
    /// ```
    "hpa-min-replicas": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: hpa-minimum-three-replicas", "kube-score: horizontalpodautoscaler-replicas",
        "polaris: hpaMinAvailability"];
    help: "raise `minReplicas`";
    check: Resource(&[Known::HorizontalPodAutoscaler], check);
}

fn check(scaler: &Resource, report: &mut Report) {
    let least = report.settings().parameters.min_replicas;
    let set = scaler.in_spec("minReplicas").filter(|n| !n.is_null());
    let count = set.map_or(Some(1), Node::as_i64);
    if let Some(count) = count.filter(|n| *n < least) {
        let name = scaler.name();
        let message = format!(
            "HorizontalPodAutoscaler `{name}` may go down to {count}: at least {least} survive the loss of one"
        );
        report.missing(&scaler, "spec.minReplicas", message);
    }
}
