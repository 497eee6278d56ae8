use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may give any role to anybody.
    ///
    /// The server lets nobody give a role whose rights he does not have himself, except those who have the verb `bind`: they
    /// can take `cluster-admin`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [rbac.authorization.k8s.io]
    ///     resources: [clusterroles] #! ClusterRole `app` may give roles that it does not have: `bind` on `clusterroles`
    ///     verbs: [bind]
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
    "rbac-bind": Critical, Minimal, since "0.1.0";
    refs: ["CIS 5.1.8", "trivy: KSV-0051", "checkov: CKV_K8S_157", "kubescape: C-0191"];
    help: "remove the verb `bind`, or limit it with `resourceNames` to harmless roles";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] =
    &[Access { verbs: &["bind"], group: "rbac.authorization.k8s.io", resources: &["roles", "clusterroles"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "may give roles that it does not have");
}
