use super::super::prelude::*;
use crate::kube::Quantity;

rule! {
    /// A container may use more than it asks for.
    ///
    /// Only Pods whose containers ask for exactly what they may use, CPU and memory alike, are of the class `Guaranteed`:
    /// the last to be ended when a node runs short. A request that is not written equals its limit.
    ///
    /// ```yaml bad
    /// resources:
    ///   requests:
    ///     cpu: 500m #! container `app` asks for less cpu than it may use: 500m of 1
    ///   limits:
    ///     cpu: "1"
    /// ```
    /// ```yaml good
    /// resources:
    ///   limits:
    ///     cpu: "1"
    ///     memory: 1Gi
    /// ```
    "requests-equal-limits": Info, Strict, since "0.1.0";
    refs: ["kube-score: container-resource-requests-equal-limits",
        "kube-score: container-cpu-requests-equal-limits", "kube-score: container-memory-requests-equal-limits",
        "kube-score: container-ephemeral-storage-request-equals-limit"];
    help: "make request and limit equal";
    check: Container(check);
}

fn check(pod: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    if !container.is_long_running() {
        return;
    }
    for name in ["cpu", "memory", "ephemeral-storage"] {
        let Some(request) = pod.quantity(container, "requests", name) else { continue };
        let Some(limit) = pod.quantity(container, "limits", name) else {
            report.at(
                container,
                request,
                format!("{container} asks for {name} and may use any amount of it"),
            );
            continue;
        };
        let (Ok(asked), Ok(most)) = (Quantity::parse(request.text()), Quantity::parse(limit.text())) else {
            continue;
        };
        if asked != most {
            let (asked, most) = (request.text(), limit.text());
            let message = format!("{container} asks for less {name} than it may use: {asked} of {most}");
            report.at(container, request, message).related(container.resource, limit, "the limit");
        }
    }
}
