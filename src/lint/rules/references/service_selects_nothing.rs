use super::super::prelude::*;

rule! {
    /// A Service selects no Pod.
    ///
    /// No workload of its namespace makes a Pod with the labels that it asks for, so that connections to it are refused.
    /// A Service without a selector has its endpoints from elsewhere and is left alone, as is one of type ExternalName.
    /// The Pods may be made by something that is not in sight: allow it there, or name the cluster's state.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector: #! Service `web` selects no Pod
    ///     app: wep
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels:
    ///     app: web
    /// spec:
    ///   containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     app: web
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels:
    ///     app: web
    /// spec:
    ///   containers: []
    /// ```
    "service-selects-nothing": High, Recommended, since "0.1.0";
    refs: ["kube-linter: dangling-service", "kube-score: service-targets-pod", "kubescape: C-0293"];
    help: "compare the selector with the labels of the Pod's template";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for service in graph.each(Known::Service) {
        let spec = service.resource.spec();
        let Some(selector) = spec.and_then(|s| s.get("selector")) else { continue };
        if text(spec.and_then(|s| s.get("type"))) == "ExternalName" || selector.entries().next().is_none() {
            continue;
        }
        if graph.selected_by_map(service.namespace, selector).is_empty() {
            let message = format!("Service `{}` selects no Pod", service.resource.name());
            let near = nearest(graph, service.namespace, selector);
            let finding = report.missing(&service.resource, "spec.selector", message);
            let finding = finding.note_unless(graph.has_pods(service.namespace));
            if let Some((pod, value)) = near {
                finding.related(pod, value, "did you mean these Pods?");
            }
        }
    }
}

/// A Pod that has one of the labels with a value nearly as asked for.
fn nearest<'a>(
    graph: &Graph<'a>,
    namespace: &'a str,
    selector: Node<'a>,
) -> Option<(&'a Resource, Node<'a>)> {
    graph.pods(namespace).take(64).find_map(|(object, pod)| {
        let labels = pod.labels().0?;
        selector.entries().find_map(|(key, value)| {
            let label = labels.get(key.text())?;
            source::closest(value.text(), [label.text()]).map(|_| (object.resource, label))
        })
    })
}
