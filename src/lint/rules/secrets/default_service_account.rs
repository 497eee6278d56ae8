use super::super::prelude::*;

rule! {
    /// A workload runs as its namespace's default ServiceAccount.
    ///
    /// All that name none share it: a role that is given to it for one is given to all.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web #! the Pods of Pod `web` run as the default ServiceAccount
    /// spec:
    ///   containers: []
    /// ```
    /// ```yaml good
    /// serviceAccountName: web
    /// ```
    "default-service-account": Low, Recommended, since "0.1.0";
    refs: ["CIS 5.1.5", "kube-linter: default-service-account", "checkov: CKV_K8S_41", "kubescape: C-0189"];
    help: "make a ServiceAccount for it and name it in `serviceAccountName`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    if pod.service_account() == "default" {
        let (kind, name) = (&pod.resource.id.gvk.kind, pod.resource.name());
        let message = format!("the Pods of {kind} `{name}` run as the default ServiceAccount");
        report.missing(pod, "serviceAccountName", message);
    }
}
