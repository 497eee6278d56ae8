use super::super::prelude::*;

rule! {
    /// A container sees the parts of `/proc` that runtimes hide.
    ///
    /// Kernel settings and the node's hardware stand there. `Unmasked` is meant for containers in containers; a server
    /// takes it only in a Pod with a user namespace of its own (`hostUsers: false`), where it is a note: the standard
    /// `baseline` allows that since 1.35, `restricted` does not.
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
    help: "remove `procMount`";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if let Some(mount) = container.security.proc_mount.filter(|m| m.text() != "Default") {
        let message = format!("{container} sees all of `/proc`");
        report.at(container, mount, message).note_unless(!pod.has_user_namespace());
    }
}
