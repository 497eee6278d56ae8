use super::super::prelude::*;

rule! {
    /// A host is served without encryption.
    ///
    /// No entry of `spec.tls` covers it: what users send can be read and changed on its way. An entry without hosts covers
    /// all.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - host: shop.example.com #! Ingress `web` serves `shop.example.com` without TLS
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - host: shop.example.com
    ///   tls:
    ///     - hosts: [shop.example.com]
    ///       secretName: shop-tls
    /// ```
    "ingress-tls-missing": Medium, Recommended, since "0.1.0";
    refs: ["polaris: tlsSettingsMissing", "kubescape: C-0263", "gatekeeper: httpsonly"];
    help: "add the host to `spec.tls`";
    check: Resource(&[Known::Ingress], check);
}

fn check(ingress: &Resource, report: &mut Report) {
    let Some(spec) = ingress.spec() else { return };
    let name = ingress.name();
    let tls: Vec<Node<'_>> = spec.get("tls").into_iter().flat_map(Node::items).collect();
    let hosts = |entry: &Node<'_>| entry.get("hosts").into_iter().flat_map(Node::items).count();
    if tls.iter().any(|entry| hosts(entry) == 0) {
        return;
    }
    let covered: Vec<&str> =
        tls.iter().filter_map(|e| e.get("hosts")).flat_map(Node::items).map(Node::text).collect();
    let covers = |host: &str| {
        let is_wild = |pattern: &str| {
            let rest = pattern.strip_prefix('*').filter(|r| r.starts_with('.'));
            rest.is_some_and(|r| {
                host.strip_suffix(r).is_some_and(|label| !label.is_empty() && !label.contains('.'))
            })
        };
        covered.iter().any(|c| *c == host || is_wild(c))
    };
    let mut said = false;
    for host in spec.get("rules").into_iter().flat_map(Node::items).filter_map(|r| r.get("host")) {
        if !covers(host.text()) {
            said = true;
            report.at(&ingress, host, format!("Ingress `{name}` serves `{}` without TLS", host.text()));
        }
    }
    if tls.is_empty() && !said {
        report.missing(&ingress, "spec.tls", format!("Ingress `{name}` serves without TLS"));
    }
}
