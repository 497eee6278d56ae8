use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may act as somebody else.
    ///
    /// Whoever impersonates `system:masters` may do everything.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [users] #! ClusterRole `app` acts as somebody else: `impersonate` on `users`
    ///     verbs: [impersonate]
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
    "rbac-impersonate": Critical, Minimal, since "0.1.0";
    refs: ["CIS 5.1.8", "trivy: KSV-0043", "checkov: CKV2_K8S_3", "kubescape: C-0065"];
    help: "remove the verb `impersonate`, or limit it with `resourceNames`";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[
    Access { verbs: &["impersonate"], group: "", resources: &["users", "groups", "serviceaccounts"] },
    Access { verbs: &["impersonate"], group: "authentication.k8s.io", resources: &["userextras", "uids"] },
];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "acts as somebody else");
}
