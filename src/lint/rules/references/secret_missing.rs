use super::super::prelude::*;

rule! {
    /// A Secret that a workload or an Ingress refers to is not there.
    ///
    /// The container waits with `CreateContainerConfigError`, the volume cannot be mounted, or the Ingress answers with the
    /// controller's own certificate. References that are `optional` are left alone. Unless the world is closed or other
    /// Secrets stand in the namespace, it is a note: Secrets are often made elsewhere. A SealedSecret or ExternalSecret
    /// of the name will make it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       envFrom:
    ///         - secretRef:
    ///             name: db #! there is no Secret `db` in namespace `default`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       envFrom:
    ///         - secretRef:
    ///             name: db
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    /// ```
    "secret-missing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: env-value-from"];
    help: "add the Secret, mend the name, or mark the reference `optional: true`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::missing::objects(graph, report, Known::Secret, |_| true);
    for ingress in graph.each(Known::Ingress) {
        for tls in ingress.resource.in_spec("tls").into_iter().flat_map(Node::items) {
            let Some(name) = tls.get("secretName").filter(|n| !n.text().is_empty()) else { continue };
            // cert-manager makes the Secret that the Ingress names.
            let annotations = ingress.resource.annotations();
            let is_issued = annotations.into_iter().flat_map(Node::entries).any(|(key, _)| {
                key.text().starts_with("cert-manager.io/") || key.text() == "kubernetes.io/tls-acme"
            });
            if !is_issued && !super::missing::secret_is_made(graph, ingress.namespace, name.text()) {
                let message =
                    format!("there is no Secret `{}` in namespace `{}`", name.text(), ingress.namespace);
                let is_known = graph.is_closed(Known::Secret, ingress.namespace);
                report.at(&ingress.resource, name, message).note_unless(is_known);
            }
        }
    }
}
