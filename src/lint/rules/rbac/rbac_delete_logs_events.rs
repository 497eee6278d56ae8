use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may delete what tells of an attack.
    ///
    /// Events and logs are what one looks at afterwards: whoever deletes them goes unseen.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [events] #! ClusterRole `app` deletes what tells of an attack: `delete` on `events`
    ///     verbs: [delete]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [events]
    ///     verbs: [create, patch]
    /// ```
    "rbac-delete-logs-events": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0042", "kubescape: C-0031"];
    help: "let events expire on their own";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[
    Access { verbs: &["delete", "deletecollection"], group: "", resources: &["events", "pods/log"] },
    Access { verbs: &["delete", "deletecollection"], group: "events.k8s.io", resources: &["events"] },
];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "deletes what tells of an attack");
}
