use super::super::prelude::*;
use super::{Part, has, must};

rule! {
    /// A kubelet may change other nodes and their Pods.
    ///
    /// `NodeRestriction` limits what a kubelet writes to its own node; without it a stolen kubelet moves workloads to
    /// itself.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --enable-admission-plugins=EventRateLimit] #! container `app` runs `kube-apiserver`: `--enable-admission-plugins` lacks `NodeRestriction`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, --enable-admission-plugins=NodeRestriction]
    /// ```
    "control-plane-admission-node-restriction": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.14", "checkov: CKV_K8S_85"];
    help: "add `NodeRestriction`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "enable-admission-plugins", "lacks `NodeRestriction`", |v| {
        has(v, "NodeRestriction")
    });
}
