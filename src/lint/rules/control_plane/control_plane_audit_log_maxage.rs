use super::super::prelude::*;
use super::{Part, at_least, must};

rule! {
    /// Audit logs are kept for less than a month.
    ///
    /// Many a break-in is found later than that.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --audit-log-maxage=7] #! container `app` runs `kube-apiserver`: `--audit-log-maxage` is not 30 or more
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --audit-log-maxage=30]
    /// ```
    "control-plane-audit-log-maxage": Low, Strict, since "0.1.0";
    refs: ["CIS 1.2.17", "checkov: CKV_K8S_92"];
    help: "set `--audit-log-maxage=30`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "audit-log-maxage", "is not 30 or more", |v| at_least(v, 30));
}
