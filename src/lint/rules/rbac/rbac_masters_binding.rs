use super::super::prelude::*;

rule! {
    /// A binding names the group that no role limits.
    ///
    /// Members of `system:masters` may do everything, whatever is bound to it: the binding only makes it look as if that
    /// could be taken away.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: app
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: Group
    ///     name: system:masters #! ClusterRoleBinding `app` names the group that no role limits
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
    "rbac-masters-binding": Critical, Minimal, since "0.1.0";
    refs: ["CIS 5.1.7", "trivy: KSV-0123", "kubescape: C-0246"];
    help: "use a group of your own with a role";
    check: Resource(super::BINDINGS, check);
}

fn check(binding: &Resource, report: &mut Report) {
    super::report_subjects(binding, report, &["system:masters"], "names the group that no role limits");
}
