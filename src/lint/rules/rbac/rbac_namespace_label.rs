use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may change Namespaces.
    ///
    /// The Pod Security level of a Namespace is a label: whoever may write it lowers the level and then makes what Pod he
    /// likes.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [namespaces] #! ClusterRole `app` changes Namespaces: `patch` on `namespaces`
    ///     verbs: [patch]
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
    "rbac-namespace-label": High, Recommended, since "0.1.0";
    refs: [];
    help: "keep it for those who run the cluster";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["update", "patch"], group: "", resources: &["namespaces"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "changes Namespaces");
}
