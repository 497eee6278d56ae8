use super::super::prelude::*;

rule! {
    /// A rollout can never go on.
    ///
    /// No Pod may be added and none may go, or the rollout counts as failed before a Pod can count as available. The
    /// server refuses both.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   strategy:
    ///     rollingUpdate:
    ///       maxSurge: 0
    ///       maxUnavailable: 0 #! Deployment `web` may neither add nor take away a Pod, so that no rollout can begin
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   strategy:
    ///     rollingUpdate:
    ///       maxSurge: 1
    ///       maxUnavailable: 0
    /// ```
    "rollout-deadlock": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "set `maxSurge: 1`, and `progressDeadlineSeconds` above `minReadySeconds`";
    check: Resource(&[Known::Deployment, Known::DaemonSet, Known::Rollout], check);
}

fn check(workload: &Resource, report: &mut Report) {
    let Some(spec) = workload.spec() else { return };
    let (kind, name) = (&workload.id.gvk.kind, workload.name());
    let rolling = spec.at("strategy.rollingUpdate").or_else(|| spec.at("updateStrategy.rollingUpdate"));
    let none = |field: &str| rolling.and_then(|r| r.get(field)).filter(|n| matches!(n.text(), "0" | "0%"));
    if let (Some(surge), Some(unavailable)) = (none("maxSurge"), none("maxUnavailable")) {
        let message =
            format!("{kind} `{name}` may neither add nor take away a Pod, so that no rollout can begin");
        report.at(&workload, unavailable, message).related(workload, surge, "none may be added");
    }
    let seconds = |field: &str| spec.get(field).and_then(Node::as_i64);
    let deadline = seconds("progressDeadlineSeconds").unwrap_or(600);
    if let Some(ready) = spec.get("minReadySeconds")
        && ready.as_i64().is_some_and(|r| r > 0 && deadline <= r)
        && &**kind == "Deployment"
    {
        let place = spec.get("progressDeadlineSeconds").unwrap_or(ready);
        let message = format!(
            "{kind} `{name}` gives up after {deadline} s, before a Pod counts as available after {} s",
            ready.text()
        );
        report.at(&workload, place, message).related(workload, ready, "available after this time");
    }
}
