use super::super::prelude::*;

rule! {
    /// A container may make raw packets.
    ///
    /// With `NET_RAW`, which runtimes give by default, it can answer for other addresses of its network and read their
    /// traffic. Only `ping` and its like need it, and not on kernels of today.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     drop: [KILL] #! container `app` keeps the capability NET_RAW
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [NET_RAW]
    /// ```
    "capability-net-raw": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.2.8", "kube-linter: drop-net-raw-capability", "trivy: KSV-0119", "checkov: CKV_K8S_28",
        "kubescape: C-0199"];
    over: ["capabilities-non-default", "capabilities-restricted-add"];
    help: "drop `ALL`, or at least `NET_RAW`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if let Some(added) = container.added_capabilities().find(|c| c.text() == "NET_RAW") {
        report.at(container, added, format!("{container} adds the capability NET_RAW"));
    } else if !container.dropped_capabilities().any(|c| matches!(c.text(), "ALL" | "NET_RAW")) {
        let path = "securityContext.capabilities.drop";
        report.missing(container, path, format!("{container} keeps the capability NET_RAW"));
    }
}
