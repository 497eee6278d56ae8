use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A container or claim lies outside of its namespace's LimitRange.
    ///
    /// The LimitRange of the same stream sets the least and the most; it also gives defaults to what says nothing. The
    /// server refuses what lies outside.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: LimitRange
    /// metadata:
    ///   name: limits
    /// spec:
    ///   limits:
    ///     - type: Container
    ///       max: {memory: 1Gi}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       resources:
    ///         limits:
    ///           memory: 2Gi #! container `web` may use 2Gi of memory, LimitRange `limits` allows 1Gi at most
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: LimitRange
    /// metadata:
    ///   name: limits
    /// spec:
    ///   limits:
    ///     - type: Container
    ///       max: {memory: 1Gi}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       resources:
    ///         limits:
    ///           memory: 512Mi
    /// ```
    "limit-range-violated": High, Recommended, since "0.1.0";
    refs: [];
    help: "stay within the LimitRange";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for range in graph.all(Known::LimitRange) {
        for item in range.resource.in_spec("limits").into_iter().flat_map(Node::items) {
            let here = || graph.judged_in(range.namespace);
            match text(item.get("type")) {
                "Container" => {
                    for container in here().flat_map(|o| &o.pods).flat_map(|p| &p.containers) {
                        in_container(container, item, range.resource, report);
                    }
                }
                "PersistentVolumeClaim" => {
                    for claim in here().filter(|o| o.kind == Known::PersistentVolumeClaim) {
                        let Some(asked) = claim.resource.in_spec("resources.requests.storage") else {
                            continue;
                        };
                        for (bound, is_max) in bounds(item, "storage") {
                            if lies_outside(asked, bound, is_max) {
                                let side = if is_max { "at most" } else { "at least" };
                                let message = format!(
                                    "the claim asks for {}, LimitRange `{}` allows {} {side}",
                                    asked.text(),
                                    range.resource.name(),
                                    bound.text()
                                );
                                report.at(&claim.resource, asked, message).related(
                                    range.resource,
                                    bound,
                                    "the limit",
                                );
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn in_container(container: &Container<'_>, item: Node<'_>, range: &Resource, report: &mut Report) {
    for name in ["cpu", "memory", "ephemeral-storage"] {
        for (bound, is_max) in bounds(item, name) {
            // The most is for limits, the least for requests; a default of the range itself lies within it.
            let (list, does) = if is_max { ("limits", "may use") } else { ("requests", "asks for") };
            let Some(value) = container.resource_field(list, name) else { continue };
            if lies_outside(value, bound, is_max) {
                let side = if is_max { "at most" } else { "at least" };
                let message = format!(
                    "{container} {does} {} of {name}, LimitRange `{}` allows {} {side}",
                    value.text(),
                    range.name(),
                    bound.text()
                );
                report.at(container, value, message).related(range, bound, "the limit");
            }
        }
    }
}

/// The least and the most of a resource, with whether it is the most.
fn bounds<'a>(item: Node<'a>, name: &str) -> impl Iterator<Item = (Node<'a>, bool)> {
    let of = |side: &str| item.get(side)?.get(name);
    [(of("max"), true), (of("min"), false)].into_iter().filter_map(|(bound, is_max)| Some((bound?, is_max)))
}

fn lies_outside(value: Node<'_>, bound: Node<'_>, is_max: bool) -> bool {
    match (Quantity::parse(value.text()), Quantity::parse(bound.text())) {
        (Ok(value), Ok(bound)) if is_max => value > bound,
        (Ok(value), Ok(bound)) => value < bound,
        _ => false,
    }
}
