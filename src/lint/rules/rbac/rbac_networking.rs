use super::super::prelude::*;
use super::{Access, ROLES, WRITE, report_access};

rule! {
    /// A role may change what is reached from where.
    ///
    /// Services, Ingresses and NetworkPolicies decide where traffic goes: whoever writes them can draw it to himself.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [networking.k8s.io]
    ///     resources: [networkpolicies] #! ClusterRole `app` changes what is reached from where: `create` on `networkpolicies`
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
    "rbac-networking": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0056"];
    help: "keep it for those who deploy";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[
    Access { verbs: WRITE, group: "", resources: &["services", "endpoints"] },
    Access { verbs: WRITE, group: "networking.k8s.io", resources: &["ingresses", "networkpolicies"] },
    Access { verbs: WRITE, group: "extensions", resources: &["ingresses", "networkpolicies"] },
    Access { verbs: WRITE, group: "discovery.k8s.io", resources: &["endpointslices"] },
];

fn check(role: &Resource, report: &mut Report) {
    report_access(role, report, WHAT, "changes what is reached from where");
}
