use super::super::prelude::*;
use crate::kube::pod_security::DEFAULT_CAPABILITIES;

rule! {
    /// A container adds a capability that container runtimes do not give by default.
    ///
    /// Most capabilities outside of the default set are a way to the node: to load code into its kernel, to read its
    /// files, to forge its packets. Add one only where the program's documentation asks for it, and drop all others.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     add:
    ///       - CHOWN
    ///       - SYS_TIME #! container `app` adds the capability SYS_TIME
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     add: [NET_BIND_SERVICE]
    /// ```
    "capabilities-non-default": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.9", "NSA", "polaris: insecureCapabilities", "trivy: KSV-0022",
        "checkov: CKV_K8S_25", "kubescape: C-0046"];
    over: ["capabilities-restricted-add"];
    help: "leave it out; what a program needs of it is mostly one narrower capability";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for added in container.added_capabilities().filter(|c| !DEFAULT_CAPABILITIES.contains(&c.text())) {
        report.at(container, added, format!("{container} adds the capability {}", added.text()));
    }
}
