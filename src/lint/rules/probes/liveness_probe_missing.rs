use super::super::prelude::*;

rule! {
    /// A container that hangs is not restarted.
    ///
    /// Without a liveness probe the node restarts a container only when its process ends. A probe that asks too much
    /// does more harm than none: it should fail only where a restart helps. Jobs are left alone.
    ///
    /// ```yaml bad
    /// name: app #! container `app` has no liveness probe
    /// ```
    /// ```yaml good
    /// livenessProbe:
    ///   httpGet:
    ///     path: /live
    ///     port: 8080
    /// ```
    "liveness-probe-missing": Low, Strict, since "0.1.0";
    refs: ["kube-linter: no-liveness-probe", "kube-score: pod-probes", "polaris: livenessProbeMissing",
        "checkov: CKV_K8S_8", "kubescape: C-0056", "gatekeeper: requiredprobes"];
    help: "add a `livenessProbe` that fails where only a restart helps";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if container.role == Role::App && container.liveness_probe.is_none() && pod.is_long_running() {
        report.missing(container, "livenessProbe", format!("{container} has no liveness probe"));
    }
}
