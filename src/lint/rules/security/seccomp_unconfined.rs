use super::super::prelude::*;

rule! {
    /// Seccomp is switched off.
    ///
    /// `Unconfined` lets every system call through, and it overrides a cluster that would set the runtime's profile by
    /// default. On the Pod it counts even where every container has a profile of its own, as Pod Security has it.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   seccompProfile:
    ///     type: Unconfined #! the Pod switches seccomp off
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   seccompProfile:
    ///     type: RuntimeDefault
    /// ```
    "seccomp-unconfined": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "trivy: KSV-0104"];
    over: ["seccomp-profile-missing"];
    help: "set the type to `RuntimeDefault`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let off = |profile: Node<'_>| !matches!(text(profile.get("type")), "RuntimeDefault" | "Localhost");
    if let Some(profile) = pod.security.seccomp_profile.filter(|p| off(*p)) {
        report.at(pod, profile.get("type").unwrap_or(profile), "the Pod switches seccomp off");
    }
    for container in &pod.containers {
        if let Some(profile) = container.security.seccomp_profile.filter(|p| off(*p)) {
            let place = profile.get("type").unwrap_or(profile);
            report.at(container, place, format!("{container} switches seccomp off"));
        }
    }
}
