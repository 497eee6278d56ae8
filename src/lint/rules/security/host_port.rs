use super::super::prelude::*;

rule! {
    /// A container takes a port of its node.
    ///
    /// Only one such Pod fits on a node, and the port is reachable from wherever the node is, past every Service.
    /// Ingress controllers and node agents may need it.
    ///
    /// ```yaml bad
    /// ports:
    ///   - containerPort: 8080
    ///     hostPort: 80 #! container `app` takes port 80 of its node
    /// ```
    /// ```yaml good
    /// ports:
    ///   - containerPort: 8080
    /// ```
    "host-port": Medium, Recommended, since "0.1.0";
    refs: ["PSS baseline", "CIS 5.2.13", "NSA", "polaris: hostPortSet", "trivy: KSV-0024", "checkov: CKV_K8S_26",
        "kubescape: C-0044"];
    help: "publish the port through a Service";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let ports = container.port_list().filter_map(|p| p.get("hostPort"));
    for port in ports.filter(|p| !p.is_null() && p.as_i64() != Some(0)) {
        report.at(container, port, format!("{container} takes port {} of its node", port.text()));
    }
}
