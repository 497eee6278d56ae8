use super::super::prelude::*;

rule! {
    /// A container may gain more privileges than its parent process.
    ///
    /// Unless `allowPrivilegeEscalation` is `false`, a set-user-id program in the image can become root, whatever user
    /// the container was started as. The switch sets the kernel's `no_new_privs`; programs that need no `sudo` never
    /// notice it. Where it is not set, it is on. Pods that say `os.name: windows` are left alone.
    ///
    /// ```yaml bad
    /// name: app #! container `app` does not rule out privilege escalation
    /// image: app:1.4
    /// ```
    /// ```yaml bad
    /// securityContext:
    ///   allowPrivilegeEscalation: true #! container `app` allows privilege escalation
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   allowPrivilegeEscalation: false
    /// ```
    "privilege-escalation": High, Recommended, since "0.1.0";
    refs: ["PSS restricted", "CIS 5.2.6", "NSA", "kube-linter: privilege-escalation-container",
        "polaris: privilegeEscalationAllowed", "trivy: KSV-0001", "checkov: CKV_K8S_20", "kubescape: C-0016"];
    help: "set `securityContext.allowPrivilegeEscalation: false`";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if pod.is_windows() {
        return;
    }
    match container.security.allow_privilege_escalation {
        Some(set) if set.as_bool() == Some(false) => {}
        Some(set) => {
            report.at(container, set, format!("{container} allows privilege escalation"));
        }
        None => {
            let path = "securityContext.allowPrivilegeEscalation";
            report.missing(container, path, format!("{container} does not rule out privilege escalation"));
        }
    }
}
