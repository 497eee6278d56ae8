use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A quantity is none, or can hardly be meant.
    ///
    /// `128m` of memory is an eighth of a byte, `1000` of CPU a thousand cores: units that were mixed up. What cannot be
    /// read the server refuses.
    ///
    /// ```yaml bad
    /// resources:
    ///   limits:
    ///     memory: 128m #! `128m` is less than one byte of memory
    /// ```
    /// ```yaml bad
    /// resources:
    ///   requests:
    ///     memory: 1GB #! `1GB` is no quantity
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     memory: 128Mi
    /// ```
    "resource-quantity-suspicious": High, Minimal, since "0.1.0";
    refs: [];
    over: ["requests-equal-limits"];
    help: "memory is written like `128Mi` or `1Gi`, CPU like `500m` or `2`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(resources) = container.resources else { return };
    for list in ["requests", "limits"] {
        for (name, value) in resources.get(list).into_iter().flat_map(Node::entries) {
            if let Some(fault) = fault(name.text(), value) {
                report.at(container, value, format!("`{}` {fault}", value.text()));
            }
        }
    }
}

fn fault(name: &str, value: Node<'_>) -> Option<&'static str> {
    if value.is_null() {
        return None;
    }
    let Ok(quantity) = Quantity::parse(value.text()) else { return Some("is no quantity") };
    let is_memory = matches!(name, "memory" | "ephemeral-storage");
    match quantity.to_f64() {
        q if q < 0.0 => Some("is less than nothing"),
        q if is_memory && q > 0.0 && value.text().ends_with('m') => {
            Some("is less than one byte of memory").filter(|_| q < 1.0e6)
        }
        q if name == "memory" && q > 0.0 && q < 4.0 * 1024.0 * 1024.0 => {
            Some("is less memory than any container needs")
        }
        q if name == "cpu" && q >= 1000.0 => Some("is a thousand cores or more"),
        _ => None,
    }
}
