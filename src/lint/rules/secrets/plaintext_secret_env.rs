use super::super::prelude::*;
use crate::kube::credentials::is_secret;

rule! {
    /// A secret stands in clear in a container's environment.
    ///
    /// The name speaks of a secret, or the value has the form of one. Whoever may read the workload reads it, and so does
    /// every copy of the file.
    ///
    /// ```yaml bad
    /// env:
    ///   - name: DB_PASSWORD
    ///     value: hunter2 #! `DB_PASSWORD` of container `app` holds a secret in clear
    /// ```
    /// ```yaml good
    /// env:
    ///   - name: DB_PASSWORD
    ///     valueFrom:
    ///       secretKeyRef: {name: db, key: password}
    /// ```
    "plaintext-secret-env": High, Recommended, since "0.1.0";
    refs: ["NSA", "kube-linter: env-var-secret", "polaris: sensitiveContainerEnvVar", "kubescape: C-0012"];
    help: "take it from a Secret with `valueFrom.secretKeyRef`, and change it if it was pushed";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for variable in container.env_list() {
        let name = text(variable.get("name"));
        if let Some(value) = variable.get("value").filter(|v| is_secret(name, v.text())) {
            report.at(container, value, format!("`{name}` of {container} holds a secret in clear"));
        }
    }
}
