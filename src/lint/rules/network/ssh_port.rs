use super::super::prelude::*;

rule! {
    /// A container or Service offers SSH.
    ///
    /// A way in with accounts of its own, past the API server, its rights and its logs: `kubectl exec` has all of them.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: app
    ///     ports:
    ///       - containerPort: 22 #! container `app` offers SSH
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: app
    ///     ports:
    ///       - containerPort: 8080
    /// ```
    "ssh-port": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: ssh-port", "kubescape: C-0042"];
    over: ["privileged-port"];
    help: "use `kubectl exec`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let is_ssh = |port: &Node<'_>| port.as_i64() == Some(22);
    for object in graph.judged() {
        for container in object.pods.iter().flat_map(|p| &p.containers) {
            for port in container.port_list().filter_map(|p| p.get("containerPort")).filter(is_ssh) {
                report.at(container, port, format!("{container} offers SSH"));
            }
        }
        if object.kind == Known::Service {
            for port in object.resource.in_spec("ports").into_iter().flat_map(Node::items) {
                let of = |field: &str| port.get(field).filter(is_ssh);
                if let Some(node) = of("port").or_else(|| of("targetPort")) {
                    report.at(
                        &object.resource,
                        node,
                        format!("Service `{}` offers SSH", object.resource.name()),
                    );
                }
            }
        }
    }
}
