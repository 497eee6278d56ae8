use super::super::prelude::*;

rule! {
    /// A container runs without a seccomp profile.
    ///
    /// The profile of the runtime blocks some sixty system calls that hardly any program makes and that many an escape
    /// has needed. Set it once for the Pod. Pods that say `os.name: windows` are left alone.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: app #! container `app` has no seccomp profile
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seccompProfile:
    ///     type: RuntimeDefault
    /// containers:
    ///   - name: app
    /// ```
    "seccomp-profile-missing": Medium, Recommended, since "0.1.0";
    refs: ["PSS restricted", "CIS 5.7.2", "kube-score: container-seccomp-profile", "trivy: KSV-0030",
        "checkov: CKV_K8S_31", "kubescape: C-0210"];
    help: "set `securityContext.seccompProfile.type: RuntimeDefault` on the Pod";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if pod.is_windows() {
        return;
    }
    for container in &pod.containers {
        let profile = pod.effective(container, |s| s.seccomp_profile);
        match profile.map(|p| p.get("type").unwrap_or(p)) {
            Some(kind) if matches!(kind.text(), "RuntimeDefault" | "Localhost") => {}
            Some(kind) => {
                report.at(container, kind, format!("{container} has a seccomp profile that filters nothing"));
            }
            None => {
                let path = "securityContext.seccompProfile";
                report.missing(container, path, format!("{container} has no seccomp profile"));
            }
        }
    }
}
