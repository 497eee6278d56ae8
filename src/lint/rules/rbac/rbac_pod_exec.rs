use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may run commands in other people's Pods.
    ///
    /// `pods/exec` and `pods/attach` go by the verbs `create` and `get`, ephemeral containers by `update` and `patch`. Whoever
    /// can get into a Pod has its ServiceAccount, its Secrets and its network.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods/exec] #! ClusterRole `app` runs commands in Pods: `create` on `pods/exec`
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
    "rbac-pod-exec": High, Recommended, since "0.1.0";
    refs: ["NSA", "polaris: rolePodExecAttach", "trivy: KSV-0053", "checkov: CKV2_K8S_2", "kubescape: C-0002"];
    help: "keep it for those who are on call";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[
    Access { verbs: &["create", "get"], group: "", resources: &["pods/exec", "pods/attach"] },
    Access { verbs: &["update", "patch"], group: "", resources: &["pods/ephemeralcontainers"] },
];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "runs commands in Pods");
}
