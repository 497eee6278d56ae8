use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// The API server talks to kubelets without encryption.
    ///
    /// Commands, logs and what people type in them can be read and changed on the way.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --kubelet-https=false] #! container `app` runs `kube-apiserver`: `--kubelet-https` is `false`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --secure-port=6443]
    /// ```
    "control-plane-kubelet-https-off": High, Strict, since "0.1.0";
    refs: ["checkov: CKV_K8S_71"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "kubelet-https", "is `false`", |v| v == "false");
}
