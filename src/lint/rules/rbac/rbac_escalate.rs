use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may give itself more rights.
    ///
    /// The server lets nobody put rights into a role that he does not have himself, except those who have the verb `escalate`:
    /// they have every right.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [rbac.authorization.k8s.io]
    ///     resources: [roles] #! ClusterRole `app` may put rights into roles that it does not have: `escalate` on `roles`
    ///     verbs: [escalate]
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
    "rbac-escalate": Critical, Minimal, since "0.1.0";
    refs: ["CIS 5.1.8", "trivy: KSV-0055", "checkov: CKV_K8S_158", "kubescape: C-0191"];
    help: "remove the verb `escalate`";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access {
    verbs: &["escalate"],
    group: "rbac.authorization.k8s.io",
    resources: &["roles", "clusterroles"],
}];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "may put rights into roles that it does not have");
}
