use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// Pods do not get the authority of the API server.
    ///
    /// They cannot check whom they talk to, and programs switch the check off.
    ///
    /// ```yaml bad
    /// command: [kube-controller-manager, --use-service-account-credentials=true] #! container `app` runs `kube-controller-manager`: `--root-ca-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-controller-manager, --root-ca-file=/pki/ca.crt]
    /// ```
    "control-plane-root-ca-file": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.3.5", "checkov: CKV_K8S_111"];
    help: "set `--root-ca-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ControllerManager, "root-ca-file", "is not set", is_written);
}
