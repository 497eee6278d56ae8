use super::super::prelude::*;
use super::{Access, ROLES, WRITE, report_access};

rule! {
    /// A role may change ConfigMaps.
    ///
    /// Programs believe their configuration: whoever writes it decides what they do. CoreDNS and the AWS authenticator have
    /// theirs in ConfigMaps, too.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [configmaps] #! ClusterRole `app` changes ConfigMaps: `update` on `configmaps`
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
    "rbac-config-maps": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0049", "kubescape: C-0037"];
    help: "limit it with `resourceNames`";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: WRITE, group: "", resources: &["configmaps"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "changes ConfigMaps");
}
