use super::super::prelude::*;

rule! {
    /// A container runs privileged.
    ///
    /// A privileged container has every capability of its node, sees all of its devices and runs without seccomp,
    /// AppArmor or SELinux: whoever owns the container owns the node and every Pod on it. Few programs need that;
    /// most need one capability or one device.
    ///
    /// Storage and network drivers of the cluster itself may have to be privileged. Allow it there by name, with
    /// the reason beside the field.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   privileged: true #! container `app` runs privileged
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   privileged: false
    ///   capabilities:
    ///     add: [NET_BIND_SERVICE]
    /// ```
    "privileged-container": Critical, Minimal, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.2", "NSA", "kube-linter: privileged-container",
        "kube-score: container-security-context-privileged", "polaris: runAsPrivileged", "trivy: KSV-0017",
        "checkov: CKV_K8S_16", "kubescape: C-0057"];
    help: "remove `privileged` and add the one capability that is needed";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if let Some(privileged) = container.security.privileged.filter(|p| p.is_true()) {
        report.at(container, privileged, format!("{container} runs privileged"));
    }
}
