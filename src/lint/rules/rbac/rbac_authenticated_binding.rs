use super::super::prelude::*;

rule! {
    /// A binding gives rights to everybody who can log in.
    ///
    /// `system:authenticated` includes every ServiceAccount of the cluster, and with some providers everybody who has an
    /// account there.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: app
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: Group
    ///     name: system:authenticated #! ClusterRoleBinding `app` gives rights to everybody who can log in
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
    "rbac-authenticated-binding": High, Recommended, since "0.1.0";
    refs: ["trivy: KSV-01011", "kubescape: C-0265"];
    help: "bind to those who need it";
    check: Resource(super::BINDINGS, check);
}

fn check(binding: &Resource, report: &mut Report) {
    super::report_subjects(
        binding,
        report,
        &["system:authenticated"],
        "gives rights to everybody who can log in",
    );
}
