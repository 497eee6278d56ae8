use super::super::prelude::*;
use super::{Part, not_set};

rule! {
    /// The kubelet goes by another name than its host.
    ///
    /// Certificates and names then differ, and the log tells of a node that is none.
    ///
    /// ```yaml bad
    /// command: [kubelet, --hostname-override=a] #! container `app` runs `kubelet`: `--hostname-override` gives the node another name
    /// ```
    /// ```yaml good
    /// command: [kubelet, --anonymous-auth=false]
    /// ```
    "control-plane-kubelet-hostname-override": Low, Strict, since "0.1.0";
    refs: ["CIS 4.2.7", "checkov: CKV_K8S_146"];
    help: "remove the flag";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    not_set(container, report, Part::Kubelet, &["hostname-override"], "gives the node another name");
}
