use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The members of etcd talk to each other without encryption.
    ///
    /// All objects of the cluster can be read between them. A single member needs it too, for the day when it is not
    /// single any more.
    ///
    /// ```yaml bad
    /// command: [etcd, --name=a] #! container `app` runs `etcd`: `--peer-cert-file` is not set
    /// ```
    /// ```yaml good
    /// command: [etcd, --peer-cert-file=/pki/peer.crt]
    /// ```
    "control-plane-etcd-peer-certificate": Medium, Strict, since "0.1.0";
    refs: ["CIS 2.4", "checkov: CKV_K8S_119"];
    help: "set `--peer-cert-file` and `--peer-key-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::Etcd, "peer-cert-file", "is not set", is_written);
}
