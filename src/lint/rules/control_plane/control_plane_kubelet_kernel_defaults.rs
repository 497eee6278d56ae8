use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// The kubelet changes settings of the kernel to its liking.
    ///
    /// What an administrator has set is overwritten without a word.
    ///
    /// ```yaml bad
    /// command: [kubelet, --protect-kernel-defaults=false] #! container `app` runs `kubelet`: `--protect-kernel-defaults` is not `true`
    /// ```
    /// ```yaml good
    /// command: [kubelet, --protect-kernel-defaults=true]
    /// ```
    "control-plane-kubelet-kernel-defaults": Low, Strict, since "0.1.0";
    refs: ["checkov: CKV_K8S_144"];
    help: "set `--protect-kernel-defaults=true`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Kubelet, "protect-kernel-defaults", "is not `true`", |v| v == "true");
}
