use super::super::prelude::*;

rule! {
    /// A container gets requests before it is ready.
    ///
    /// Without a readiness probe a Pod counts as ready as soon as its containers run: a Service sends requests to
    /// programs that still start, and a rollout goes on over versions that never will. It is a warning where a
    /// Service of the same stream selects the Pod, a note elsewhere. Jobs are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web #! container `web` has no readiness probe
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       readinessProbe:
    ///         httpGet:
    ///           path: /ready
    ///           port: 8080
    /// ```
    "readiness-probe-missing": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: no-readiness-probe", "kube-score: pod-probes", "polaris: readinessProbeMissing",
        "checkov: CKV_K8S_9", "kubescape: C-0018"];
    help: "add a `readinessProbe` that asks whether requests can be served";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        for pod in object.pods.iter().filter(|p| p.is_long_running()) {
            for container in pod.containers.iter().filter(|c| c.role == Role::App) {
                if container.readiness_probe.is_some() {
                    continue;
                }
                let service = graph.services_of(object, pod).next();
                let message = format!("{container} has no readiness probe");
                let finding = report.missing(container, "readinessProbe", message);
                if let Some(service) = service {
                    finding
                        .severity(source::Severity::Warning)
                        .related_object(service.resource, "a Service sends requests to it");
                }
            }
        }
    }
}
