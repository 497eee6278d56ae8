use super::super::prelude::*;
use crate::kube::credentials::{is_secret, may_have_known_form, may_speak};

rule! {
    /// A secret stands in clear in a ConfigMap.
    ///
    /// A key speaks of a secret, or a value has the form of one; files in a ConfigMap are read line by line. ConfigMaps are
    /// not for secrets: many more may read them.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   app.properties: | #! `db.password` in ConfigMap `settings` holds a secret in clear
    ///     level=info
    ///     db.password=hunter2
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data:
    ///   app.properties: |
    ///     level=info
    ///     db.password=${DB_PASSWORD}
    /// ```
    "plaintext-secret-config-map": High, Recommended, since "0.1.0";
    refs: ["polaris: sensitiveConfigmapContent", "trivy: KSV-0109", "kubescape: C-0012"];
    help: "move it to a Secret, and change it if it was pushed";
    check: Resource(&[Known::ConfigMap], check);
}

fn check(map: &Resource, report: &mut Report) {
    for (key, value) in map.root().get("data").into_iter().flat_map(Node::entries) {
        let holder = map.name();
        if let Some(name) = secret_in(key.text(), value.text()) {
            report.at(&map, value, format!("`{name}` in ConfigMap `{holder}` holds a secret in clear"));
        }
    }
}

/// The name of the first secret: the key itself, or what a line of the file sets.
fn secret_in<'t>(key: &'t str, value: &'t str) -> Option<&'t str> {
    if is_secret(key, value) {
        return Some(key);
    }
    // Files have many lines: what can be said of all at once is not asked of each.
    let has_form = may_have_known_form(value);
    value.lines().find_map(|line| {
        let at = memchr::memchr2(b'=', b':', line.as_bytes())?;
        if !has_form && !may_speak(&line[..at]) {
            return None;
        }
        let (name, value) =
            (line[..at].trim().trim_start_matches("export ").trim_matches('"'), line[at + 1..].trim());
        let is_of_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let is_name = !name.is_empty() && name.bytes().all(is_of_name);
        (is_name && is_secret(name, value)).then_some(name)
    })
}
