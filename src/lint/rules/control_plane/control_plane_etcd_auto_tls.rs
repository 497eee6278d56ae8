use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// etcd makes its own certificate.
    ///
    /// Nobody can check such a certificate, so nobody knows whom he talks to.
    ///
    /// ```yaml bad
    /// command: [etcd, --auto-tls=true] #! container `app` runs `etcd`: `--auto-tls` is `true`
    /// ```
    /// ```yaml good
    /// command: [etcd, --auto-tls=false]
    /// ```
    "control-plane-etcd-auto-tls": Medium, Strict, since "0.1.0";
    refs: ["CIS 2.3", "checkov: CKV_K8S_118"];
    help: "remove the flag, and set `--cert-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::Etcd, "auto-tls", "is `true`", |v| v != "false");
}
