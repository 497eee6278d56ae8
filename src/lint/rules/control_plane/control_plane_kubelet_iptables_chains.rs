use super::super::prelude::*;
use super::{Part, must_not};

rule! {
    /// The kubelet does not keep the rules of the firewall that Pods need.
    ///
    /// A change of the network's options leaves the node's rules behind.
    ///
    /// ```yaml bad
    /// command: [kubelet, --make-iptables-util-chains=false] #! container `app` runs `kubelet`: `--make-iptables-util-chains` is `false`
    /// ```
    /// ```yaml good
    /// command: [kubelet, --make-iptables-util-chains=true]
    /// ```
    "control-plane-kubelet-iptables-chains": Low, Strict, since "0.1.0";
    refs: ["CIS 4.2.6", "checkov: CKV_K8S_145"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must_not(container, report, Part::Kubelet, "make-iptables-util-chains", "is `false`", |v| v == "false");
}
