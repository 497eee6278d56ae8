use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// The kubelet does not renew its certificate.
    ///
    /// One day it expires, and the node is gone.
    ///
    /// ```yaml bad
    /// command: [kubelet, --rotate-certificates=false] #! container `app` runs `kubelet`: `--rotate-certificates` is `false`
    /// ```
    /// ```yaml good
    /// command: [kubelet, --rotate-certificates=true]
    /// ```
    "control-plane-kubelet-certificate-rotation-off": Low, Strict, since "0.1.0";
    refs: ["CIS 4.2.10"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::Kubelet, "rotate-certificates", "is `false`", |v| v == "false");
}
