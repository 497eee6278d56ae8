use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// The kubelet tells everybody what runs on its node.
    ///
    /// The read-only port asks nobody who he is; by flags its default is 10255.
    ///
    /// ```yaml bad
    /// command: [kubelet, --read-only-port=10255] #! container `app` runs `kubelet`: `--read-only-port` is not 0
    /// ```
    /// ```yaml good
    /// command: [kubelet, --read-only-port=0]
    /// ```
    "control-plane-kubelet-read-only-port": Medium, Strict, since "0.1.0";
    refs: ["CIS 4.2.4", "checkov: CKV_K8S_141"];
    help: "set `--read-only-port=0`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Kubelet, "read-only-port", "is not 0", |v| v == "0");
}
