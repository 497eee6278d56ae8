use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The kubelet serves with a certificate that it made itself.
    ///
    /// The API server cannot check it.
    ///
    /// ```yaml bad
    /// command: [kubelet, --anonymous-auth=false] #! container `app` runs `kubelet`: `--tls-cert-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kubelet, --tls-cert-file=/pki/kubelet.crt]
    /// ```
    "control-plane-kubelet-server-certificate": Low, Strict, since "0.1.0";
    refs: ["CIS 4.2.9", "checkov: CKV_K8S_148"];
    help: "set `--tls-cert-file` and `--tls-private-key-file`, or `--rotate-server-certificates`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Kubelet, "tls-cert-file", "is not set", is_written);
}
