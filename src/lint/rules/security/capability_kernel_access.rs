use super::super::prelude::*;

rule! {
    /// A container adds a capability that reaches into the kernel or other processes of the node.
    ///
    /// To trace processes, to talk to devices, to change routes and firewalls, to load programs into the kernel or to
    /// read files whoever owns them: each has been the last step out of a container.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     add:
    ///       - SYS_PTRACE #! container `app` adds SYS_PTRACE, which reaches into the node
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     add: [NET_BIND_SERVICE]
    /// ```
    "capability-kernel-access": High, Recommended, since "0.1.0";
    refs: ["polaris: dangerousCapabilities", "kubescape: C-0046", "checkov: CKV_K8S_25"];
    over: ["capabilities-non-default", "capabilities-restricted-add"];
    help: "leave it out, or run the tool that needs it apart from what faces the network";
    check: Container(check);
}

const CAPABILITIES: [&str; 9] = [
    "BPF",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "PERFMON",
    "SYS_BOOT",
    "SYS_PTRACE",
    "SYS_RAWIO",
];

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for added in container.added_capabilities().filter(|c| CAPABILITIES.contains(&c.text())) {
        report.at(
            container,
            added,
            format!("{container} adds {}, which reaches into the node", added.text()),
        );
    }
}
