use super::super::prelude::*;

rule! {
    /// An Ingress answers for hosts that nobody named.
    ///
    /// An empty host is every host, `*.example.com` every one below it: it may take over what another Ingress is meant for.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - host: "*.example.com" #! Ingress `web` answers for every host below `example.com`
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - host: shop.example.com
    /// ```
    "ingress-wildcard-host": Low, Recommended, since "0.1.0";
    refs: ["gatekeeper: block-wildcard-ingress"];
    help: "name the hosts";
    check: Resource(&[Known::Ingress], check);
}

fn check(ingress: &Resource, report: &mut Report) {
    let name = ingress.name();
    for rule in ingress.in_spec("rules").into_iter().flat_map(Node::items) {
        let host = rule.get("host");
        let what = match text(host) {
            "" | "*" => "every host".to_owned(),
            host => match host.strip_prefix("*.") {
                Some(below) => format!("every host below `{below}`"),
                None => continue,
            },
        };
        let message = format!("Ingress `{name}` answers for {what}");
        let first_key = rule.entries().next().map_or(rule, |(key, _)| key);
        report.at(&ingress, host.filter(|h| !h.is_null()).unwrap_or(first_key), message);
    }
}
