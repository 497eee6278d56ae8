use super::super::prelude::*;
use crate::kube::selector::label_selector_matches;

rule! {
    /// All replicas may land on one node.
    ///
    /// Neither an anti-affinity nor a spread constraint that selects the workload's own Pods keeps them apart: the loss of
    /// one node may be the loss of all.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web #! nothing keeps the 3 replicas of Deployment `web` apart
    /// spec:
    ///   replicas: 3
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   replicas: 3
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers: []
    ///       topologySpreadConstraints:
    ///         - maxSkew: 1
    ///           topologyKey: kubernetes.io/hostname
    ///           whenUnsatisfiable: ScheduleAnyway
    ///           labelSelector:
    ///             matchLabels: {app: web}
    /// ```
    "anti-affinity-missing": Low, Strict, since "0.1.0";
    refs: ["kube-linter: no-anti-affinity", "kube-score: deployment-has-host-podantiaffinity",
        "kube-score: statefulset-has-host-podantiaffinity"];
    help: "add a `topologySpreadConstraints` entry over `kubernetes.io/hostname`";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        let Some(count) = graph.replicas(object).filter(|n| *n >= 2) else { continue };
        for pod in object.pods.iter().filter(|p| !is_kept_apart(p)) {
            let (kind, name) = (object.kind.kind(), object.resource.name());
            report.on(pod, format!("nothing keeps the {count} replicas of {kind} `{name}` apart"));
        }
    }
}

fn is_kept_apart(pod: &PodView<'_>) -> bool {
    let own = |term: Node<'_>| {
        let namespaces =
            term.get("namespaces").into_iter().flat_map(Node::items).map(Node::text).collect::<Vec<_>>();
        let namespace = pod.resource.id.namespace.as_deref().unwrap_or("default");
        let here = namespaces.is_empty() || namespaces.contains(&namespace);
        here && term.get("labelSelector").is_some_and(|s| label_selector_matches(s, pod.labels()))
    };
    super::spreading_terms(pod).any(own)
}
