use super::super::prelude::*;

rule! {
    /// A container may use all the CPU of its node.
    ///
    /// Whether it should have a limit is contested: a limit slows a program down while the node idles. It is worth
    /// having where many parties share a node.
    ///
    /// ```yaml bad
    /// name: app #! container `app` has no CPU limit
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     cpu: "2"
    /// ```
    "cpu-limit-missing": Low, Strict, since "0.1.0";
    refs: ["NSA", "kube-score: container-resources", "polaris: cpuLimitsMissing", "trivy: KSV-0011",
        "checkov: CKV_K8S_11", "kubescape: C-0270"];
    help: "set `resources.limits.cpu`";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if container.is_long_running() && pod.quantity(container, "limits", "cpu").is_none() {
        report.missing(container, "resources.limits.cpu", format!("{container} has no CPU limit"));
    }
}
