use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// All controllers act under one name.
    ///
    /// Each then has the rights of all, and the audit log cannot tell them apart.
    ///
    /// ```yaml bad
    /// command: [kube-controller-manager, --use-service-account-credentials=false] #! container `app` runs `kube-controller-manager`: `--use-service-account-credentials` is not `true`
    /// ```
    /// ```yaml good
    /// command: [kube-controller-manager, --use-service-account-credentials=true]
    /// ```
    "control-plane-controller-credentials": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.3.3", "checkov: CKV_K8S_108"];
    help: "set `--use-service-account-credentials=true`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(
        container,
        report,
        Part::ControllerManager,
        "use-service-account-credentials",
        "is not `true`",
        |v| v == "true",
    );
}
