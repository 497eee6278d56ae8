use super::super::prelude::*;

rule! {
    /// A workload breaks the Pod Security Standard that was asked for.
    ///
    /// With `--pod-security LEVEL[:VERSION]` (or `pod-security` in the configuration) every Pod, and what a workload will make
    /// of one, is judged as the server judges it in a Namespace of that level. The words are the server's. The rules on
    /// single fields are silent where this one speaks.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: app
    ///     securityContext:
    ///       privileged: true #! breaks baseline:v1.37: privileged (container "app" must not set securityContext.privileged=true)
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: app
    /// ```
    "pod-security-violation": Critical, Minimal, since "0.1.0";
    refs: [];
    over: ["privileged-container", "privilege-escalation", "host-network", "host-pid", "host-ipc", "host-port",
        "host-path-volume", "capabilities-non-default", "capabilities-restricted-add", "capabilities-drop-all",
        "run-as-non-root", "run-as-user-root", "seccomp-unconfined", "seccomp-profile-missing", "apparmor-unconfined",
        "selinux-options", "proc-mount-unmasked", "unsafe-sysctl", "windows-host-process", "probe-host-field",
        "restricted-volume-type", "namespace-pss-violation"];
    help: "mend the field, or ask for a level that allows it";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let Some(standard) = report.settings().pod_security else { return };
    for broken in standard.violations(pod) {
        let message = format!("breaks {standard}: {broken}");
        let container = broken.container.and_then(|i| pod.containers.get(i));
        match (broken.at, container) {
            (Some(at), Some(container)) => report.at(container, at, message),
            (Some(at), None) => report.at(pod, at, message),
            (None, Some(container)) => report.on(container, message),
            (None, None) => report.on(pod, message),
        };
    }
}
