use super::super::prelude::*;

rule! {
    /// A probe asks a port that its container does not declare.
    ///
    /// It works all the same: `ports` is for readers. But a reader then wonders which of the two is wrong.
    ///
    /// ```yaml bad
    /// ports:
    ///   - containerPort: 8080
    /// livenessProbe:
    ///   tcpSocket:
    ///     port: 8081 #! container `app` does not declare port 8081
    /// ```
    /// ```yaml good
    /// ports:
    ///   - containerPort: 8080
    /// livenessProbe:
    ///   tcpSocket:
    ///     port: 8080
    /// ```
    "probe-port-undeclared": Info, Strict, since "0.1.0";
    refs: ["kube-linter: liveness-port", "kube-linter: readiness-port", "kube-linter: startup-port"];
    help: "add the port to the container's `ports`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for port in super::ports(container) {
        let Some(number) = port.as_i64() else { continue };
        let mut declared = container.port_list().filter_map(|p| p.get("containerPort"));
        if !declared.any(|p| p.as_i64() == Some(number)) {
            report.at(container, port, format!("{container} does not declare port {number}"));
        }
    }
}
