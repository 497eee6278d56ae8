use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may approve certificates.
    ///
    /// A certificate of the cluster's own authority is a user of any name, `system:masters` included.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [certificates.k8s.io]
    ///     resources: [certificatesigningrequests/approval] #! ClusterRole `app` approves certificates: `update` on `certificatesigningrequests/approval`
    ///     verbs: [update]
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
    "rbac-csr-approve": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.11", "checkov: CKV_K8S_156", "kubescape: C-0280"];
    help: "keep it for the controller that checks requests";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[
    Access {
        verbs: &["update", "patch"],
        group: "certificates.k8s.io",
        resources: &["certificatesigningrequests/approval"],
    },
    Access { verbs: &["approve"], group: "certificates.k8s.io", resources: &["signers"] },
];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "approves certificates");
}
