use super::super::prelude::*;

rule! {
    /// A container does not say how much memory it needs.
    ///
    /// The scheduler then counts it as nothing, and when the node's memory runs out it is among the first to be ended. A
    /// limit counts as the request where no request is written. Init containers are left alone.
    ///
    /// ```yaml bad
    /// name: app #! container `app` has no memory request
    /// ```
    /// ```yaml good
    /// resources:
    ///   requests:
    ///     memory: 128Mi
    /// ```
    "memory-request-missing": Medium, Recommended, since "0.1.0";
    refs: ["kube-score: container-resources", "polaris: memoryRequestsMissing", "trivy: KSV-0016",
        "checkov: CKV_K8S_12", "kubescape: C-0269"];
    help: "set `resources.requests.memory` to what it needs on an ordinary day";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if container.is_long_running() && !pod.has_request(container, "memory") {
        report.missing(container, "resources.requests.memory", format!("{container} has no memory request"));
    }
}
