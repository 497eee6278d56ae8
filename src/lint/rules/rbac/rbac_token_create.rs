use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may make tokens of ServiceAccounts.
    ///
    /// Such a token is the account: whoever can make one for every account has all of their rights.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [serviceaccounts/token] #! ClusterRole `app` makes tokens of ServiceAccounts: `create` on `serviceaccounts/token`
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
    "rbac-token-create": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.13", "kubescape: C-0282"];
    help: "limit it with `resourceNames`";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["create"], group: "", resources: &["serviceaccounts/token"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "makes tokens of ServiceAccounts");
}
