//! Containers: their names, ports, and what they ask for.

use std::fmt::Display;

use yaml::Node;

use super::super::codes::{INVALID_NAME, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::super::decode::Walk;
use super::super::{name, scalar};
use super::text;
use crate::kube::Quantity;

/// A container of any sort.
pub(super) fn container<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    if let Some((at, name)) = text(node, "name")
        && let Some(fault) = name::label(name)
    {
        let message = format!("`{name}` is no name for a container");
        walk.tell(&INVALID_NAME, "FieldValueInvalid", at, ".name", message).help = Some(fault);
    }
    if let Some(resources) = node.get("resources") {
        requirements(walk, resources);
    }
}

/// A port of a container.
pub(super) fn port<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    if let Some((at, name)) = text(node, "name") {
        port_name(walk, at, name, ".name");
    }
}

/// The port of a probe or a hook: a number, or the name of one.
pub(super) fn action_port<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    if let Some(port) = node.get("port").filter(|p| !p.is_null()) {
        int_or_name(walk, port, ".port");
    }
}

/// A port by number or by name.
pub(super) fn int_or_name(walk: &mut Walk<'_, '_>, port: Node<'_>, below: impl Display) {
    match (port.as_str(), scalar::integer(port.value())) {
        (Some(name), _) => port_name(walk, port, name, below),
        (None, Some(number)) if !(1..=65_535).contains(&number) => {
            let message = format!("a port must be from 1 to 65535, not {number}");
            walk.tell(&INVALID_VALUE, "FieldValueInvalid", port, below, message);
        }
        _ => {}
    }
}

fn port_name(walk: &mut Walk<'_, '_>, at: Node<'_>, name: &str, below: impl Display) {
    if !is_port_name(name) {
        let message = format!("`{name}` is no name for a port");
        walk.tell(&INVALID_NAME, "FieldValueInvalid", at, below, message).help =
            Some("at most 15 lower-case letters, digits and single `-`, with a letter among them".to_owned());
    }
}

fn is_port_name(name: &str) -> bool {
    (1..=15).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && name.bytes().any(|b| b.is_ascii_lowercase())
        && !name.contains("--")
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// What a container asks for and may have.
fn requirements(walk: &mut Walk<'_, '_>, resources: Node<'_>) {
    let amount = |list: &str, name: &str| {
        let text = resources.get(list)?.get(name)?;
        Quantity::parse(text.text().trim()).ok()
    };
    let (mut has_compute, mut has_huge) = (false, false);
    for list in ["limits", "requests"] {
        for (key, value) in resources.get(list).into_iter().flat_map(Node::entries) {
            let name = key.text();
            let below = format_args!(".resources.{list}[{name}]");
            has_compute |= matches!(name, "cpu" | "memory");
            has_huge |= name.starts_with("hugepages-");
            if let Some(fault) = name_fault(name) {
                let message = format!("`{name}` is no resource of a container");
                walk.tell(&INVALID_NAME, "FieldValueInvalid", key, below, message).help = Some(fault);
            }
            let Ok(quantity) = Quantity::parse(value.text().trim()) else { continue };
            if quantity.sign() < 0 {
                walk.tell(
                    &INVALID_VALUE,
                    "FieldValueInvalid",
                    value,
                    below,
                    format!("`{name}` cannot be negative"),
                );
            }
            if is_extended(name) && quantity.milli_value() % 1000 != 0 {
                walk.tell(
                    &INVALID_VALUE,
                    "FieldValueInvalid",
                    value,
                    below,
                    format!("`{name}` must be a whole number"),
                );
            }
            if list == "limits" {
                continue;
            }
            let may_overcommit = !is_extended(name) && !name.starts_with("hugepages-");
            match amount("limits", name) {
                Some(limit) if quantity > limit => {
                    let message = format!("the request of `{name}` is more than its limit, {limit}");
                    walk.tell(&INVALID_VALUE, "FieldValueInvalid", value, ".resources.requests", message);
                }
                Some(limit) if quantity != limit && !may_overcommit => {
                    let message = format!("the request of `{name}` must be its limit, {limit}");
                    walk.tell(&INVALID_VALUE, "FieldValueInvalid", value, ".resources.requests", message);
                }
                None if !may_overcommit => {
                    let message = format!("`{name}` needs a limit");
                    walk.tell(
                        &REQUIRED_FIELD_MISSING,
                        "FieldValueRequired",
                        key,
                        ".resources.limits",
                        message,
                    );
                }
                _ => {}
            }
        }
    }
    if has_huge && !has_compute {
        let message = "huge pages need a request or a limit of `cpu` or `memory`";
        walk.tell(&INVALID_VALUE, "FieldValueForbidden", resources, ".resources", message);
    }
}

/// A resource that is not Kubernetes' own: of a device, say.
fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.")
}

fn name_fault(resource: &str) -> Option<String> {
    if let Some(fault) = name::qualified(resource) {
        return Some(fault);
    }
    match resource.contains('/') {
        false
            if matches!(resource, "cpu" | "memory" | "ephemeral-storage")
                || resource.starts_with("hugepages-") =>
        {
            None
        }
        false => Some("a resource of a device has a DNS name and `/` before it".to_owned()),
        true if resource.contains("kubernetes.io/") => None,
        true if resource.starts_with("requests.") => Some("it may not begin with `requests.`".to_owned()),
        true => name::qualified(&format!("requests.{resource}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_ports_and_resources() {
        assert!(is_port_name("http") && is_port_name("a-1") && is_port_name("1a"));
        assert!(
            !is_port_name("80")
                && !is_port_name("a--b")
                && !is_port_name("averyveryverylong")
                && !is_port_name("HTTP")
        );
        assert!(name_fault("cpu").is_none() && name_fault("nvidia.com/gpu").is_none());
        assert!(name_fault("gpu").is_some() && name_fault("a b").is_some() && name_fault("pods").is_some());
    }
}
