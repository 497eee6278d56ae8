use super::super::prelude::*;

rule! {
    /// A container runs in a group that the node may know, too.
    ///
    /// Numbers below 10000 belong to groups of the node's own system. Without `runAsGroup` the container's main group is
    /// root's, unless the image says otherwise.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsGroup: 1000 #! container `app` runs in group 1000, which the node may know, too
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsGroup: 10001
    /// ```
    "run-as-low-gid": Low, Strict, since "0.1.0";
    refs: ["kube-score: container-security-context-user-group-id", "trivy: KSV-0021"];
    over: ["root-group"];
    help: "set `securityContext.runAsGroup` to a number from 10000 upwards";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    match pod.effective(container, |s| s.run_as_group) {
        Some(group) if group.as_i64().is_some_and(|g| g < 10_000) => {
            let message = format!("{container} runs in group {}, which the node may know, too", group.text());
            report.at(container, group, message);
        }
        Some(_) => {}
        None => {
            report.missing(
                container,
                "securityContext.runAsGroup",
                format!("{container} runs in its image's group"),
            );
        }
    }
}
