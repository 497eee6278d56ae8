use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// etcd serves without encryption.
    ///
    /// All objects of the cluster, Secrets too, can be read and changed on the way.
    ///
    /// ```yaml bad
    /// command: [etcd, --name=a] #! container `app` runs `etcd`: `--cert-file` is not set
    /// ```
    /// ```yaml good
    /// command: [etcd, --cert-file=/pki/server.crt]
    /// ```
    "control-plane-etcd-server-certificate": High, Strict, since "0.1.0";
    refs: ["CIS 2.1", "checkov: CKV_K8S_116"];
    help: "set `--cert-file` and `--key-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Etcd, "cert-file", "is not set", is_written);
}
