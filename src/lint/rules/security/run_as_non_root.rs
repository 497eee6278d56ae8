use super::super::prelude::*;

rule! {
    /// A container may run as root.
    ///
    /// Root in a container is root on the node as soon as it gets out. With `runAsNonRoot: true`, on the Pod or the
    /// container, the node refuses to start an image whose user is root. An explicit `false` on the Pod is a
    /// finding even if every container says otherwise. Pods with a user namespace of their own (`hostUsers: false`)
    /// are left alone: their root is nobody on the node.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: app #! container `app` may run as root
    /// ```
    /// ```yaml bad
    /// securityContext:
    ///   runAsNonRoot: false #! the Pod's containers may run as root
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsNonRoot: true
    /// ```
    "run-as-non-root": High, Recommended, since "0.1.0";
    refs: ["PSS restricted", "CIS 5.2.7", "NSA", "kube-linter: run-as-non-root", "polaris: runAsRootAllowed",
        "trivy: KSV-0012", "checkov: CKV_K8S_23", "kubescape: C-0013"];
    help: "set `securityContext.runAsNonRoot: true` and give the image a user with a number";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if pod.has_user_namespace() {
        return;
    }
    let on_pod = pod.security.run_as_non_root;
    let explicit = on_pod.filter(|n| !n.is_true());
    let mut is_inherited = false;
    for container in &pod.containers {
        let message = || format!("{container} may run as root");
        match (container.security.run_as_non_root, explicit) {
            (Some(set), _) if !set.is_true() => {
                report.at(container, set, message());
            }
            (None, Some(explicit)) => {
                is_inherited = true;
                report.at(container, explicit, message());
            }
            (None, None) if on_pod.is_none() => {
                report.missing(container, "securityContext.runAsNonRoot", message());
            }
            _ => {}
        }
    }
    if let Some(explicit) = explicit.filter(|_| !is_inherited) {
        report.at(pod, explicit, "the Pod's containers may run as root");
    }
}
