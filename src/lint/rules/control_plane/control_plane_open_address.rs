use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// The controller manager or the scheduler listens on all addresses.
    ///
    /// Nobody outside of the node needs their health checks and metrics.
    ///
    /// ```yaml bad
    /// command: [kube-controller-manager, --bind-address=0.0.0.0] #! container `app` runs `kube-controller-manager`: `--bind-address` is not 127.0.0.1
    /// ```
    /// ```yaml good
    /// command: [kube-controller-manager, --bind-address=127.0.0.1]
    /// ```
    "control-plane-open-address": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.3.7", "CIS 1.4.2", "checkov: CKV_K8S_113", "checkov: CKV_K8S_115"];
    help: "set `--bind-address=127.0.0.1`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for part in [Part::ControllerManager, Part::Scheduler] {
        must(container, report, part, "bind-address", "is not 127.0.0.1", |value| {
            matches!(value, "127.0.0.1" | "::1" | "localhost")
        });
    }
}
