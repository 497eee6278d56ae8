use super::super::prelude::*;

rule! {
    /// A container does not say how much CPU it needs.
    ///
    /// The scheduler then counts it as nothing and puts any number of them on one node, and a busy neighbour gets all the
    /// time that it wants. A limit counts as the request where no request is written. Init containers are left alone.
    ///
    /// ```yaml bad
    /// name: app #! container `app` has no CPU request
    /// ```
    /// ```yaml good
    /// resources:
    ///   requests:
    ///     cpu: 100m
    /// ```
    "cpu-request-missing": Medium, Recommended, since "0.1.0";
    refs: ["kube-linter: unset-cpu-requirements", "kube-score: container-resources", "polaris: cpuRequestsMissing",
        "trivy: KSV-0015", "checkov: CKV_K8S_10", "kubescape: C-0268", "gatekeeper: containerrequests"];
    help: "set `resources.requests.cpu` to what it needs on an ordinary day";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if container.is_long_running() && !pod.has_request(container, "cpu") {
        report.missing(container, "resources.requests.cpu", format!("{container} has no CPU request"));
    }
}
