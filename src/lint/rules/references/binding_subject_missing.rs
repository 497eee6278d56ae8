use super::super::prelude::*;

rule! {
    /// A binding gives a role to a ServiceAccount that is not there.
    ///
    /// Whoever may make ServiceAccounts in that namespace can take the role. `default` is always there. Unless the world is
    /// closed or other ServiceAccounts stand in the namespace, it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: web #! there is no ServiceAccount `web` in namespace `shop`
    ///     namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: default
    ///     namespace: shop
    /// ```
    "binding-subject-missing": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "add the ServiceAccount, or mend name and namespace";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for binding in graph.each(Known::RoleBinding).chain(graph.each(Known::ClusterRoleBinding)) {
        for subject in binding.resource.root().get("subjects").into_iter().flat_map(Node::items) {
            let Some(name) = subject.get("name").filter(|_| text(subject.get("kind")) == "ServiceAccount")
            else {
                continue;
            };
            let namespace = match text(subject.get("namespace")) {
                "" => binding.namespace,
                namespace => namespace,
            };
            let is_made_by_cluster = name.text() == "default" || namespace == "kube-system";
            if !is_made_by_cluster && !graph.has(Known::ServiceAccount, namespace, name.text()) {
                let message =
                    format!("there is no ServiceAccount `{}` in namespace `{namespace}`", name.text());
                let is_known = graph.is_closed(Known::ServiceAccount, namespace);
                report.at(&binding.resource, name, message).note_unless(is_known);
            }
        }
    }
}
