use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may reach every port of every Pod.
    ///
    /// `pods/portforward` goes past NetworkPolicies and Services: what listens for its own Pod only is reached as well.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods/portforward] #! ClusterRole `app` forwards ports of Pods: `create` on `pods/portforward`
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
    "rbac-port-forward": Medium, Recommended, since "0.1.0";
    refs: ["kubescape: C-0063"];
    help: "keep it for those who are on call";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["create"], group: "", resources: &["pods/portforward"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "forwards ports of Pods");
}
