use super::super::prelude::*;

rule! {
    /// An Ingress sends requests to a Service or a port that is not there.
    ///
    /// Whoever asks for the path gets an error. Unless the world is closed or other Services stand in the namespace, a
    /// missing Service is a note; a missing port of a Service that is there is not.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   defaultBackend:
    ///     service:
    ///       name: web
    ///       port:
    ///         number: 8080 #! Service `web` has no port 8080
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///     - port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   defaultBackend:
    ///     service:
    ///       name: web
    ///       port:
    ///         number: 80
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///     - port: 80
    /// ```
    "ingress-backend-missing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: dangling-ingress", "kube-score: ingress-targets-service", "kubescape: C-0298"];
    help: "compare name, namespace and port with the Service";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for ingress in graph.each(Known::Ingress) {
        let Some(spec) = ingress.resource.spec() else { continue };
        let rules = spec.get("rules").into_iter().flat_map(Node::items);
        let paths = rules.filter_map(|r| r.at("http.paths")).flat_map(Node::items);
        let backends = paths.filter_map(|p| p.get("backend"));
        let default = spec.get("defaultBackend").or_else(|| spec.get("backend"));
        for backend in default.into_iter().chain(backends) {
            // The form of networking.k8s.io/v1, or that of the versions before.
            let service = backend.get("service");
            let name = service.and_then(|s| s.get("name")).or_else(|| backend.get("serviceName"));
            let port = service.and_then(|s| s.get("port"));
            let port = port.and_then(|p| p.get("number").or_else(|| p.get("name")));
            let port = port.or_else(|| backend.get("servicePort"));
            let Some(name) = name.filter(|n| !n.text().is_empty()) else { continue };
            let Some(target) = graph.find(Known::Service, ingress.namespace, name.text()) else {
                if graph.has(Known::Service, ingress.namespace, name.text()) {
                    continue;
                }
                let message =
                    format!("there is no Service `{}` in namespace `{}`", name.text(), ingress.namespace);
                let is_known = graph.is_closed(Known::Service, ingress.namespace);
                report.at(&ingress.resource, name, message).note_unless(is_known);
                continue;
            };
            let Some(port) = port else { continue };
            let mut ports = target.resource.in_spec("ports").into_iter().flat_map(Node::items);
            let has_it = |p: Node<'_>| [p.get("port"), p.get("name")].iter().any(|f| text(*f) == port.text());
            if !ports.any(has_it) {
                let message = format!("Service `{}` has no port {}", name.text(), port.text());
                report.at(&ingress.resource, port, message).related_object(target.resource, "the Service");
            }
        }
    }
}
