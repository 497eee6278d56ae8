use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A device or another extended resource has a request that is not its limit.
    ///
    /// Graphics cards, huge pages and whatever else a node counts in whole pieces cannot be shared out: the server refuses
    /// a request without an equal limit.
    ///
    /// ```yaml bad
    /// resources:
    ///   requests:
    ///     nvidia.com/gpu: 1 #! container `app` must have a limit of `nvidia.com/gpu` equal to its request
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     nvidia.com/gpu: 1
    /// ```
    "extended-resource-mismatch": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "write the limit alone; the request follows it";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let requests = container.resources.and_then(|r| r.get("requests"));
    for (name, request) in requests.into_iter().flat_map(Node::entries).filter(|(n, _)| is_extended(n.text()))
    {
        let quantity = |node: Node<'_>| Quantity::parse(node.text()).ok();
        let limit = container.resource_field("limits", name.text());
        if limit.and_then(quantity) != quantity(request) {
            let message = format!("{container} must have a limit of `{}` equal to its request", name.text());
            report.at(container, request, message);
        }
    }
}

fn is_extended(name: &str) -> bool {
    name.starts_with("hugepages-")
        || name.split_once('/').is_some_and(|(domain, _)| !domain.ends_with("kubernetes.io"))
}
