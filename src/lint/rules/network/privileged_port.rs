use super::super::prelude::*;

rule! {
    /// A container listens below port 1024.
    ///
    /// For that it needs root or the capability `NET_BIND_SERVICE`; a Service can offer any port for it.
    ///
    /// ```yaml bad
    /// ports:
    ///   - containerPort: 80 #! container `app` listens below port 1024
    /// ```
    /// ```yaml good
    /// ports:
    ///   - containerPort: 8080
    /// ```
    "privileged-port": Low, Strict, since "0.1.0";
    refs: ["kube-linter: privileged-ports", "trivy: KSV-0117"];
    help: "listen on 8080 and let the Service map the port";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for port in container.port_list().filter_map(|p| p.get("containerPort")) {
        if port.as_i64().is_some_and(|p| (1..1024).contains(&p)) {
            report.at(container, port, format!("{container} listens below port 1024"));
        }
    }
}
