use super::super::prelude::*;

rule! {
    /// An autoscaler has nothing to choose from.
    ///
    /// Its least number is its most, or above: it never scales. Where the number is meant to be fixed, `replicas` says it
    /// more plainly.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   minReplicas: 3
    ///   maxReplicas: 3 #! HorizontalPodAutoscaler `web` never scales: it runs 3 at least and 3 at most
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
    "hpa-range-fixed": Low, Recommended, since "0.1.0";
    refs: ["polaris: hpaMaxAvailability"];
    help: "raise `maxReplicas`";
    check: Resource(&[Known::HorizontalPodAutoscaler], check);
}

fn check(scaler: &Resource, report: &mut Report) {
    let spec = scaler.spec();
    let field = |name: &str| spec.and_then(|s| s.get(name)).filter(|n| !n.is_null());
    let least = field("minReplicas").map_or(Some(1), Node::as_i64);
    let Some(node) = field("maxReplicas") else { return };
    if let (Some(least), Some(most)) = (least, node.as_i64())
        && least >= most
    {
        let name = scaler.name();
        let message = format!(
            "HorizontalPodAutoscaler `{name}` never scales: it runs {least} at least and {most} at most"
        );
        report.at(&scaler, node, message);
    }
}
