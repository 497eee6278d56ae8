use super::super::prelude::*;

rule! {
    /// A probe's times do not fit together.
    ///
    /// It may take longer than the time between two of them; liveness may give up before readiness first asks; or it
    /// wants several successes where only one counts.
    ///
    /// ```yaml bad
    /// livenessProbe:
    ///   tcpSocket: {port: 8080}
    ///   periodSeconds: 5
    ///   timeoutSeconds: 10 #! the liveness probe of container `app` may take 10 s and is repeated every 5 s
    /// ```
    /// ```yaml good
    /// livenessProbe:
    ///   tcpSocket: {port: 8080}
    ///   periodSeconds: 10
    ///   timeoutSeconds: 5
    /// ```
    "probe-timing": Low, Recommended, since "0.1.0";
    refs: [];
    help: "keep `timeoutSeconds` at or below `periodSeconds`, and give slow starters a `startupProbe`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let number = |probe: Node<'_>, field: &str, default: i64| {
        probe.get(field).and_then(Node::as_i64).filter(|n| *n > 0).unwrap_or(default)
    };
    for (field, probe) in container.probes() {
        let which = field.trim_end_matches("Probe");
        let (timeout, period) = (number(probe, "timeoutSeconds", 1), number(probe, "periodSeconds", 10));
        if let Some(node) = probe.get("timeoutSeconds").filter(|_| timeout > period) {
            let message = format!(
                "the {which} probe of {container} may take {timeout} s and is repeated every {period} s"
            );
            report.at(container, node, message);
        }
        if field != "readinessProbe"
            && let Some(node) = probe.get("successThreshold").filter(|n| n.as_i64().is_some_and(|t| t != 1))
        {
            report.at(
                container,
                node,
                format!("the {which} probe of {container} succeeds at once: it must be 1"),
            );
        }
    }
    let (Some(live), Some(ready), None) =
        (container.liveness_probe, container.readiness_probe, container.startup_probe)
    else {
        return;
    };
    let (period, failures) = (number(live, "periodSeconds", 10), number(live, "failureThreshold", 3));
    let gives_up = number(live, "initialDelaySeconds", 0).saturating_add(period.saturating_mul(failures));
    let begins = number(ready, "initialDelaySeconds", 0);
    if let Some(node) = ready.get("initialDelaySeconds").filter(|_| gives_up < begins) {
        let message =
            format!("{container} is restarted after {gives_up} s, before readiness is first asked for");
        report.at(container, node, message);
    }
}
