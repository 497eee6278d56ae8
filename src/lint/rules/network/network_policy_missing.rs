use super::super::prelude::*;
use super::Direction;

rule! {
    /// No NetworkPolicy limits what a workload talks to.
    ///
    /// A Pod that no policy selects for a direction takes connections from everywhere, or makes them to everywhere: whoever
    /// gets into one Pod reaches all.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web #! no NetworkPolicy limits what Pod `web` connects to
    ///   labels: {app: web}
    /// spec: {containers: []}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Ingress]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec: {containers: []}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector: {}
    ///   policyTypes: [Ingress, Egress]
    /// ```
    "network-policy-missing": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.3.2", "NSA", "kube-linter: non-isolated-pod", "kube-score: pod-networkpolicy",
        "polaris: missingNetworkPolicy", "checkov: CKV2_K8S_6", "kubescape: C-0030"];
    help: "deny all in the namespace, and allow what is needed";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        for pod in &object.pods {
            let policies = graph.policies_of(object, pod).collect::<Vec<_>>();
            let open = |direction: Direction| !policies.iter().any(|p| direction.is_of(p.resource));
            let what = match (open(Direction::Ingress), open(Direction::Egress)) {
                (true, true) => "connects with",
                (true, false) => "takes connections from",
                (false, true) => "connects to",
                (false, false) => continue,
            };
            let (kind, name) = (&object.resource.id.gvk.kind, object.resource.name());
            report.on(pod, format!("no NetworkPolicy limits what {kind} `{name}` {what}"));
        }
    }
}
