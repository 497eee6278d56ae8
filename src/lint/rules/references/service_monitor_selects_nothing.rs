use super::super::prelude::*;
use crate::kube::selector::{Labels, label_selector_matches};

rule! {
    /// A ServiceMonitor or PodMonitor finds nothing to scrape.
    ///
    /// Its selector matches no Service (or Pod) of the namespaces that it looks in, or none of them has the port that it
    /// names. Unless the world is closed or candidates are in sight, it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: #! ServiceMonitor `web` selects no Service
    ///     matchLabels: {app: wep}
    /// ```
    /// ```yaml good
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: ServiceMonitor
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   endpoints:
    ///     - port: metrics
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   ports:
    ///     - name: metrics
    ///       port: 9090
    /// ```
    "service-monitor-selects-nothing": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: dangling-servicemonitor"];
    help: "compare the selector with the labels of the Service, and the port with its ports' names";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for monitor in graph.each(Known::ServiceMonitor).chain(graph.each(Known::PodMonitor)) {
        let Some(spec) = monitor.resource.spec() else { continue };
        let Some(selector) = spec.get("selector") else { continue };
        let looks_in = |namespace: &str| match spec.get("namespaceSelector") {
            Some(chosen) if chosen.get("any").is_some_and(Node::is_true) => true,
            Some(chosen) if chosen.get("matchNames").is_some() => {
                chosen.get("matchNames").into_iter().flat_map(Node::items).any(|n| n.text() == namespace)
            }
            _ => namespace == monitor.namespace,
        };
        let is_pods = monitor.kind == Known::PodMonitor;
        let mut ports = Vec::new();
        let mut found = false;
        if is_pods {
            let pods = graph.objects().iter().filter(|o| !o.pods.is_empty() && looks_in(o.namespace));
            for pod in pods.flat_map(|o| &o.pods).filter(|p| label_selector_matches(selector, p.labels())) {
                found = true;
                ports.extend(pod.containers.iter().flat_map(|c| c.port_list()));
            }
        } else {
            let is_meant = |service: &Resource| label_selector_matches(selector, Labels(service.labels()));
            for service in graph.services_labelled(selector).filter(|o| looks_in(o.namespace)) {
                if is_meant(service.resource) {
                    found = true;
                    ports.extend(service.resource.in_spec("ports").into_iter().flat_map(Node::items));
                }
            }
        }
        let (kind, name) = (monitor.kind.kind(), monitor.resource.name());
        let what = if is_pods { "Pod" } else { "Service" };
        if !found {
            let is_known = if is_pods {
                graph.has_pods(monitor.namespace)
            } else {
                graph.is_closed(Known::Service, monitor.namespace)
            };
            let message = format!("{kind} `{name}` selects no {what}");
            report.missing(&monitor.resource, "spec.selector", message).note_unless(is_known);
            continue;
        }
        let endpoints = spec.get("endpoints").or_else(|| spec.get("podMetricsEndpoints"));
        for port in endpoints.into_iter().flat_map(Node::items).filter_map(|e| e.get("port")) {
            if !ports.iter().any(|p| text(p.get("name")) == port.text()) {
                let message = format!("no {what} of {kind} `{name}` has a port named `{}`", port.text());
                report.at(&monitor.resource, port, message);
            }
        }
    }
}
