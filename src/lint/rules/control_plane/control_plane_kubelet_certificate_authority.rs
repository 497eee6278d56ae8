use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server does not check the certificates of kubelets.
    ///
    /// Whoever answers at the address of a node gets what is meant for its kubelet: logs, commands, credentials.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--kubelet-certificate-authority` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --kubelet-certificate-authority=/pki/ca.crt]
    /// ```
    "control-plane-kubelet-certificate-authority": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.5", "checkov: CKV_K8S_73"];
    help: "set `--kubelet-certificate-authority` to the file of the cluster's authority";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "kubelet-certificate-authority", "is not set", is_written);
}
