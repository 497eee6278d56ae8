use super::super::prelude::*;

rule! {
    /// A Pod sees the processes of its node.
    ///
    /// It can read the environment and the files of every process on the node, secrets of other Pods included, and
    /// end them. Monitoring agents may need it.
    ///
    /// ```yaml bad
    /// hostPID: true #! the Pod sees the processes of its node
    /// ```
    /// ```yaml good
    /// hostPID: false
    /// ```
    "host-pid": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.3", "NSA", "kube-linter: host-pid", "polaris: hostPIDSet", "trivy: KSV-0010",
        "checkov: CKV_K8S_17", "kubescape: C-0038"];
    help: "remove `hostPID`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if let Some(set) = pod.spec.host_pid.filter(|n| n.is_true()) {
        report.at(pod, set, "the Pod sees the processes of its node");
    }
}
