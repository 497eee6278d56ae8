use super::super::prelude::*;

rule! {
    /// A workload has a restart policy that its kind does not allow.
    ///
    /// What runs for ever is always restarted; what runs to its end is restarted `OnFailure` or `Never`, and must say
    /// which. The server refuses anything else.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Always #! a Job cannot have `restartPolicy: Always`
    ///       containers: []
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: OnFailure
    ///       containers: []
    /// ```
    "restart-policy-invalid": High, Minimal, since "0.1.0";
    refs: ["kube-linter: restart-policy", "kube-score: cronjob-restartpolicy"];
    refused: true;
    help: "a Job and a CronJob take `OnFailure` or `Never`, all others `Always`";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let kind = pod.kind.kind();
    let set = pod.spec.restart_policy;
    match pod.kind {
        Known::Job | Known::CronJob if set.is_none_or(|p| p.text() == "Always") => {
            let message = format!("a {kind} cannot have `restartPolicy: Always`");
            match set {
                Some(policy) => report.at(pod, policy, message),
                None => report.missing(pod, "restartPolicy", format!("a {kind} needs a `restartPolicy`")),
            };
        }
        Known::Deployment
        | Known::ReplicaSet
        | Known::ReplicationController
        | Known::StatefulSet
        | Known::DaemonSet
        | Known::DeploymentConfig => {
            if let Some(policy) = set.filter(|p| p.text() != "Always") {
                report.at(pod, policy, format!("a {kind} cannot have `restartPolicy: {}`", policy.text()));
            }
        }
        _ => {}
    }
}
