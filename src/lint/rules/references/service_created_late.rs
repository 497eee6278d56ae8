use rustc_hash::FxHashMap;

use super::super::prelude::*;
use super::env_reference_undefined::references;

rule! {
    /// A container reads a Service from its environment, and the Service is created after it.
    ///
    /// Kubernetes sets `WEB_SERVICE_HOST` and its like when a container starts, for the Services that exist then; later
    /// ones never come in. In the stream the Service stands behind the Pod, or the Pod has `enableServiceLinks: false` and
    /// gets none. DNS has no such order.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: app
    ///       env:
    ///         - name: DB
    ///           value: $(DB_MAIN_SERVICE_HOST):5432 #! `$(DB_MAIN_SERVICE_HOST)` is not set: Service `db-main` stands behind Pod `web`
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: db-main
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: db-main
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: app
    ///       env:
    ///         - name: DB
    ///           value: $(DB_MAIN_SERVICE_HOST):5432
    /// ```
    "service-created-late": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "move the Service to the front, or use its name in DNS";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut services = FxHashMap::default();
    for object in graph.each(Known::Service) {
        let name = object.resource.id.name.to_ascii_uppercase().replace('-', "_");
        services.insert((object.namespace.to_owned(), name), (object.order(), object.resource));
    }
    if services.is_empty() {
        return;
    }
    for object in graph.judged() {
        for pod in &object.pods {
            let has_links = pod.node().get("enableServiceLinks").and_then(Node::as_bool) != Some(false);
            for container in &pod.containers {
                let values = container.env_list().filter_map(|e| e.get("value"));
                let words = container.command.into_iter().chain(container.args);
                for value in values.chain(words.flat_map(Node::items)) {
                    for name in references(value.text()) {
                        let Some(of) = named(name) else { continue };
                        let key = (object.namespace.to_owned(), of.to_owned());
                        let Some((order, service)) = services.get(&key) else { continue };
                        if has_links && *order < object.order() {
                            continue;
                        }
                        let (kind, of) = (&object.resource.id.gvk.kind, object.resource.name());
                        let why = match has_links {
                            true => format!("Service `{}` stands behind {kind} `{of}`", service.name()),
                            false => format!("{kind} `{of}` has `enableServiceLinks: false`"),
                        };
                        let message = format!("`$({name})` is not set: {why}");
                        report.at(container, value, message).related_object(service, "the Service");
                    }
                }
            }
        }
    }
}

/// The Service of a variable, as variables spell it.
fn named(variable: &str) -> Option<&str> {
    let end = variable.find("_SERVICE_HOST").or_else(|| variable.find("_SERVICE_PORT"))?;
    variable.get(..end)
}
