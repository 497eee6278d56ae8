use super::super::prelude::*;

rule! {
    /// A binding gives a role that is not there.
    ///
    /// Until somebody makes the role the binding gives nothing, and then whatever that role says. Roles that the server
    /// makes itself (`cluster-admin`, `admin`, `edit`, `view`, `system:*`) are known. Unless the world is closed or other
    /// roles of the kind are in sight, it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: Role
    ///   name: web #! there is no Role `web` in namespace `default`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: web
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// ```
    "role-ref-missing": Medium, Recommended, since "0.1.0";
    refs: ["polaris: clusterrolebindingPodExecAttach"];
    help: "add the role, or mend the name";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for binding in graph.each(Known::RoleBinding).chain(graph.each(Known::ClusterRoleBinding)) {
        let Some(role) = binding.resource.root().get("roleRef") else { continue };
        let Some(name) = role.get("name") else { continue };
        let is_role = text(role.get("kind")) == "Role";
        let (kind, namespace) =
            if is_role { (Known::Role, binding.namespace) } else { (Known::ClusterRole, "") };
        let is_built_in = !is_role && crate::kube::rbac::is_built_in(name.text());
        if !is_built_in && !graph.has(kind, namespace, name.text()) {
            let place = if is_role { format!(" in namespace `{namespace}`") } else { String::new() };
            let message = format!("there is no {} `{}`{place}", kind.kind(), name.text());
            report.at(&binding.resource, name, message).note_unless(graph.is_closed(kind, namespace));
        }
    }
}
