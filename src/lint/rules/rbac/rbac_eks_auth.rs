use super::super::prelude::*;
use super::{Access, ROLES, WRITE, report_access_where};

rule! {
    /// A role may change who is who in an EKS cluster, or how names are looked up.
    ///
    /// The ConfigMap `aws-auth` says which AWS identity is which user: whoever writes it makes himself an administrator.
    /// `coredns` decides where every name of the cluster leads.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: app
    ///   namespace: kube-system
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [configmaps] #! Role `app` changes `aws-auth`: `update` on `configmaps`
    ///     resourceNames: [aws-auth]
    ///     verbs: [update]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: app
    /// rules:
    ///   - apiGroups: [""]
    ///     resources: [configmaps]
    ///     resourceNames: [settings]
    ///     verbs: [update]
    /// ```
    "rbac-eks-auth": Medium, Recommended, since "0.1.0";
    refs: ["trivy: KSV-0115", "kubescape: C-0037"];
    over: ["rbac-config-maps"];
    help: "use EKS access entries, and keep these ConfigMaps for those who run the cluster";
    check: Resource(ROLES, check);
}

const WHAT: &[Access] = &[Access { verbs: WRITE, group: "", resources: &["configmaps"] }];

fn check(role: &Resource, report: &mut Report) {
    for name in ["aws-auth", "coredns"] {
        let says = format!("changes `{name}`");
        report_access_where(role, report, WHAT, &says, |grant| grant.names().any(|n| n == name));
    }
}
