use super::super::prelude::*;

rule! {
    /// A container can write to its root filesystem.
    ///
    /// What an attacker can write he can run: with a root filesystem that is read-only, programs cannot be replaced and
    /// tools cannot be brought along. Mount an `emptyDir` where the program has to write, such as at `/tmp`.
    /// Only containers have this field, Pods do not. Pods that say `os.name: windows` are left alone.
    ///
    /// ```yaml bad
    /// securityContext: #! container `app` can write to its root filesystem
    ///   runAsNonRoot: true
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   readOnlyRootFilesystem: true
    /// ```
    "read-only-root-filesystem": Medium, Recommended, since "0.1.0";
    refs: ["NSA", "kube-linter: no-read-only-root-fs", "kube-score: container-security-context-readonlyrootfilesystem",
        "polaris: notReadOnlyRootFilesystem", "trivy: KSV-0014", "checkov: CKV_K8S_22", "kubescape: C-0017"];
    help: "set `securityContext.readOnlyRootFilesystem: true` and mount an `emptyDir` where it has to write";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let message = || format!("{container} can write to its root filesystem");
    match container.security.read_only_root_filesystem {
        _ if pod.is_windows() => {}
        Some(set) if set.is_true() => {}
        Some(set) => {
            report.at(container, set, message());
        }
        None => {
            report.missing(container, "securityContext.readOnlyRootFilesystem", message());
        }
    }
}
