use super::super::prelude::*;

rule! {
    /// A container is told to run as root.
    ///
    /// `runAsUser: 0` overrides the user of the image, however carefully that was chosen. Pods with a user namespace of
    /// their own (`hostUsers: false`) are left alone: their root is nobody on the node.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsUser: 0 #! the Pod is told to run as root
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsUser: 10001
    /// ```
    "run-as-user-root": High, Recommended, since "0.1.0";
    refs: ["PSS restricted", "polaris: runAsRootAllowed", "trivy: KSV-0105", "kubescape: C-0013"];
    help: "choose a user above 10000, and give it the files that it has to write";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if pod.has_user_namespace() {
        return;
    }
    let is_root = |user: &Node<'_>| user.as_i64() == Some(0);
    if let Some(user) = pod.security.run_as_user.filter(is_root) {
        report.at(pod, user, "the Pod is told to run as root");
    }
    for container in &pod.containers {
        if let Some(user) = container.security.run_as_user.filter(is_root) {
            report.at(container, user, format!("{container} is told to run as root"));
        }
    }
}
