use super::super::prelude::*;

rule! {
    /// A container may load kernel modules.
    ///
    /// `SYS_MODULE` puts its code into the kernel of the node: there is no boundary left. Load modules when the node is
    /// set up.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     add: [SYS_MODULE] #! container `app` may load modules into the node's kernel
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [SYS_MODULE]
    /// ```
    "capability-sys-module": Critical, Minimal, since "0.1.0";
    refs: ["trivy: KSV-0120", "kubescape: C-0046", "checkov: CKV_K8S_25"];
    over: ["capabilities-non-default", "capabilities-restricted-add"];
    help: "load the module when the node is set up";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for added in container.added_capabilities().filter(|c| c.text() == "SYS_MODULE") {
        report.at(container, added, format!("{container} may load modules into the node's kernel"));
    }
}
