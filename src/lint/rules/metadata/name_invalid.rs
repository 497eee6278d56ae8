use super::super::prelude::*;
use crate::kube::words;

rule! {
    /// An object's name is not of the form that its kind demands.
    ///
    /// Most names are lower-case letters, digits, dashes and dots; those of Services and Namespaces have no dots and at most
    /// 63 characters, because they become part of a host name. The server refuses anything else.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: Web_Shop #! `Web_Shop` is no name for a Service: lower-case letters, digits and dashes, at most 63, a letter first
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web-shop
    /// ```
    "name-invalid": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "write it in lower case, with dashes between words";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    let Some(node) = resource.name_node().filter(|n| !n.text().is_empty()) else { return };
    let (name, kind) = (node.text(), &*resource.id.gvk.kind);
    let fault = match Known::of(&resource.id.gvk) {
        Known::Service if !(is_label(name) && name.starts_with(|c: char| c.is_ascii_lowercase())) => {
            "lower-case letters, digits and dashes, at most 63, a letter first"
        }
        Known::Namespace if !is_label(name) => "lower-case letters, digits and dashes, at most 63",
        // Their Pods are hosts: a dash and a number follow the name.
        Known::StatefulSet if name.len() > 61 => {
            "at most 61 characters, because those of its Pods are longer"
        }
        Known::Role | Known::ClusterRole | Known::RoleBinding | Known::ClusterRoleBinding
            if name.contains(['/', '%']) || matches!(name, "." | "..") =>
        {
            "no `/` and no `%`"
        }
        Known::Role | Known::ClusterRole | Known::RoleBinding | Known::ClusterRoleBinding => return,
        // Other kinds of extensions may have rules of their own; those of the cluster take a subdomain.
        Known::Other => return,
        Known::Service | Known::Namespace => return,
        _ if !is_subdomain(name) => "lower-case letters, digits, dashes and dots, at most 253",
        _ => return,
    };
    report.at(&resource, node, format!("`{name}` is no name for a {kind}: {fault}"));
}

/// A DNS label: lower-case letters, digits and dashes inside, at most 63.
fn is_label(name: &str) -> bool {
    name.len() <= 63 && words::is_label(name)
}

/// A DNS subdomain: such parts with dots between, at most 253 in all; a part alone has no limit of its own here.
pub(super) fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && words::is_subdomain(name)
}
