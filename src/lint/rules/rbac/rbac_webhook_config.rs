use super::super::prelude::*;
use super::{Access, ROLES, WRITE, report_access};

rule! {
    /// A role may change what has a say in admission.
    ///
    /// A webhook reads every object that it watches, Secrets included, and may change it; an admission policy may be switched
    /// off.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [admissionregistration.k8s.io]
    ///     resources: [mutatingwebhookconfigurations] #! ClusterRole `app` changes what has a say in admission: `patch` on `mutatingwebhookconfigurations`
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
    "rbac-webhook-config": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.12", "trivy: KSV-0114", "checkov: CKV_K8S_155", "kubescape: C-0281"];
    help: "keep it for those who run the cluster";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access {
    verbs: WRITE,
    group: "admissionregistration.k8s.io",
    resources: &[
        "validatingwebhookconfigurations",
        "mutatingwebhookconfigurations",
        "validatingadmissionpolicies",
        "mutatingadmissionpolicies",
        "validatingadmissionpolicybindings",
        "mutatingadmissionpolicybindings",
    ],
}];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "changes what has a say in admission");
}
