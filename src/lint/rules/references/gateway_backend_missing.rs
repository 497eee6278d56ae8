use super::super::prelude::*;

rule! {
    /// A route leads to a Service or hangs on a Gateway that is not there, or that it may not use.
    ///
    /// A backend in another namespace needs a ReferenceGrant there. Unless the world is closed or others of the kind stand
    /// in the namespace, what is missing is a note.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - backendRefs:
    ///         - name: web #! there is no Service `web` in namespace `default`
    ///           port: 80
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - backendRefs:
    ///         - name: web
    ///           port: 80
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   ports:
    ///     - port: 80
    /// ```
    "gateway-backend-missing": High, Recommended, since "0.1.0";
    refs: ["kubescape: C-0302"];
    help: "compare name, namespace and port; across namespaces add a ReferenceGrant";
    check: Bundle(check);
}

const ROUTES: [Known; 5] =
    [Known::HttpRoute, Known::GrpcRoute, Known::TcpRoute, Known::TlsRoute, Known::UdpRoute];

fn check(graph: &Graph<'_>, report: &mut Report) {
    for route in ROUTES.into_iter().flat_map(|kind| graph.each(kind)) {
        let Some(spec) = route.resource.spec() else { continue };
        let rules = spec.get("rules").into_iter().flat_map(Node::items);
        for backend in rules.filter_map(|r| r.get("backendRefs")).flat_map(Node::items) {
            let kind = backend.get("kind").map_or("Service", Node::text);
            let Some(name) = backend.get("name").filter(|_| kind == "Service") else { continue };
            if !text(backend.get("group")).is_empty() {
                continue;
            }
            let namespace = backend.get("namespace").map_or(route.namespace, Node::text);
            let Some(service) = graph.find(Known::Service, namespace, name.text()) else {
                if graph.has(Known::Service, namespace, name.text()) {
                    continue;
                }
                let message = format!("there is no Service `{}` in namespace `{namespace}`", name.text());
                let is_known = graph.is_closed(Known::Service, namespace);
                report.at(&route.resource, name, message).note_unless(is_known);
                continue;
            };
            if namespace != route.namespace && graph.of(Known::ReferenceGrant, namespace).next().is_none() {
                let message = format!("no ReferenceGrant in namespace `{namespace}` lets the route use it");
                let is_known = graph.is_closed(Known::ReferenceGrant, namespace);
                report.at(&route.resource, name, message).note_unless(is_known);
            }
            let mut ports = service.resource.in_spec("ports").into_iter().flat_map(Node::items);
            if let Some(port) = backend.get("port")
                && !ports.any(|p| text(p.get("port")) == port.text())
            {
                let message = format!("Service `{}` has no port {}", name.text(), port.text());
                report.at(&route.resource, port, message).related_object(service.resource, "the Service");
            }
        }
        for parent in spec.get("parentRefs").into_iter().flat_map(Node::items) {
            let Some(name) = parent.get("name") else { continue };
            let namespace = parent.get("namespace").map_or(route.namespace, Node::text);
            let is_gateway = parent.get("kind").is_none_or(|k| k.text() == "Gateway");
            let is_there = graph.has(Known::Gateway, namespace, name.text());
            if is_gateway && !is_there {
                let message = format!("there is no Gateway `{}` in namespace `{namespace}`", name.text());
                report
                    .at(&route.resource, name, message)
                    .note_unless(graph.is_closed(Known::Gateway, namespace));
            }
        }
    }
}
