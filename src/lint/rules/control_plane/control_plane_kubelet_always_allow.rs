use super::super::prelude::*;
use super::{Part, has, must};

rule! {
    /// The kubelet allows every request.
    ///
    /// Its default by flags is `AlwaysAllow`: whoever has a name may run commands in all Pods of the node.
    ///
    /// ```yaml bad
    /// command: [kubelet, --authorization-mode=AlwaysAllow] #! container `app` runs `kubelet`: `--authorization-mode` is not `Webhook`
    /// ```
    /// ```yaml good
    /// command: [kubelet, --authorization-mode=Webhook]
    /// ```
    "control-plane-kubelet-always-allow": High, Strict, since "0.1.0";
    refs: ["CIS 4.2.2", "checkov: CKV_K8S_139"];
    help: "set `--authorization-mode=Webhook`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Kubelet, "authorization-mode", "is not `Webhook`", |v| {
        !has(v, "AlwaysAllow")
    });
}
