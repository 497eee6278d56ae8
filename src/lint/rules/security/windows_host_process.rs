use super::super::prelude::*;

rule! {
    /// A Windows container is a process of its node.
    ///
    /// It runs without any fence, with the rights of the user that it names: what `privileged` is on Linux.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   windowsOptions:
    ///     hostProcess: true #! the Pod's containers are processes of their node
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   windowsOptions:
    ///     hostProcess: false
    /// ```
    "windows-host-process": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.11", "polaris: hostProcess", "trivy: KSV-0103", "kubescape: C-0202"];
    help: "remove `hostProcess`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if let Some(set) = host_process(pod.security.windows_options) {
        report.at(pod, set, "the Pod's containers are processes of their node");
    }
    for container in &pod.containers {
        if let Some(set) = host_process(container.security.windows_options) {
            report.at(container, set, format!("{container} is a process of its node"));
        }
    }
}

fn host_process(options: Option<Node<'_>>) -> Option<Node<'_>> {
    options?.get("hostProcess").filter(|h| h.is_true())
}
