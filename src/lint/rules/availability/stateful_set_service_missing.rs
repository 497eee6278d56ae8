use super::super::prelude::*;
use crate::kube::selector::map_matches;

rule! {
    /// A StatefulSet's Pods have no names in the network.
    ///
    /// Its `serviceName` must name a headless Service (`clusterIP: None`) that selects its Pods: only then does DNS know
    /// `web-0.web`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    /// spec:
    ///   serviceName: db #! Service `db` is not headless, so that the Pods of StatefulSet `db` have no names
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: db
    /// spec:
    ///   selector: {app: db}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    /// spec:
    ///   serviceName: db
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: db
    /// spec:
    ///   clusterIP: None
    ///   selector: {app: db}
    /// ```
    "stateful-set-service-missing": Medium, Recommended, since "0.1.0";
    refs: ["kube-score: statefulset-has-servicename"];
    help: "add a Service with `clusterIP: None` that selects the Pods, and name it in `serviceName`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for set in graph.each(Known::StatefulSet) {
        let name = set.resource.name();
        let field = set.resource.in_spec("serviceName").filter(|n| !n.text().is_empty());
        let Some(wanted) = field else {
            let message = format!("StatefulSet `{name}` names no Service, so that its Pods have no names");
            report.missing(&set.resource, "spec.serviceName", message).note_unless(false);
            continue;
        };
        let Some(service) = graph.find(Known::Service, set.namespace, wanted.text()) else {
            if graph.has(Known::Service, set.namespace, wanted.text()) {
                continue;
            }
            let message = format!("there is no Service `{}` in namespace `{}`", wanted.text(), set.namespace);
            let is_known = graph.is_closed(Known::Service, set.namespace);
            report.at(&set.resource, wanted, message).note_unless(is_known);
            continue;
        };
        let spec = service.resource.spec();
        let selects = |pod: &PodView<'_>| {
            spec.and_then(|s| s.get("selector")).is_none_or(|selector| map_matches(selector, pod.labels()))
        };
        let fault = if text(spec.and_then(|s| s.get("clusterIP"))) != "None" {
            "is not headless"
        } else if !set.pods.iter().all(selects) {
            "does not select them"
        } else {
            continue;
        };
        let message = format!(
            "Service `{}` {fault}, so that the Pods of StatefulSet `{name}` have no names",
            wanted.text()
        );
        report.at(&set.resource, wanted, message).related_object(service.resource, "the Service");
    }
}
