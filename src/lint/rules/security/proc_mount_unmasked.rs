use super::super::prelude::*;

rule! {
    /// A container sees the parts of `/proc` that runtimes hide.
    ///
    /// Kernel settings and the node's hardware stand there. `Unmasked` is meant for containers in containers, and only
    /// safe in a Pod with a user namespace of its own (`hostUsers: false`), which is left alone.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   procMount: Unmasked #! container `app` sees all of `/proc`
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   procMount: Default
    /// ```
    "proc-mount-unmasked": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "kube-linter: unsafe-proc-mount", "polaris: procMount", "trivy: KSV-0027"];
    help: "remove `procMount`, or give the Pod a user namespace with `hostUsers: false`";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if let Some(mount) = container.security.proc_mount.filter(|m| m.text() != "Default")
        && !pod.has_user_namespace()
    {
        report.at(container, mount, format!("{container} sees all of `/proc`"));
    }
}
