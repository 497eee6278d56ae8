use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server has no certificate for kubelets.
    ///
    /// A kubelet cannot tell the API server from anybody else, so it has to answer everybody.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--kubelet-client-certificate` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --kubelet-client-certificate=/pki/kubelet.crt]
    /// ```
    "control-plane-kubelet-client-certificate": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.4", "checkov: CKV_K8S_72"];
    help: "set `--kubelet-client-certificate` and `--kubelet-client-key`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "kubelet-client-certificate", "is not set", is_written);
}
