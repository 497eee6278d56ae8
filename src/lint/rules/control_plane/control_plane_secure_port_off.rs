use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// The API server has no encrypted port.
    ///
    /// With 0 nothing is served over TLS.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --secure-port=0] #! container `app` runs `kube-apiserver`: `--secure-port` is 0
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --secure-port=6443]
    /// ```
    "control-plane-secure-port-off": High, Strict, since "0.1.0";
    refs: ["checkov: CKV_K8S_89"];
    help: "set `--secure-port=6443`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::ApiServer, "secure-port", "is 0", |v| v == "0");
}
