use super::super::prelude::*;

rule! {
    /// An autoscaler measures use against a request that is not there.
    ///
    /// A percentage of CPU or memory is one of the request: where a container of the target has none, the number cannot be
    /// computed and the autoscaler does nothing.
    ///
    /// ```yaml bad
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   maxReplicas: 4
    ///   metrics:
    ///     - type: Resource
    ///       resource:
    ///         name: cpu #! container `web` of Deployment `web` has no cpu request, so that its use cannot be computed
    ///         target: {type: Utilization, averageUtilization: 80}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: web
    /// ```
    /// ```yaml good
    /// apiVersion: autoscaling/v2
    /// kind: HorizontalPodAutoscaler
    /// metadata:
    ///   name: web
    /// spec:
    ///   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   maxReplicas: 4
    ///   metrics:
    ///     - type: Resource
    ///       resource:
    ///         name: cpu
    ///         target: {type: Utilization, averageUtilization: 80}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           resources:
    ///             requests:
    ///               cpu: 100m
    /// ```
    "hpa-metric-request-missing": High, Recommended, since "0.1.0";
    refs: [];
    help: "give every container of the target the request";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for scaler in graph.each(Known::HorizontalPodAutoscaler) {
        let Some(spec) = scaler.resource.spec() else { continue };
        let Some(target) = graph.scale_target(scaler) else { continue };
        let by_percent = spec.get("targetCPUUtilizationPercentage").map(|node| ("cpu", None, node));
        let metrics = spec.get("metrics").into_iter().flat_map(Node::items).filter_map(utilization);
        for (name, of_container, node) in by_percent.into_iter().chain(metrics) {
            for pod in &target.pods {
                let measured = pod.containers.iter().filter(|c| c.is_long_running());
                let measured = measured.filter(|c| of_container.is_none_or(|only| c.name() == Some(only)));
                for container in measured.filter(|c| !pod.has_request(c, name)) {
                    let message = format!(
                        "{container} of {} `{}` has no {name} request, so that its use cannot be computed",
                        target.kind.kind(),
                        target.resource.name()
                    );
                    let finding = report.at(&scaler.resource, node, message);
                    finding.related_object(target.resource, "the target");
                }
            }
        }
    }
}

/// The resource that a metric measures by percentage, the one container if it names one, and the name's node.
fn utilization(metric: Node<'_>) -> Option<(&str, Option<&str>, Node<'_>)> {
    let source = metric.get("resource").or_else(|| metric.get("containerResource"))?;
    let name = source.get("name")?;
    let by_percent =
        text(source.at("target.type")) == "Utilization" || source.get("targetAverageUtilization").is_some();
    by_percent.then(|| (name.text(), source.get("container").map(Node::text), name))
}
