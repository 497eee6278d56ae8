use super::super::prelude::*;
use super::{Part, at_least, must};

rule! {
    /// Audit logs are turned over while they are small.
    ///
    /// Together with the number of files this bounds how far back one can look.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --audit-log-maxsize=10] #! container `app` runs `kube-apiserver`: `--audit-log-maxsize` is not 100 or more
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --audit-log-maxsize=100]
    /// ```
    "control-plane-audit-log-maxsize": Low, Strict, since "0.1.0";
    refs: ["CIS 1.2.19", "checkov: CKV_K8S_94"];
    help: "set `--audit-log-maxsize=100`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "audit-log-maxsize", "is not 100 or more", |v| at_least(v, 100));
}
