use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may read Secrets.
    ///
    /// Whoever has it reads every password, key and token of the namespace, or of the whole cluster where the role is bound
    /// there. Limited to names by `resourceNames` it is a note.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [secrets] #! ClusterRole `app` reads Secrets: `get` on `secrets`
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
    "rbac-secrets-read": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.2", "kube-linter: access-to-secrets", "trivy: KSV-0041", "checkov: CKV2_K8S_5", "kubescape: C-0015"];
    help: "name the Secrets that are needed with `resourceNames`, and leave `list` and `watch` out";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["get", "list", "watch"], group: "", resources: &["secrets"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "reads Secrets");
}
