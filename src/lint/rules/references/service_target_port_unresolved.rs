use super::super::prelude::*;

rule! {
    /// A Service sends its traffic to a port that its Pods do not have.
    ///
    /// A name that none of the selected Pods gives to a port leads nowhere: the Service has no endpoints. A number that
    /// none of them declares may still work, so it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///     - port: 80
    ///       targetPort: https #! none of the Pods of Service `web` has a port named `https`
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///     - name: web
    ///       ports:
    ///         - name: http
    ///           containerPort: 8080
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///     - port: 80
    ///       targetPort: http
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///     - name: web
    ///       ports:
    ///         - name: http
    ///           containerPort: 8080
    /// ```
    "service-target-port-unresolved": High, Minimal, since "0.1.0";
    refs: [];
    help: "name one of the container's `ports`, or give the number";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for service in graph.each(Known::Service) {
        let Some(spec) = service.resource.spec() else { continue };
        let Some(selector) = spec.get("selector").filter(|s| s.entries().next().is_some()) else { continue };
        let pods = graph.selected_by_map(service.namespace, selector);
        let ports = || {
            let containers = pods.iter().flat_map(|(_, pod)| &pod.containers).filter(|c| c.is_long_running());
            containers.flat_map(|c| c.port_list())
        };
        if pods.is_empty() {
            continue;
        }
        let name = service.resource.name();
        for port in spec.get("ports").into_iter().flat_map(Node::items) {
            let Some(target) = port.get("targetPort").filter(|t| !t.is_null()) else { continue };
            if let Some(number) = target.as_i64().or_else(|| target.text().parse().ok()) {
                let declares = |p: Node<'_>| p.get("containerPort").and_then(Node::as_i64) == Some(number);
                if ports().next().is_some() && !ports().any(declares) {
                    let message = format!("none of the Pods of Service `{name}` declares port {number}");
                    report.at(&service.resource, target, message).note_unless(false);
                }
            } else if !ports().any(|p| text(p.get("name")) == target.text()) {
                let message =
                    format!("none of the Pods of Service `{name}` has a port named `{}`", target.text());
                let near = source::closest(target.text(), ports().map(|p| text(p.get("name"))));
                let finding = report.at(&service.resource, target, message);
                let finding = finding.related_object(pods[0].0.resource, "these Pods");
                if let Some(near) = near {
                    finding.help(format!("did you mean `{near}`?"));
                }
            }
        }
    }
}
