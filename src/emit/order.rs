//! The order of the objects.

use super::Order;
use crate::kube::{Bundle, Resource};

/// Kinds that others need, before those that need them: Helm 4's order of installation, which is the one that
/// people know.
const INSTALL: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// The objects in that order; those of one kind keep theirs, unknown kinds come last.
pub(super) fn ordered(bundle: &Bundle, order: Order) -> Vec<&Resource> {
    let mut resources: Vec<&Resource> = bundle.resources.iter().collect();
    if order == Order::Install {
        let place =
            |r: &&Resource| INSTALL.iter().position(|kind| **kind == *r.id.gvk.kind).unwrap_or(INSTALL.len());
        resources.sort_by_cached_key(place);
    }
    resources
}
