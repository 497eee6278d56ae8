use super::super::prelude::*;

rule! {
    /// A container must not run as root and is told to run as root.
    ///
    /// `runAsNonRoot: true` together with `runAsUser: 0`, each from the container or inherited from its Pod: the
    /// node refuses to start it, and the Pod waits with `CreateContainerConfigError` for ever.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   runAsNonRoot: true
    ///   runAsUser: 0 #! container `app` can never start: it must not be root and is told to be root
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   runAsNonRoot: true
    ///   runAsUser: 10001
    /// ```
    "run-as-non-root-conflict": High, Minimal, since "0.1.0";
    refs: ["kube-linter: run-as-non-root"];
    over: ["run-as-low-uid", "run-as-user-root"];
    help: "give `runAsUser` the number of an ordinary user, or remove it if the image has one";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let Some(must_not) = pod.effective(container, |s| s.run_as_non_root).filter(|n| n.is_true()) else {
        return;
    };
    if let Some(user) = pod.effective(container, |s| s.run_as_user).filter(|u| u.as_i64() == Some(0)) {
        let message = format!("{container} can never start: it must not be root and is told to be root");
        report.at(container, user, message).related(pod.resource, must_not, "root is ruled out here");
    }
}
