use super::super::prelude::*;

rule! {
    /// A node port is taken twice or outside of its range.
    ///
    /// Node ports lie between 30000 and 32767 unless the cluster was told otherwise, and each belongs to one Service of the
    /// whole cluster. The server refuses the second.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: NodePort
    ///   ports:
    ///     - port: 80
    ///       nodePort: 8080 #! node port 8080 lies outside of 30000 to 32767
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   type: NodePort
    ///   ports:
    ///     - port: 80
    ///       nodePort: 30080
    /// ```
    "node-port-conflict": High, Minimal, since "0.1.0";
    refs: [];
    help: "leave `nodePort` out: the server then picks a free one";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut taken: rustc_hash::FxHashMap<(i64, &str), &Resource> = rustc_hash::FxHashMap::default();
    for service in graph.each(Known::Service) {
        for port in service.resource.in_spec("ports").into_iter().flat_map(Node::items) {
            let Some(node) = port.get("nodePort") else { continue };
            let Some(number) = node.as_i64().filter(|n| *n != 0) else { continue };
            let protocol = port.get("protocol").map_or("TCP", Node::text);
            if !(30_000..=32_767).contains(&number) {
                let message = format!("node port {number} lies outside of 30000 to 32767");
                report.at(&service.resource, node, message);
            } else if let Some(first) = taken.insert((number, protocol), service.resource) {
                let message = format!("node port {number} is taken by Service `{}` already", first.name());
                report.at(&service.resource, node, message).related_object(first, "the first");
            }
        }
    }
}
