use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may talk to the kubelets.
    ///
    /// Through `nodes/proxy` it reads logs and runs commands in every Pod of the node, past admission and past the audit log.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [nodes/proxy] #! ClusterRole `app` talks to the kubelets: `get` on `nodes/proxy`
    ///     verbs: [get]
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
    "rbac-nodes-proxy": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.10", "trivy: KSV-0047", "checkov: CKV2_K8S_2", "kubescape: C-0279"];
    help: "use `nodes/metrics`, `nodes/stats` and the like for monitoring";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["get", "create"], group: "", resources: &["nodes/proxy"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "talks to the kubelets");
}
