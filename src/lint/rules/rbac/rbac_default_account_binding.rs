use super::super::prelude::*;
use crate::kube::rbac::is_default;

rule! {
    /// A binding gives rights to a namespace's default ServiceAccount.
    ///
    /// Every Pod of the namespace that names no account has them then.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: app
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: default #! RoleBinding `app` gives rights to every Pod that names no ServiceAccount
    ///     namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: app
    /// roleRef: {kind: ClusterRole, name: view}
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: app
    ///     namespace: shop
    /// ```
    "rbac-default-account-binding": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.1.5", "checkov: CKV_K8S_42", "kubescape: C-0225"];
    help: "make a ServiceAccount for the workload that needs it";
    check: Resource(super::BINDINGS, check);
}

fn check(binding: &Resource, report: &mut Report) {
    if is_default(binding) {
        return;
    }
    for subject in binding.root().get("subjects").into_iter().flat_map(Node::items) {
        if let Some(name) = subject
            .get("name")
            .filter(|n| n.text() == "default" && text(subject.get("kind")) == "ServiceAccount")
        {
            let (kind, who) = (&binding.id.gvk.kind, binding.name());
            let message = format!("{kind} `{who}` gives rights to every Pod that names no ServiceAccount");
            report.at(&binding, name, message);
        }
    }
}
