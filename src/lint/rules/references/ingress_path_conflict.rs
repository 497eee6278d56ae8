use super::super::prelude::*;

rule! {
    /// Two Ingresses claim the same path of the same host.
    ///
    /// Which of them wins depends on the controller, mostly on which is older.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - host: shop.example.com
    ///       http: {paths: [{path: /, pathType: Prefix}]}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    /// spec:
    ///   rules:
    ///     - host: shop.example.com
    ///       http: {paths: [{path: /, pathType: Prefix}]} #! Ingress `web` claims shop.example.com/, too
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    /// spec:
    ///   rules:
    ///     - host: shop.example.com
    ///       http: {paths: [{path: /, pathType: Prefix}]}
    /// ```
    "ingress-path-conflict": Medium, Recommended, since "0.1.0";
    refs: ["gatekeeper: uniqueingresshost"];
    help: "merge the two, or give one another path or host";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    let mut claims: rustc_hash::FxHashMap<_, &Resource> = rustc_hash::FxHashMap::default();
    for ingress in graph.each(Known::Ingress) {
        let root = ingress.resource.root();
        let annotation = root.at("metadata.annotations").and_then(|a| a.get("kubernetes.io/ingress.class"));
        let class = text(root.at("spec.ingressClassName").or(annotation));
        for rule in root.at("spec.rules").into_iter().flat_map(Node::items) {
            let host = text(rule.get("host"));
            let paths: Vec<Node<'_>> = rule.at("http.paths").into_iter().flat_map(Node::items).collect();
            let whole = paths.is_empty().then_some(rule);
            for path in whole.into_iter().chain(paths) {
                let at = match text(path.get("path")) {
                    "" => "/",
                    at => at,
                };
                match claims.get(&(class, host, at)) {
                    Some(first) if !std::ptr::eq(*first, ingress.resource) => {
                        let place = path.get("path").or_else(|| rule.get("host")).unwrap_or(path);
                        let message = format!("Ingress `{}` claims {host}{at}, too", first.name());
                        report.at(&ingress.resource, place, message).related_object(first, "the other");
                    }
                    _ => {
                        claims.insert((class, host, at), ingress.resource);
                    }
                }
            }
        }
    }
}
