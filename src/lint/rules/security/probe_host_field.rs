use super::super::prelude::*;

rule! {
    /// A probe or lifecycle handler names a host.
    ///
    /// The node makes the request, not the container: with a host of his choice, the author of a Pod lets the node
    /// talk to what only the node can reach. Without `host` the Pod's own address is asked, which is what is meant.
    ///
    /// ```yaml bad
    /// livenessProbe:
    ///   httpGet:
    ///     host: 127.0.0.1 #! container `app` has its node ask the host `127.0.0.1`
    ///     port: 8080
    /// ```
    /// ```yaml good
    /// livenessProbe:
    ///   httpGet:
    ///     port: 8080
    /// ```
    "probe-host-field": Medium, Recommended, since "0.1.0";
    refs: ["PSS baseline", "gatekeeper: host-probes-lifecycle"];
    help: "remove `host`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for host in container.handler_hosts() {
        report.at(container, host, format!("{container} has its node ask the host `{}`", host.text()));
    }
}
