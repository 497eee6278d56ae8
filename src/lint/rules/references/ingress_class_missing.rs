use super::super::prelude::*;

rule! {
    /// An Ingress does not say which controller it is for.
    ///
    /// Without a class it is taken up by the cluster's default, by every controller, or by none. The annotation
    /// `kubernetes.io/ingress.class` is the old way to say it.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec: #! Ingress `web` has no class
    ///   rules: []
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   ingressClassName: traefik
    /// ```
    "ingress-class-missing": Low, Recommended, since "0.1.0";
    refs: [];
    help: "set `spec.ingressClassName`";
    check: Resource(&[Known::Ingress], check);
}

fn check(ingress: &Resource, report: &mut Report) {
    let root = ingress.root();
    let annotation = root.at("metadata.annotations").and_then(|a| a.get("kubernetes.io/ingress.class"));
    // The old annotation is `deprecated-field`'s to say.
    if text(root.at("spec.ingressClassName")).is_empty() && annotation.is_none() {
        report.missing(
            &ingress,
            "spec.ingressClassName",
            format!("Ingress `{}` has no class", ingress.name()),
        );
    }
}
