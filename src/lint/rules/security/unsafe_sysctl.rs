use super::super::prelude::*;
use crate::kube::pod_security::{NEWEST_MINOR, is_safe_sysctl};

rule! {
    /// A Pod sets a kernel parameter that does not stay within it.
    ///
    /// Such parameters change the node for all of its Pods; kubelets refuse them unless they were told otherwise.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   sysctls:
    ///     - name: kernel.msgmax #! the kernel parameter `kernel.msgmax` does not stay within the Pod
    ///       value: "65536"
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   sysctls:
    ///     - name: net.ipv4.tcp_syncookies
    ///       value: "1"
    /// ```
    "unsafe-sysctl": Medium, Recommended, since "0.1.0";
    refs: ["PSS baseline", "kube-linter: unsafe-sysctls", "trivy: KSV-0026"];
    help: "set it when the node is set up";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    for sysctl in pod.security.sysctls.into_iter().flat_map(Node::items) {
        let name = text(sysctl.get("name"));
        if !is_safe_sysctl(name, NEWEST_MINOR) {
            let place = sysctl.get("name").unwrap_or(sysctl);
            report.at(pod, place, format!("the kernel parameter `{name}` does not stay within the Pod"));
        }
    }
}
