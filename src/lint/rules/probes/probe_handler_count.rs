use super::super::prelude::*;

rule! {
    /// A probe does not have exactly one action.
    ///
    /// It asks by `exec`, `httpGet`, `tcpSocket` or `grpc`: the server refuses a probe with none and one with two.
    ///
    /// ```yaml bad
    /// livenessProbe: #! the liveness probe of container `app` has no action
    ///   periodSeconds: 10
    /// ```
    /// ```yaml good
    /// livenessProbe:
    ///   periodSeconds: 10
    ///   tcpSocket:
    ///     port: 8080
    /// ```
    "probe-handler-count": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "give it one of `exec`, `httpGet`, `tcpSocket` and `grpc`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for (field, probe) in container.probes() {
        let actions = ["exec", "httpGet", "tcpSocket", "grpc"];
        let set: Vec<Node<'_>> = actions
            .iter()
            .filter_map(|a| probe.entry(a))
            .filter(|(_, v)| !v.is_null())
            .map(|(k, _)| k)
            .collect();
        let which = field.trim_end_matches("Probe");
        match set[..] {
            [_] => {}
            [_, second, ..] => {
                let message = format!("the {which} probe of {container} has {} actions", set.len());
                report.at(container, second, message);
            }
            [] => {
                report.missing(container, field, format!("the {which} probe of {container} has no action"));
            }
        }
    }
}
