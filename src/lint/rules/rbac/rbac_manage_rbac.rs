use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may change roles and bindings.
    ///
    /// The server keeps it from giving more than it has, but not from giving what it has to others, or from taking away.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [rbac.authorization.k8s.io]
    ///     resources: [rolebindings] #! ClusterRole `app` changes roles and bindings: `create` on `rolebindings`
    ///     verbs: [create]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods]
    ///     verbs: [get, list]
    /// ```
    "rbac-manage-rbac": High, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0050", "checkov: CKV2_K8S_1"];
    help: "keep it for those who run the cluster";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access {
    verbs: &["create", "update", "patch"],
    group: "rbac.authorization.k8s.io",
    resources: &["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
}];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "changes roles and bindings");
}
