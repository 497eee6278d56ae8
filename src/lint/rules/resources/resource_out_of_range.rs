use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A request or limit lies outside of what the configuration allows.
    ///
    /// `resource-ranges` gives the least and the most for `requests.cpu`, `limits.memory` and so on. Without it nothing
    /// is said.
    ///
    /// ```yaml bad
    /// resources:
    ///   limits:
    ///     memory: 64Gi #! container `app` sets limits.memory to 64Gi, above 16Gi
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     memory: 1Gi
    /// ```
    "resource-out-of-range": Medium, Strict, since "0.1.0";
    refs: ["polaris: resourceMaximum", "kubescape: C-0004", "gatekeeper: containerresourceratios"];
    help: "stay within the range, or change it in the configuration";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for range in &report.settings().parameters.resource_ranges {
        let Some((list, name)) = range.field.split_once('.') else { continue };
        let Some(value) = container.resource_field(list, name) else { continue };
        let Ok(quantity) = Quantity::parse(value.text()) else { continue };
        let bound = |text: &Option<String>| text.as_deref().and_then(|t| Quantity::parse(t).ok());
        let outside = if bound(&range.max).is_some_and(|max| quantity > max) {
            ("above", &range.max)
        } else if bound(&range.min).is_some_and(|min| quantity < min) {
            ("below", &range.min)
        } else {
            continue;
        };
        let (side, limit) = (outside.0, outside.1.as_deref().unwrap_or_default());
        let message = format!("{container} sets {} to {}, {side} {limit}", range.field, value.text());
        report.at(container, value, message);
    }
}
