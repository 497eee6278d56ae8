use super::super::prelude::*;

rule! {
    /// Nothing hardens a container beyond what its runtime does.
    ///
    /// Neither seccomp, AppArmor nor SELinux is set, and no capability is dropped. Any of them makes the step from a
    /// fault in the program to the node longer.
    ///
    /// ```yaml bad
    /// name: app #! container `app` has no seccomp, AppArmor or SELinux setting and drops no capability
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [ALL]
    /// ```
    "linux-hardening-missing": Low, Recommended, since "0.1.0";
    refs: ["NSA", "polaris: linuxHardening", "kubescape: C-0055"];
    help: "set `seccompProfile` on the Pod and drop all capabilities";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let set = [
        pod.effective(container, |s| s.seccomp_profile),
        pod.effective(container, |s| s.app_armor_profile),
        pod.effective(container, |s| s.se_linux_options),
        container.dropped_capabilities().next(),
    ];
    let annotation = container.name().and_then(|name| {
        pod.annotation(&format!("{}{name}", crate::kube::pod_security::APP_ARMOR_ANNOTATION))
    });
    if set.iter().all(Option::is_none) && annotation.is_none() && !pod.is_windows() {
        let message =
            format!("{container} has no seccomp, AppArmor or SELinux setting and drops no capability");
        report.missing(container, "securityContext", message);
    }
}
