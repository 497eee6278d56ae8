use super::super::prelude::*;

rule! {
    /// A workload does not say how important it is.
    ///
    /// When nodes run short, Pods with a lower priority make room for others. Without a class all are equally unimportant.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: app #! Pod `app` has no priority class
    /// spec:
    ///   containers: []
    /// ```
    /// ```yaml good
    /// priorityClassName: business-critical
    /// containers: []
    /// ```
    "priority-class-missing": Info, Strict, since "0.1.0";
    refs: ["kube-linter: priority-class-name", "polaris: priorityClassNotSet"];
    help: "set `priorityClassName`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if text(pod.spec.priority_class_name).is_empty() {
        let (kind, name) = (&pod.resource.id.gvk.kind, pod.resource.name());
        report.missing(pod, "priorityClassName", format!("{kind} `{name}` has no priority class"));
    }
}
