use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The API server keeps no log of who did what.
    ///
    /// After a break-in nobody can tell what was read and changed.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=6443] #! container `app` runs `kube-apiserver`: `--audit-log-path` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --audit-log-path=/var/log/audit.log]
    /// ```
    "control-plane-audit-log-path": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.16", "checkov: CKV_K8S_91"];
    help: "set `--audit-log-path` and an audit policy";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "audit-log-path", "is not set", is_written);
}
