//! Who is bound to which role (pkg/apis/rbac/validation).

use std::fmt::Display;

use yaml::Node;

use super::super::codes::{ENUM_VALUE, INVALID_NAME, REQUIRED_FIELD_MISSING};
use super::super::decode::Walk;
use super::super::name;
use super::{items, text};

const GROUP: &str = "rbac.authorization.k8s.io";

/// A RoleBinding or a ClusterRoleBinding.
pub(super) fn binding<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    let is_namespaced = walk.kind.kind() == "RoleBinding";
    if let Some(role) = node.get("roleRef").filter(|r| !r.is_null()) {
        let roles: &[&str] = if is_namespaced { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
        one_of(walk, role, "kind", ".roleRef", roles);
        if text(role, "apiGroup").is_some() {
            one_of(walk, role, "apiGroup", ".roleRef", &[GROUP]);
        }
        if let Some((at, name)) = text(role, "name")
            && let Some(fault) = name::rule(GROUP, "Role").fault(name, false)
        {
            let message = format!("`{name}` is no name for a role");
            walk.tell(&INVALID_NAME, "FieldValueInvalid", at, ".roleRef.name", message).help = Some(fault);
        }
    }
    for (at, subject) in items(node, "subjects").enumerate() {
        if subject.is_null() {
            continue;
        }
        let path = format_args!(".subjects[{at}]");
        match subject.get("kind").map_or("", Node::text) {
            "ServiceAccount" => {
                if let Some((at, name)) = text(subject, "name")
                    && let Some(fault) = name::subdomain(name, 253)
                {
                    let message = format!("`{name}` is no name for a ServiceAccount");
                    walk.tell(&INVALID_NAME, "FieldValueInvalid", at, format_args!("{path}.name"), message)
                        .help = Some(fault);
                }
                if text(subject, "apiGroup").is_some() {
                    one_of(walk, subject, "apiGroup", path, &[""]);
                }
                if !is_namespaced && text(subject, "namespace").is_none() {
                    let path = format_args!("{path}.namespace");
                    let message = "the namespace of a ServiceAccount is missing";
                    walk.tell(&REQUIRED_FIELD_MISSING, "FieldValueRequired", subject, path, message);
                }
            }
            "User" | "Group" => {
                // An absent group is filled in.
                if text(subject, "apiGroup").is_some() {
                    one_of(walk, subject, "apiGroup", path, &[GROUP]);
                }
            }
            "" => {}
            _ => one_of(walk, subject, "kind", path, &["ServiceAccount", "User", "Group"]),
        }
    }
}

fn one_of(walk: &mut Walk<'_, '_>, node: Node<'_>, field: &str, path: impl Display, allowed: &[&str]) {
    let found = node.get(field).map_or("", Node::text);
    if allowed.contains(&found) {
        return;
    }
    let at = node.get(field).unwrap_or(node);
    let message = format!("`{field}` cannot be `{found}`");
    walk.tell(&ENUM_VALUE, "FieldValueNotSupported", at, format_args!("{path}.{field}"), message).help =
        Some(format!("use one of {}", super::super::values::list(allowed)));
}
