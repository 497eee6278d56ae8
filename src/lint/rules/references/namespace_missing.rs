use super::super::prelude::*;

rule! {
    /// An object stands in a Namespace that the stream does not have.
    ///
    /// Applied to an empty cluster, it is refused. Namespaces are mostly made before, so this is a matter of taste.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop #! there is no Namespace `shop`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: kube-system
    /// ```
    "namespace-missing": Info, Strict, since "0.1.0";
    refs: [];
    help: "add the Namespace to the stream, before what stands in it";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        let Some(node) = object.resource.namespace_node().filter(|n| !n.text().is_empty()) else {
            continue;
        };
        let name = node.text();
        let is_built_in = matches!(name, "default" | "kube-system" | "kube-public" | "kube-node-lease");
        if !is_built_in && !graph.has(Known::Namespace, "", name) {
            let is_known = graph.is_closed(Known::Namespace, "");
            report
                .at(&object.resource, node, format!("there is no Namespace `{name}`"))
                .note_unless(is_known);
        }
    }
}
