use super::super::prelude::*;

rule! {
    /// A container runs as a user that the node may know, too.
    ///
    /// Numbers below 10000 belong to users of the node's own system. Where a container gets out, it has the files of the
    /// user with its number. Without `runAsUser` the image decides.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsUser: 1000 #! container `app` runs as user 1000, which the node may know, too
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsUser: 10001
    /// ```
    "run-as-low-uid": Low, Strict, since "0.1.0";
    refs: ["kube-score: container-security-context-user-group-id", "trivy: KSV-0020", "checkov: CKV_K8S_40"];
    over: ["run-as-user-root"];
    help: "set `securityContext.runAsUser` to a number from 10000 upwards";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    match pod.effective(container, |s| s.run_as_user) {
        Some(user) if user.as_i64().is_some_and(|u| u < 10_000) => {
            let message = format!("{container} runs as user {}, which the node may know, too", user.text());
            report.at(container, user, message);
        }
        Some(_) => {}
        None => {
            report.missing(
                container,
                "securityContext.runAsUser",
                format!("{container} runs as its image's user"),
            );
        }
    }
}
