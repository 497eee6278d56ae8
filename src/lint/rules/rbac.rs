//! Who may do what to the cluster.

mod rbac_anonymous_binding;
mod rbac_authenticated_binding;
mod rbac_bind;
mod rbac_cluster_admin_binding;
mod rbac_config_maps;
mod rbac_csr_approve;
mod rbac_default_account_binding;
mod rbac_delete_logs_events;
mod rbac_eks_auth;
mod rbac_escalate;
mod rbac_impersonate;
mod rbac_manage_rbac;
mod rbac_masters_binding;
mod rbac_namespace_label;
mod rbac_networking;
mod rbac_nodes_proxy;
mod rbac_pod_create;
mod rbac_pod_exec;
mod rbac_port_forward;
mod rbac_pv_create;
mod rbac_secrets_read;
mod rbac_service_status;
mod rbac_token_create;
mod rbac_webhook_config;
mod rbac_wildcard;
mod scc_privileged;
mod workload_takeover;

use super::prelude::*;
use crate::kube::rbac::{Grant, is_default};
use crate::lint::{Group, Rule};

const GROUP: Group = Group::Rbac;

pub(super) const RULES: &[&Rule] = &[
    &rbac_anonymous_binding::RULE,
    &rbac_authenticated_binding::RULE,
    &rbac_bind::RULE,
    &rbac_cluster_admin_binding::RULE,
    &rbac_config_maps::RULE,
    &rbac_csr_approve::RULE,
    &rbac_default_account_binding::RULE,
    &rbac_delete_logs_events::RULE,
    &rbac_eks_auth::RULE,
    &rbac_escalate::RULE,
    &rbac_impersonate::RULE,
    &rbac_manage_rbac::RULE,
    &rbac_masters_binding::RULE,
    &rbac_namespace_label::RULE,
    &rbac_networking::RULE,
    &rbac_nodes_proxy::RULE,
    &rbac_pod_create::RULE,
    &rbac_pod_exec::RULE,
    &rbac_port_forward::RULE,
    &rbac_pv_create::RULE,
    &rbac_secrets_read::RULE,
    &rbac_service_status::RULE,
    &rbac_token_create::RULE,
    &rbac_webhook_config::RULE,
    &rbac_wildcard::RULE,
    &scc_privileged::RULE,
    &workload_takeover::RULE,
];

/// What has rules.
const ROLES: &[Known] = &[Known::Role, Known::ClusterRole];

/// What gives roles.
const BINDINGS: &[Known] = &[Known::RoleBinding, Known::ClusterRoleBinding];

/// The verbs that change something.
const WRITE: &[&str] = &["create", "update", "patch", "delete", "deletecollection"];

/// Verbs on resources of an API group.
struct Access {
    verbs: &'static [&'static str],
    group: &'static str,
    resources: &'static [&'static str],
}

/// Reports the rules of a role that give any of these, at the resource. What the server makes itself is left alone.
fn report_access(role: &Resource, report: &mut Report, what: &[Access], says: &str) {
    report_access_where(role, report, what, says, |_| true);
}

fn report_access_where(
    role: &Resource,
    report: &mut Report,
    what: &[Access],
    says: &str,
    is_meant: impl Fn(Grant<'_>) -> bool,
) {
    for grant in Grant::of(role).filter(|g| is_meant(*g)) {
        let found = what
            .iter()
            .filter(|a| grant.has_group(a.group))
            .find_map(|access| Some((grant.verb(access.verbs)?, grant.resource(access.resources)?)));
        if let Some((verb, resource)) = found.filter(|_| !is_default(role)) {
            let (kind, name) = (&role.id.gvk.kind, role.name());
            let message = format!("{kind} `{name}` {says}: `{}` on `{}`", verb.text(), resource.text());
            // Limited to single objects it is a smaller thing.
            report.at(&role, resource, message).note_unless(!grant.is_named());
        }
    }
}

/// Reports the subjects of a binding that have one of these names.
fn report_subjects(binding: &Resource, report: &mut Report, names: &[&str], says: &str) {
    // Once a binding: the other subjects come with the same line of reasoning.
    let subjects = binding.root().get("subjects").into_iter().flat_map(Node::items);
    let found = subjects.filter_map(|s| s.get("name")).find(|name| names.contains(&name.text()));
    if let Some(name) = found.filter(|_| !is_default(binding)) {
        report.at(&binding, name, format!("{} `{}` {says}", binding.id.gvk.kind, binding.name()));
    }
}
