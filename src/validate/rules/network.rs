//! Services and network policies: ports and selectors.

use yaml::Node;

use super::super::codes::{INVALID_NAME, INVALID_VALUE, REQUIRED_FIELD_MISSING};
use super::super::decode::Walk;
use super::super::{metadata, name, scalar};
use super::{containers, items, text};

/// What a Service says.
pub(super) fn service<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    metadata::labels(node.get("selector"), || "spec.selector".to_owned(), walk.report);
    let several = items(node, "ports").nth(1).is_some();
    for (at, port) in items(node, "ports").enumerate() {
        if port.is_null() {
            continue;
        }
        match text(port, "name") {
            Some((node, name)) => {
                if let Some(fault) = name::label(name) {
                    let message = format!("`{name}` is no name for a port");
                    walk.tell(
                        &INVALID_NAME,
                        "FieldValueInvalid",
                        node,
                        format_args!(".ports[{at}].name"),
                        message,
                    )
                    .help = Some(fault);
                }
            }
            None if several => {
                let message = "a port needs a `name` where there are several";
                walk.tell(
                    &REQUIRED_FIELD_MISSING,
                    "FieldValueRequired",
                    port,
                    format_args!(".ports[{at}].name"),
                    message,
                );
            }
            None => {}
        }
        if let Some(target) = port.get("targetPort").filter(|t| !t.is_null()) {
            // Nothing, or nought, is the port itself.
            let is_absent = target.as_str() == Some("") || scalar::integer(target.value()) == Some(0);
            if !is_absent {
                containers::int_or_name(walk, target, format_args!(".ports[{at}].targetPort"));
            }
        }
    }
}

/// A port of a network policy, or a range of them.
pub(super) fn policy_port<'a>(walk: &mut Walk<'a, '_>, node: Node<'a>) {
    if let Some(port) = node.get("port").filter(|p| !p.is_null()) {
        containers::int_or_name(walk, port, ".port");
    }
    let Some(end) = node.get("endPort").filter(|e| !e.is_null()) else { return };
    let Some(last) = scalar::integer(end.value()) else { return };
    let first = node.get("port").filter(|p| !p.is_null());
    let message = match first.map(|p| (p.as_str().is_some(), scalar::integer(p.value()))) {
        None => "`endPort` needs a `port` where the range begins".to_owned(),
        Some((true, _)) => "`endPort` cannot stand beside a port that is a name".to_owned(),
        Some((_, Some(first))) if last < first => format!("`endPort` must be at least {first}, the `port`"),
        _ if !(1..=65_535).contains(&last) => format!("`endPort` must be from 1 to 65535, not {last}"),
        _ => return,
    };
    walk.tell(&INVALID_VALUE, "FieldValueInvalid", end, ".endPort", message);
}
