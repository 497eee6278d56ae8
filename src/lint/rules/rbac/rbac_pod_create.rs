use super::super::prelude::*;
use super::{Access, ROLES, report_access};

rule! {
    /// A role may make Pods or what makes Pods.
    ///
    /// A Pod runs as any ServiceAccount of its namespace and mounts any Secret there: whoever makes Pods has all of them.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [pods] #! ClusterRole `app` makes Pods: `create` on `pods`
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
    "rbac-pod-create": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.1.4", "kube-linter: access-to-create-pods", "trivy: KSV-0048", "kubescape: C-0188"];
    help: "leave it to the controllers and to those who deploy";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[
    Access {
        verbs: &["create", "update", "patch"],
        group: "",
        resources: &["pods", "replicationcontrollers"],
    },
    Access {
        verbs: &["create", "update", "patch"],
        group: "apps",
        resources: &["deployments", "statefulsets", "daemonsets", "replicasets"],
    },
    Access { verbs: &["create", "update", "patch"], group: "batch", resources: &["jobs", "cronjobs"] },
];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "makes Pods");
}
