use super::super::prelude::*;
use crate::kube::path::same;

rule! {
    /// Liveness and readiness ask the same question.
    ///
    /// A program that is busy should get fewer requests, not be restarted: with one question for both, a burst of load
    /// restarts the Pods one after the other.
    ///
    /// ```yaml bad
    /// readinessProbe:
    ///   httpGet: {path: /health, port: 8080}
    /// livenessProbe:
    ///   httpGet: {path: /health, port: 8080} #! container `app` asks the same for liveness and readiness
    /// ```
    /// ```yaml good
    /// readinessProbe:
    ///   httpGet: {path: /ready, port: 8080}
    /// livenessProbe:
    ///   httpGet: {path: /live, port: 8080}
    /// ```
    "probes-identical": Low, Recommended, since "0.1.0";
    refs: ["kube-score: pod-probes-identical", "kyverno: ensure-probes-different"];
    help: "let liveness ask for less: whether the process still answers at all";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    let (Some(live), Some(ready)) = (container.liveness_probe, container.readiness_probe) else { return };
    for action in ["exec", "httpGet", "tcpSocket", "grpc"] {
        if let (Some((key, live)), Some(ready)) = (live.entry(action), ready.get(action))
            && same(live, ready)
        {
            let message = format!("{container} asks the same for liveness and readiness");
            report.at(container, key, message).related(container.resource, ready, "the same question");
        }
    }
}
