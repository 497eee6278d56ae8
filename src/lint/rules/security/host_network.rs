use super::super::prelude::*;

rule! {
    /// A Pod uses the network of its node.
    ///
    /// It sees all traffic of the node, reaches what listens on the node's loopback address (the kubelet, often a
    /// cloud's metadata), and no NetworkPolicy holds for it. Network plugins need it; a program that has to be
    /// reached on the node can mostly be a Service.
    ///
    /// ```yaml bad
    /// hostNetwork: true #! the Pod uses the network of its node
    /// ```
    /// ```yaml good
    /// hostNetwork: false
    /// ```
    "host-network": High, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.5", "NSA", "kube-linter: host-network", "polaris: hostNetworkSet",
        "trivy: KSV-0009", "checkov: CKV_K8S_19", "kubescape: C-0041"];
    help: "remove `hostNetwork`; publish ports through a Service";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if let Some(set) = pod.spec.host_network.filter(|n| n.is_true()) {
        report.at(pod, set, "the Pod uses the network of its node");
    }
}
