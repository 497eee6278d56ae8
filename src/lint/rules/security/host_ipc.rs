use super::super::prelude::*;

rule! {
    /// A Pod shares the interprocess communication of its node.
    ///
    /// It can read and write the shared memory and the message queues of the node's programs and of all other Pods that
    /// do the same.
    ///
    /// ```yaml bad
    /// hostIPC: true #! the Pod shares the interprocess communication of its node
    /// ```
    /// ```yaml good
    /// hostIPC: false
    /// ```
    "host-ipc": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.4", "NSA", "kube-linter: host-ipc", "polaris: hostIPCSet", "trivy: KSV-0008",
        "checkov: CKV_K8S_18", "kubescape: C-0038"];
    help: "remove `hostIPC`; containers of one Pod share memory through an `emptyDir` of `medium: Memory`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if let Some(set) = pod.spec.host_ipc.filter(|n| n.is_true()) {
        report.at(pod, set, "the Pod shares the interprocess communication of its node");
    }
}
