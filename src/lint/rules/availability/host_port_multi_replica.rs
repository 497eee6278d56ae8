use super::super::prelude::*;

rule! {
    /// Two Pods want the same port of their node.
    ///
    /// Only one of them fits on a node: with more replicas than nodes, or two workloads with one port, the others wait for
    /// ever.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 2
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           ports:
    ///             - containerPort: 8080
    ///               hostPort: 80 #! each of the 2 replicas wants port 80 of its node for itself
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata:
    ///   name: web
    /// spec:
    ///   template:
    ///     spec:
    ///       containers:
    ///         - name: web
    ///           ports:
    ///             - containerPort: 8080
    ///               hostPort: 80
    /// ```
    "host-port-multi-replica": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "publish the port through a Service, or run one Pod a node with a DaemonSet";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut taken: rustc_hash::FxHashMap<(i64, &str, &str), &Resource> = rustc_hash::FxHashMap::default();
    for object in graph.judged() {
        let count = graph.replicas(object).unwrap_or(1);
        for container in object.pods.iter().flat_map(|pod| &pod.containers) {
            for port in container.port_list() {
                let Some(node) = port.get("hostPort").filter(|p| p.as_i64().is_some_and(|p| p != 0)) else {
                    continue;
                };
                let number = node.as_i64().unwrap_or(0);
                if count > 1 {
                    let message =
                        format!("each of the {count} replicas wants port {number} of its node for itself");
                    report.at(container, node, message);
                    continue;
                }
                let protocol = port.get("protocol").map_or("TCP", Node::text);
                let address = text(port.get("hostIP"));
                let key = (number, protocol, address);
                match taken.get(&key) {
                    Some(first) if !std::ptr::eq(*first, object.resource) => {
                        let message = format!("{} wants port {number} of its node, too", first.id);
                        report.at(container, node, message).related_object(first, "the other");
                    }
                    _ => {
                        taken.insert(key, object.resource);
                    }
                }
            }
        }
    }
}
