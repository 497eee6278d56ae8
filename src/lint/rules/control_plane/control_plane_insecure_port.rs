use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// The API server has a port without authentication.
    ///
    /// Whoever reaches the insecure port is the administrator; no present version has the flag.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --insecure-port=8080] #! container `app` runs `kube-apiserver`: `--insecure-port` is not 0
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --insecure-port=0]
    /// ```
    "control-plane-insecure-port": Critical, Strict, since "0.1.0";
    refs: ["checkov: CKV_K8S_88"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "insecure-port", "is not 0", |v| v != "0");
}
