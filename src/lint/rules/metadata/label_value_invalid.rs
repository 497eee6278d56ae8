use super::super::prelude::*;
use crate::kube::words::is_label_word;

rule! {
    /// A label or annotation is none.
    ///
    /// A label's value has at most 63 letters, digits, dashes, underscores and dots, a key a name of that form and perhaps a
    /// domain before it; all annotations together have at most 256 KiB. The server refuses anything else.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     owner: web team #! `web team` is no label value: it may hold letters, digits, `-`, `_` and `.` only
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     owner: web-team
    /// ```
    "label-value-invalid": High, Minimal, since "0.1.0";
    refs: ["kube-score: label-values"];
    refused: true;
    help: "labels are for selecting; free text goes to an annotation";
    check: Any(check);
}

fn check(resource: &Resource, report: &mut Report) {
    for metadata in [resource.metadata(), resource.in_spec("template.metadata")].into_iter().flatten() {
        for (key, value) in metadata.get("labels").into_iter().flat_map(Node::entries) {
            if let Some(fault) = fault_of_key(key.text()) {
                report.at(&resource, key, format!("`{}` is no label: {fault}", key.text()));
            }
            if let Some(fault) = fault_of_name(value.text()).filter(|_| !value.text().is_empty()) {
                report.at(&resource, value, format!("`{}` is no label value: {fault}", value.text()));
            }
        }
        let mut bytes = 0;
        for (key, value) in metadata.get("annotations").into_iter().flat_map(Node::entries) {
            if let Some(fault) = fault_of_key(key.text()) {
                report.at(&resource, key, format!("`{}` is no annotation: {fault}", key.text()));
            }
            bytes += key.text().len() + value.text().len();
        }
        if bytes > 256 << 10 {
            let message = format!("all annotations together have {} KiB, more than 256", bytes >> 10);
            report.missing(&resource, "metadata.annotations", message);
        }
    }
}

fn fault_of_name(name: &str) -> Option<&'static str> {
    let is_of_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if name.len() > 63 {
        Some("it has more than 63 characters")
    } else if is_label_word(name) {
        None
    } else if !name.bytes().all(is_of_word) {
        Some("it may hold letters, digits, `-`, `_` and `.` only")
    } else {
        Some("it begins and ends with a letter or digit")
    }
}

fn fault_of_key(key: &str) -> Option<&'static str> {
    match memchr::memchr(b'/', key.as_bytes()) {
        Some(slash) if !super::name_invalid::is_subdomain(&key[..slash]) => {
            Some("what stands before the `/` is a domain")
        }
        Some(slash) => fault_of_name(&key[slash + 1..]),
        None => fault_of_name(key),
    }
}
