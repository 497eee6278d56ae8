use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// Idle connections to the kubelet never end.
    ///
    /// Forgotten ones use up its ports and stay open to whoever takes over the terminal.
    ///
    /// ```yaml bad
    /// command: [kubelet, --streaming-connection-idle-timeout=0] #! container `app` runs `kubelet`: `--streaming-connection-idle-timeout` is 0
    /// ```
    /// ```yaml good
    /// command: [kubelet, --streaming-connection-idle-timeout=5m]
    /// ```
    "control-plane-kubelet-idle-timeout": Low, Strict, since "0.1.0";
    refs: ["CIS 4.2.5", "checkov: CKV_K8S_143"];
    help: "remove the flag, or set it to minutes";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::Kubelet, "streaming-connection-idle-timeout", "is 0", |v| {
        v == "0" || v == "0s"
    });
}
