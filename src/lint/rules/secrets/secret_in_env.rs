use super::super::prelude::*;

rule! {
    /// A secret is given to a program in its environment.
    ///
    /// Environments end up in logs, crash reports and child processes; a file in a volume does not, and is updated when the
    /// Secret is.
    ///
    /// ```yaml bad
    /// env:
    ///   - name: PASSWORD
    ///     valueFrom:
    ///       secretKeyRef: #! container `app` gets a value of Secret `db` in its environment
    ///         name: db
    ///         key: password
    /// ```
    /// ```yaml good
    /// volumeMounts:
    ///   - name: db
    ///     mountPath: /run/secrets/db
    /// ```
    "secret-in-env": Low, Strict, since "0.1.0";
    refs: ["CIS 5.4.1", "kube-linter: read-secret-from-env-var", "checkov: CKV_K8S_35", "kubescape: C-0207"];
    help: "mount the Secret as a volume";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let variables = container.env_list().filter_map(|e| e.get("valueFrom")?.entry("secretKeyRef"));
    let whole = container.env_from.into_iter().flat_map(Node::items).filter_map(|f| f.entry("secretRef"));
    for (key, source) in variables {
        let name = text(source.get("name"));
        report.at(container, key, format!("{container} gets a value of Secret `{name}` in its environment"));
    }
    for (key, source) in whole {
        let name = text(source.get("name"));
        report.at(container, key, format!("{container} gets all of Secret `{name}` in its environment"));
    }
}
