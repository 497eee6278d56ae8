use super::super::prelude::*;
use super::{Part, is_written, must};

rule! {
    /// The controller manager has no key for the tokens of service accounts.
    ///
    /// It cannot sign them, or signs with a key that serves something else too.
    ///
    /// ```yaml bad
    /// command: [kube-controller-manager, --use-service-account-credentials=true] #! container `app` runs `kube-controller-manager`: `--service-account-private-key-file` is not set
    /// ```
    /// ```yaml good
    /// command: [kube-controller-manager, --service-account-private-key-file=/pki/sa.key]
    /// ```
    "control-plane-service-account-private-key": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.3.4", "checkov: CKV_K8S_110"];
    help: "set `--service-account-private-key-file`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(
        container,
        report,
        Part::ControllerManager,
        "service-account-private-key-file",
        "is not set",
        is_written,
    );
}
