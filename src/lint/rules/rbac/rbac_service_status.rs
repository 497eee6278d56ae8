use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may change the status of Services.
    ///
    /// Writing an address into the status of a LoadBalancer draws the traffic for that address to it (CVE-2020-8554).
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [services/status] #! ClusterRole `app` changes the status of Services: `patch` on `services/status`
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
    "rbac-service-status": Medium, Recommended, since "0.1.0";
    refs: ["checkov: CKV2_K8S_4"];
    help: "leave it to the cloud's controller";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: &["update", "patch"], group: "", resources: &["services/status"] }];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "changes the status of Services");
}
