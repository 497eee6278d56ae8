use super::super::prelude::*;

rule! {
    /// An object stands in a namespace of the cluster itself.
    ///
    /// Policies and quotas mostly leave these out, and whoever may write there is not far from the cluster's own programs.
    /// What is labelled `tier: control-plane` belongs there.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: kube-system #! ConfigMap `settings` stands in `kube-system`, which is the cluster's own
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// ```
    "namespace-system": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0037"];
    help: "give it a namespace of its own";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let metadata = resource.metadata();
    let namespace = metadata.and_then(|m| m.get("namespace"));
    let Some(node) =
        namespace.filter(|n| matches!(n.text(), "kube-system" | "kube-public" | "kube-node-lease"))
    else {
        return;
    };
    let tier = metadata.and_then(|m| m.get("labels")).and_then(|l| l.get("tier"));
    if text(tier) != "control-plane" {
        let (kind, name) = (&resource.id.gvk.kind, resource.name());
        let message = format!("{kind} `{name}` stands in `{}`, which is the cluster's own", node.text());
        report.at(&resource, node, message);
    }
}
