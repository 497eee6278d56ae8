use super::super::prelude::*;

rule! {
    /// Neither a container nor its Pod has a security context.
    ///
    /// Nobody has thought of what the program may do, so it may do all that the image and the runtime's defaults allow.
    ///
    /// ```yaml bad
    /// name: app #! neither container `app` nor its Pod has a security context
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsNonRoot: true
    /// ```
    "security-context-missing": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.7.3", "trivy: KSV-0118", "checkov: CKV_K8S_29", "checkov: CKV_K8S_30", "kubescape: C-0211"];
    over: ["linux-hardening-missing"];
    help: "begin with `runAsNonRoot: true`, `allowPrivilegeEscalation: false` and dropped capabilities";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let says_nothing = |context: Option<Node<'_>>| context.is_none_or(|c| c.entries().next().is_none());
    if says_nothing(container.security_context) && says_nothing(pod.spec.security_context) {
        let message = format!("neither {container} nor its Pod has a security context");
        report.missing(container, "securityContext", message);
    }
}
