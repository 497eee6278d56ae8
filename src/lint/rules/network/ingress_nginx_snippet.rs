use super::super::prelude::*;

rule! {
    /// An Ingress brings configuration of its own into nginx.
    ///
    /// Whoever may make Ingresses can then run code in the controller, which reads the Secrets of all namespaces
    /// (CVE-2021-25742). The controller's own ConfigMap decides whether it may.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/server-snippet: return 200; #! `nginx.ingress.kubernetes.io/server-snippet` runs in the controller, which reads all Secrets
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/ssl-redirect: "true"
    /// ```
    "ingress-nginx-snippet": High, Recommended, since "0.1.0";
    refs: ["NSA", "trivy: KCV-0093", "checkov: CKV_K8S_152", "checkov: CKV_K8S_153", "checkov: CKV_K8S_154",
        "kubescape: C-0059"];
    help: "use the annotations that are made for the purpose, and keep `allow-snippet-annotations: \"false\"`";
    check: Resource(&[Known::Ingress, Known::ConfigMap], check);
}

fn check(resource: &Resource, report: &mut Report) {
    let root = resource.root();
    if &*resource.id.gvk.kind == "ConfigMap" {
        if let Some(set) =
            root.get("data").and_then(|d| d.get("allow-snippet-annotations")).filter(|s| s.text() == "true")
        {
            let message =
                format!("ConfigMap `{}` lets Ingresses bring configuration into nginx", resource.name());
            report.at(&resource, set, message);
        }
        return;
    }
    for (key, value) in root.at("metadata.annotations").into_iter().flat_map(Node::entries) {
        if key.text().starts_with("nginx.") && key.text().ends_with("-snippet") {
            let message = format!("`{}` runs in the controller, which reads all Secrets", key.text());
            report.at(&resource, value, message);
        }
    }
}
