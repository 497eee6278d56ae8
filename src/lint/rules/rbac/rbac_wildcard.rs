use super::super::prelude::*;
use super::ROLES;
use crate::kube::rbac::{Grant, is_default};

rule! {
    /// A role gives every verb or every resource.
    ///
    /// `*` includes what nobody thought of and what later versions bring: subresources such as `pods/exec`, verbs such as
    /// `escalate`. Both together are the whole group.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [apps]
    ///     resources: ["*"] #! ClusterRole `app` gives every resource
    ///     verbs: [get]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: ["*"]
    ///     resources: [deployments]
    ///     verbs: [get]
    /// ```
    "rbac-wildcard": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.3", "kube-linter: wildcard-in-rules", "trivy: KSV-0044", "checkov: CKV_K8S_49",
        "kubescape: C-0187"];
    help: "list the verbs and resources that are needed";
    check: Resource(ROLES, check);
}

fn check(role: &Resource, report: &mut Report) {
    if is_default(role) {
        return;
    }
    let who = format!("{} `{}` gives", role.id.gvk.kind, role.name());
    for grant in Grant::of(role) {
        match (grant.star("verbs"), grant.star("resources")) {
            (Some(_), Some(resource)) => {
                report.at(&role, resource, format!("{who} every verb on every resource"));
            }
            (Some(verb), None) => {
                report.at(&role, verb, format!("{who} every verb"));
            }
            (None, Some(resource)) => {
                report.at(&role, resource, format!("{who} every resource"));
            }
            (None, None) => {}
        }
    }
}
