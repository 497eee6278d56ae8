use super::super::prelude::*;

rule! {
    /// A container may use all the memory of its node.
    ///
    /// Without a limit, a leak in one program starves its neighbours until the kernel ends one of them, and not always the
    /// one that leaks. Limits of the Pod as a whole (`spec.resources`) count. Init containers are left alone: they end.
    ///
    /// ```yaml bad
    /// resources:
    ///   limits: #! container `app` has no memory limit
    ///     cpu: "1"
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     memory: 256Mi
    /// ```
    "memory-limit-missing": Medium, Recommended, since "0.1.0";
    refs: ["NSA", "kube-linter: unset-memory-requirements", "kube-score: container-resources",
        "polaris: memoryLimitsMissing", "trivy: KSV-0018", "checkov: CKV_K8S_13", "kubescape: C-0271"];
    help: "set `resources.limits.memory` to what the program needs at its busiest, and some more";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if container.is_long_running() && pod.quantity(container, "limits", "memory").is_none() {
        report.missing(container, "resources.limits.memory", format!("{container} has no memory limit"));
    }
}
