use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server has no certificate for etcd.
    ///
    /// etcd cannot tell it from others, so it has to let everybody in: etcd is the cluster.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--etcd-certfile` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --etcd-certfile=/pki/etcd.crt]
    /// ```
    "control-plane-etcd-client-certificate": High, Strict, since "0.1.0";
    refs: ["CIS 1.2.23", "checkov: CKV_K8S_99"];
    help: "set `--etcd-certfile` and `--etcd-keyfile`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "etcd-certfile", "is not set", is_written);
}
