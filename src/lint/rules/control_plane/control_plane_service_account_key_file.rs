use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// Tokens of service accounts are checked with the key of the server's certificate.
    ///
    /// The two cannot be changed apart, so neither is changed.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--service-account-key-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --service-account-key-file=/pki/sa.pub]
    /// ```
    "control-plane-service-account-key-file": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.22", "checkov: CKV_K8S_97"];
    help: "set `--service-account-key-file` to a key of its own";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "service-account-key-file", "is not set", is_written);
}
