use super::super::prelude::*;
use crate::kube::rbac::{Grant, is_default};

rule! {
    /// A binding makes somebody an administrator of everything.
    ///
    /// It gives `cluster-admin`, or a role that says the same in other words. What belongs to the control plane itself is
    /// left alone.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: app
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: cluster-admin #! ClusterRoleBinding `app` makes ServiceAccount `app` an administrator of the cluster
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: app
    ///     namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: app
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    ///   - kind: ServiceAccount
    ///     name: app
    ///     namespace: shop
    /// ```
    "rbac-cluster-admin-binding": Critical, Minimal, since "0.1.0";
    refs: ["CIS 5.1.1", "NSA", "kube-linter: cluster-admin-role-binding", "polaris: clusterrolebindingClusterAdmin",
        "trivy: KSV-0111", "kubescape: C-0035"];
    help: "give a role with the rights that are needed";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for binding in graph.each(Known::RoleBinding).chain(graph.each(Known::ClusterRoleBinding)) {
        let root = binding.resource.root();
        let Some(name) = root.at("roleRef.name").filter(|_| !is_default(binding.resource)) else { continue };
        let is_role = text(root.at("roleRef.kind")) == "Role";
        let (kind, namespace) =
            if is_role { (Known::Role, binding.namespace) } else { (Known::ClusterRole, "") };
        let role = graph.find(kind, namespace, name.text());
        let is_everything = role.is_some_and(|r| Grant::of(r.resource).any(Grant::is_everything));
        if !(is_everything || (!is_role && name.text() == "cluster-admin")) {
            continue;
        }
        let subjects = || root.get("subjects").into_iter().flat_map(Node::items);
        let Some(subject) = subjects().find(|s| !is_control_plane(text(s.get("name")))) else { continue };
        let reach = if binding.kind == Known::RoleBinding { "namespace" } else { "cluster" };
        let message = format!(
            "{} `{}` makes {} `{}` an administrator of the {reach}",
            binding.kind.kind(),
            binding.resource.name(),
            text(subject.get("kind")),
            text(subject.get("name"))
        );
        let finding = report.at(&binding.resource, name, message);
        if let Some(role) = role {
            finding.related_object(role.resource, "the role");
        }
    }
}

/// The users that are the control plane itself, and the group that is `cluster-admin` whatever is bound.
fn is_control_plane(subject: &str) -> bool {
    matches!(
        subject,
        "system:masters"
            | "system:kube-controller-manager"
            | "system:kube-scheduler"
            | "system:apiserver"
            | "system:nodes"
    ) || subject.starts_with("system:node:")
}
