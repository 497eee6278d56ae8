use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server does not check whom it stores its objects with.
    ///
    /// Whoever answers at etcd's address gets all Secrets.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--etcd-cafile` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --etcd-cafile=/pki/etcd-ca.crt]
    /// ```
    "control-plane-etcd-ca-file": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.26", "checkov: CKV_K8S_102"];
    help: "set `--etcd-cafile`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "etcd-cafile", "is not set", is_written);
}
