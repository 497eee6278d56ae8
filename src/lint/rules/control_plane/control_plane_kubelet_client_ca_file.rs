use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The kubelet checks no client certificates.
    ///
    /// It cannot tell the API server from others.
    ///
    /// ```yaml bad
    /// command: [kubelet, --anonymous-auth=false] #! container `app` runs `kubelet`: `--client-ca-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kubelet, --client-ca-file=/pki/ca.crt]
    /// ```
    "control-plane-kubelet-client-ca-file": Medium, Strict, since "0.1.0";
    refs: ["CIS 4.2.3", "checkov: CKV_K8S_140"];
    help: "set `--client-ca-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Kubelet, "client-ca-file", "is not set", is_written);
}
