use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// The kubelet answers requests without a name.
    ///
    /// Whoever reaches the node may read logs and run commands in its Pods, as far as its authorization lets him.
    ///
    /// ```yaml bad
    /// command: [kubelet, --anonymous-auth=true] #! container `app` runs `kubelet`: `--anonymous-auth` is not `false`
    /// ```
    /// ```yaml good
    /// command: [kubelet, --anonymous-auth=false]
    /// ```
    "control-plane-kubelet-anonymous-auth": High, Strict, since "0.1.0";
    refs: ["CIS 4.2.1", "checkov: CKV_K8S_138"];
    help: "set `--anonymous-auth=false`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Kubelet, "anonymous-auth", "is not `false`", |v| v == "false");
}
