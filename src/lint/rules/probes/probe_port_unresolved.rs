use super::super::prelude::*;

rule! {
    /// A probe names a port that its container does not have.
    ///
    /// Names are looked up among the container's own `ports`. The probe always fails: the container never becomes ready,
    /// or is restarted for ever.
    ///
    /// ```yaml bad
    /// ports:
    ///   - name: http
    ///     containerPort: 8080
    /// livenessProbe:
    ///   httpGet:
    ///     port: https #! container `app` has no port named `https`
    /// ```
    /// ```yaml good
    /// ports:
    ///   - name: http
    ///     containerPort: 8080
    /// livenessProbe:
    ///   httpGet:
    ///     port: http
    /// ```
    "probe-port-unresolved": High, Minimal, since "0.1.0";
    refs: ["kube-linter: liveness-port"];
    help: "name one of the container's `ports`, or give the number";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for port in super::ports(container).filter(|p| p.as_i64().is_none() && p.text().parse::<u16>().is_err()) {
        let mut names = container.port_list().filter_map(|p| p.get("name"));
        if !names.any(|name| name.text() == port.text()) {
            report.at(container, port, format!("{container} has no port named `{}`", port.text()));
        }
    }
}
