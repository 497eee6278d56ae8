use super::super::prelude::*;

rule! {
    /// A Namespace of the stream has no ResourceQuota.
    ///
    /// A ResourceQuota keeps what runs in one Namespace from using up the cluster.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop #! Namespace `shop` has no ResourceQuota
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// ---
    /// apiVersion: v1
    /// kind: ResourceQuota
    /// metadata:
    ///   name: shop
    ///   namespace: shop
    /// ```
    "resource-quota-missing": Info, Strict, since "0.1.0";
    refs: ["trivy: KSV-0040"];
    help: "add a ResourceQuota for CPU, memory and the number of Pods";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    super::namespaces_without(graph, report, Known::ResourceQuota);
}
