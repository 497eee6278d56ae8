use super::super::prelude::*;
use crate::schema::Schema;

rule! {
    /// An object goes to the namespace `default`.
    ///
    /// It names `default`, or none at all while nobody has said where it shall go (`--namespace`). What stands there shares
    /// names, quotas and policies with everything that nobody thought about.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings #! ConfigMap `settings` goes to the namespace `default`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// ```
    "namespace-default": Low, Recommended, since "0.1.0";
    refs: ["CIS 5.7.4", "kube-linter: use-namespace", "trivy: KSV-0110", "checkov: CKV_K8S_21", "kubescape: C-0212"];
    help: "set `metadata.namespace`, or give `--namespace`";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let (gvk, name) = (&resource.id.gvk, resource.name());
    let goes_to =
        resource.id.namespace.as_deref().or(report.settings().namespace.as_deref()).unwrap_or("default");
    // The cluster itself has these there.
    let is_clusters_own = matches!(
        (&*gvk.kind, &*name),
        ("ServiceAccount", "default") | ("Service" | "Endpoints", "kubernetes")
    );
    if goes_to != "default" || is_clusters_own || !is_namespaced(resource) {
        return;
    }
    let message = format!("{} `{name}` goes to the namespace `default`", gvk.kind);
    report.missing(&resource, "metadata.namespace", message).label("no namespace is set");
}

/// Whether the kind is known to stand in namespaces; one that names a namespace does.
fn is_namespaced(resource: &Resource) -> bool {
    let gvk = &resource.id.gvk;
    if resource.id.namespace.is_some() {
        return !Known::of(gvk).is_cluster_scoped();
    }
    match Schema::newest().kind(&gvk.group, &gvk.version, &gvk.kind) {
        Some(kind) => kind.is_namespaced(),
        None => Known::of(gvk) != Known::Other && !Known::of(gvk).is_cluster_scoped(),
    }
}
