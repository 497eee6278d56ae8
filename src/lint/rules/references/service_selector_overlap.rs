use super::super::prelude::*;
use crate::kube::path::same;

rule! {
    /// Two Services select the same Pods.
    ///
    /// That may be meant (one headless, one not); it may also be a copy whose selector was forgotten.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector: {app: web} #! Service `api` has the selector of Service `web`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: api
    /// spec:
    ///   selector: {app: api}
    /// ```
    "service-selector-overlap": Info, Recommended, since "0.1.0";
    refs: ["gatekeeper: uniqueserviceselector"];
    help: "change one of the selectors, or keep one Service with both ports";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut first_of = rustc_hash::FxHashMap::default();
    for service in graph.each(Known::Service) {
        let Some(selector) = service.resource.in_spec("selector") else { continue };
        let mut labels: Vec<(&str, &str)> = selector.entries().map(|(k, v)| (k.text(), v.text())).collect();
        labels.sort_unstable();
        if labels.is_empty() {
            continue;
        }
        let spec = service.resource.spec();
        let is_headless = text(spec.and_then(|s| s.get("clusterIP"))) == "None";
        let Some(first) = first_of.insert((service.namespace, labels, is_headless), (service, selector))
        else {
            continue;
        };
        debug_assert!(same(first.1, selector));
        let (first, name) = (first.0.resource, service.resource.name());
        let message = format!("Service `{name}` has the selector of Service `{}`", first.name());
        report.missing(&service.resource, "spec.selector", message).related_object(first, "the other");
    }
}
