use super::super::prelude::*;

rule! {
    /// A container has the capability `SYS_ADMIN`.
    ///
    /// It is the one that holds what fits nowhere else: mounting, namespaces, device control. There are many known ways
    /// from it to the node. `ALL` includes it.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     add: [SYS_ADMIN] #! container `app` adds SYS_ADMIN, which is nearly as good as privileged
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     add: [SYS_TIME]
    /// ```
    "capability-sys-admin": Critical, Minimal, since "0.1.0";
    refs: ["kube-linter: privilege-escalation-container", "polaris: dangerousCapabilities", "trivy: KSV-0005",
        "checkov: CKV_K8S_39", "kubescape: C-0046", "checkov: CKV_K8S_25"];
    over: ["capabilities-non-default", "capabilities-restricted-add"];
    help: "add the narrower capability that the program needs, such as `BPF` or `PERFMON`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for added in container.added_capabilities().filter(|c| matches!(c.text(), "SYS_ADMIN" | "ALL")) {
        let message = format!("{container} adds {}, which is nearly as good as privileged", added.text());
        report.at(container, added, message);
    }
}
