use source::Severity;

use super::super::prelude::*;
use super::ROLES;
use crate::kube::rbac::{Grant, is_default};

rule! {
    /// A role gives every verb or every resource.
    ///
    /// `*` includes what nobody thought of and what later versions bring: subresources such as `pods/exec`, verbs such as
    /// `escalate`. Both together are the whole group. What else such a line gives (Secrets, commands in Pods, roles) is not
    /// told once more at the same `*`.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [apps]
    ///     resources: ["*"] #! ClusterRole `app` gives every resource
    ///     verbs: [get]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: ["*"]
    ///     resources: [deployments]
    ///     verbs: [get]
    /// ```
    "rbac-wildcard": High, Recommended, since "0.1.0";
    refs: ["CIS 5.1.3", "kube-linter: wildcard-in-rules", "trivy: KSV-0044", "checkov: CKV_K8S_49",
        "kubescape: C-0187"];
    over: ["rbac-bind", "rbac-config-maps", "rbac-csr-approve", "rbac-delete-logs-events", "rbac-eks-auth", "rbac-escalate",
        "rbac-impersonate", "rbac-manage-rbac", "rbac-namespace-label", "rbac-networking", "rbac-nodes-proxy", "rbac-pod-create",
        "rbac-pod-exec", "rbac-port-forward", "rbac-pv-create", "rbac-secrets-read", "rbac-service-status", "rbac-token-create",
        "rbac-webhook-config"];
    help: "list the verbs and resources that are needed";
    check: Resource(ROLES, check);
}

fn check(role: &Resource, report: &mut Report) {
    if is_default(role) {
        return;
    }
    let who = format!("{} `{}` gives", role.id.gvk.kind, role.name());
    for grant in Grant::of(role) {
        // What raises rights without more is as bad as the rules that it speaks over.
        let raises = grant.verb(&["bind", "escalate", "impersonate"]).is_some();
        match (grant.star("verbs"), grant.star("resources")) {
            (Some(_), Some(resource)) => {
                let message = format!("{who} every verb on every resource");
                report.at(&role, resource, message).severity(Severity::Error);
            }
            (Some(verb), None) => {
                report.at(&role, verb, format!("{who} every verb"));
            }
            (None, Some(resource)) => {
                let finding = report.at(&role, resource, format!("{who} every resource"));
                if raises {
                    finding.severity(Severity::Error);
                }
            }
            (None, None) => {}
        }
    }
}
