use super::super::prelude::*;

rule! {
    /// A workload gets a token for the Kubernetes API that it may not need.
    ///
    /// Whoever gets into the container reads the token and has all that its ServiceAccount may do. Neither the Pod nor its
    /// ServiceAccount, as far as it is in sight, says `automountServiceAccountToken: false`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web #! the Pods of Pod `web` get a token for the Kubernetes API
    /// spec:
    ///   containers: []
    /// ```
    /// ```yaml good
    /// automountServiceAccountToken: false
    /// ```
    "automount-service-account-token": Medium, Recommended, since "0.1.0";
    refs: ["CIS 5.1.6", "NSA", "polaris: automountServiceAccountToken", "trivy: KSV-0036", "checkov: CKV_K8S_38",
        "kubescape: C-0034"];
    help: "set `automountServiceAccountToken: false` unless the program talks to the Kubernetes API";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        for pod in object.pods.iter().filter(|pod| graph.mounts_token(object, pod)) {
            let (kind, name) = (&pod.resource.id.gvk.kind, pod.resource.name());
            let message = format!("the Pods of {kind} `{name}` get a token for the Kubernetes API");
            report.missing(pod, "automountServiceAccountToken", message);
        }
    }
}
