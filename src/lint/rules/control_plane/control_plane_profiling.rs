use super::super::prelude::*;
use super::{Part, must};

rule! {
    /// A component of the control plane serves its profile.
    ///
    /// Profiles tell of the inside of the program, and taking one costs time that requests need.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --profiling=true] #! container `app` runs `kube-apiserver`: `--profiling` is not `false`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --profiling=false]
    /// ```
    "control-plane-profiling": Low, Strict, since "0.1.0";
    refs: ["CIS 1.2.15", "CIS 1.3.2", "CIS 1.4.1", "checkov: CKV_K8S_90", "checkov: CKV_K8S_107", "checkov: CKV_K8S_114"];
    help: "set `--profiling=false`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for part in [Part::ApiServer, Part::ControllerManager, Part::Scheduler] {
        must(container, report, part, "profiling", "is not `false`", |value| value == "false");
    }
}
