use super::super::prelude::*;

rule! {
    /// A binding gives rights to everybody on the network.
    ///
    /// `system:anonymous` and `system:unauthenticated` are those who have not said who they are.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: app
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: Group
    ///     name: system:unauthenticated #! ClusterRoleBinding `app` gives rights to everybody on the network
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: app
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: Group
    ///     name: web-team
    /// ```
    "rbac-anonymous-binding": Critical, Minimal, since "0.1.0";
    refs: ["trivy: KSV-0122", "kubescape: C-0262", "gatekeeper: disallowanonymous"];
    help: "bind to those who need it";
    check: Resource(super::BINDINGS, check);
}

fn check(binding: &Resource, report: &mut Report) {
    let names = ["system:anonymous", "system:unauthenticated"];
    super::report_subjects(binding, report, &names, "gives rights to everybody on the network");
}
