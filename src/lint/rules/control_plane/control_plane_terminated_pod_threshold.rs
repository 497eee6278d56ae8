use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// It is left to chance how many finished Pods are kept.
    ///
    /// The default of 12,500 fills etcd in small clusters.
    ///
    /// ```yaml bad
    /// command: [kube-controller-manager, --use-service-account-credentials=true] #! container `app` runs `kube-controller-manager`: `--terminated-pod-gc-threshold` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-controller-manager, --terminated-pod-gc-threshold=1000]
    /// ```
    "control-plane-terminated-pod-threshold": Info, Strict, since "0.1.0";
    refs: ["CIS 1.3.1", "checkov: CKV_K8S_106"];
    help: "set `--terminated-pod-gc-threshold`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ControllerManager, "terminated-pod-gc-threshold", "is not set", is_written);
}
