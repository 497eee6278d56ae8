use super::super::prelude::*;

rule! {
    /// A Namespace of the stream has no LimitRange.
    ///
    /// A LimitRange gives containers the requests and limits that their authors forgot.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop #! Namespace `shop` has no LimitRange
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// ---
    /// apiVersion: v1
    /// kind: LimitRange
    /// metadata:
    ///   name: defaults
    ///   namespace: shop
    /// ```
    "limit-range-missing": Info, Strict, since "0.1.0";
    refs: ["trivy: KSV-0039"];
    help: "add a LimitRange with defaults for CPU and memory";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::namespaces_without(graph, report, Known::LimitRange);
}
