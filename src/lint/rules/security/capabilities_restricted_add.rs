use super::super::prelude::*;

rule! {
    /// A container adds a capability other than `NET_BIND_SERVICE`.
    ///
    /// It is one of those that runtimes give by default, so that adding it back after `drop: [ALL]` undoes a part of
    /// that. Only the capability to listen below port 1024 is harmless enough for the restricted standard.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     drop: [ALL]
    ///     add:
    ///       - CHOWN #! container `app` adds the capability CHOWN
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [ALL]
    ///     add: [NET_BIND_SERVICE]
    /// ```
    "capabilities-restricted-add": Medium, Recommended, since "0.1.0";
    refs: ["PSS restricted", "trivy: KSV-0106", "checkov: CKV_K8S_25"];
    help: "leave it out; prepare ownership of files in the image";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if pod.is_windows() {
        return;
    }
    for added in container.added_capabilities().filter(|c| c.text() != "NET_BIND_SERVICE") {
        report.at(container, added, format!("{container} adds the capability {}", added.text()));
    }
}
