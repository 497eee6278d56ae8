use super::super::prelude::*;

rule! {
    /// A Pod stands on its own.
    ///
    /// When its node goes, it goes, and nothing makes another. Pods of Helm's tests and hooks, and static Pods of the
    /// control plane, are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web #! Pod `web` has no controller: when it goes, nothing makes another
    /// spec:
    ///   containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web-test
    ///   annotations:
    ///     helm.sh/hook: test
    /// spec:
    ///   containers: []
    /// ```
    "naked-pod": Low, Recommended, since "0.1.0";
    refs: ["polaris: nakedPod", "kubescape: C-0073"];
    help: "use a Deployment, a StatefulSet or a Job; they take the same template";
    check: Resource(&[Known::Pod], check);
}

fn check(pod: &Resource, report: &mut Report) {
    let metadata = pod.metadata();
    let has = |field: &str, key: &str| metadata.and_then(|m| m.get(field)).and_then(|m| m.get(key)).is_some();
    let owners = metadata.and_then(|m| m.get("ownerReferences"));
    let is_owned = owners.is_some_and(|o| o.items().next().is_some());
    if !is_owned && !has("annotations", "helm.sh/hook") && !has("annotations", "kubernetes.io/config.mirror")
    {
        let name = pod.name();
        report.on(&pod, format!("Pod `{name}` has no controller: when it goes, nothing makes another"));
    }
}
