use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server checks no client certificates.
    ///
    /// Components of the control plane are known by certificate; without an authority they cannot be.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--client-ca-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --client-ca-file=/pki/ca.crt]
    /// ```
    "control-plane-client-ca-file": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.25"];
    help: "set `--client-ca-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "client-ca-file", "is not set", is_written);
}
