use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server has no certificate of the cluster's authority.
    ///
    /// It makes one that nobody can check, and clients learn to look away.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--tls-cert-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt]
    /// ```
    "control-plane-server-certificate": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.24", "checkov: CKV_K8S_100"];
    help: "set `--tls-cert-file` and `--tls-private-key-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "tls-cert-file", "is not set", is_written);
}
