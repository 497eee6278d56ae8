use super::super::prelude::*;

rule! {
    /// A container does not say how much of its node's disk it needs, or may use all of it.
    ///
    /// Logs, `emptyDir` volumes and what is written to the root filesystem count. A node whose disk fills up sends Pods
    /// away, those without a request first.
    ///
    /// ```yaml bad
    /// resources:
    ///   requests:
    ///     ephemeral-storage: 1Gi
    ///   limits: #! container `app` has no limit of ephemeral storage
    ///     memory: 1Gi
    /// ```
    /// ```yaml good
    /// resources:
    ///   requests:
    ///     ephemeral-storage: 1Gi
    ///   limits:
    ///     ephemeral-storage: 2Gi
    /// ```
    "ephemeral-storage-missing": Low, Strict, since "0.1.0";
    refs: ["kube-score: container-ephemeral-storage-request-and-limit", "gatekeeper: ephemeralstoragelimit"];
    help: "set `ephemeral-storage` under both `requests` and `limits`";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if !container.is_long_running() {
        return;
    }
    for (list, what) in [("requests", "request"), ("limits", "limit")] {
        if pod.quantity(container, list, "ephemeral-storage").is_none() {
            let path = format!("resources.{list}.ephemeral-storage");
            report.missing(container, &path, format!("{container} has no {what} of ephemeral storage"));
        }
    }
}
