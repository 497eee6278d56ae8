use super::super::prelude::*;
use super::{Part, has, must};

rule! {
    /// The API server does not limit kubelets to their own node.
    ///
    /// Without the mode `Node` a stolen kubelet reads the Secrets of every Pod of the cluster.
    ///
    /// ```yaml bad
    /// command: [kube-apiserver, --authorization-mode=RBAC] #! container `app` runs `kube-apiserver`: `--authorization-mode` lacks `Node`
    /// ```
    /// ```yaml good
    /// command: [kube-apiserver, "--authorization-mode=Node,RBAC"]
    /// ```
    "control-plane-authorization-without-node": Medium, Strict, since "0.1.0";
    refs: ["CIS 1.2.7", "checkov: CKV_K8S_75"];
    help: "set `--authorization-mode=Node,RBAC`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    must(container, report, Part::ApiServer, "authorization-mode", "lacks `Node`", |v| has(v, "Node"));
}
