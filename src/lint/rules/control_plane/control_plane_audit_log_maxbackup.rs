use super::super::prelude::*;
use super::{Part, at_least, must};

rule! {
    /// Few old audit logs are kept.
    ///
    /// A busy hour turns the files over, and what mattered is gone.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --audit-log-maxbackup=2] #! container `app` runs `kube-apiserver`: `--audit-log-maxbackup` is not 10 or more
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --audit-log-maxbackup=10]
    /// ```
    "control-plane-audit-log-maxbackup": Low, Strict, since "0.1.0";
    refs: ["CIS 1.2.18", "checkov: CKV_K8S_93"];
    help: "set `--audit-log-maxbackup=10`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "audit-log-maxbackup", "is not 10 or more", |v| at_least(v, 10));
}
