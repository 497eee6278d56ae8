use super::super::prelude::*;

rule! {
    /// A Job stays when it has ended, or a CronJob's goes before its history is full.
    ///
    /// Jobs that nobody removes fill the cluster: `ttlSecondsAfterFinished` removes them. A CronJob keeps a history of its
    /// own and removes what is older; a time there only takes the logs away early.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// spec: #! Job `migrate` stays when it has ended
    ///   template: {}
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// spec:
    ///   ttlSecondsAfterFinished: 86400
    ///   template: {}
    /// ```
    "job-ttl": Low, Recommended, since "0.1.0";
    refs: ["kube-linter: job-ttl-seconds-after-finished"];
    help: "set `ttlSecondsAfterFinished` on Jobs, history limits on CronJobs";
    check: Resource(&[Known::Job, Known::CronJob], check);
}

fn check(job: &Resource, report: &mut Report) {
    let root = job.root();
    let set = |path: &str| root.at(path).filter(|n| !n.is_null());
    if &*job.id.gvk.kind == "Job" {
        if set("spec.ttlSecondsAfterFinished").is_none() {
            report.missing(
                &job,
                "spec.ttlSecondsAfterFinished",
                format!("Job `{}` stays when it has ended", job.name()),
            );
        }
    } else if let Some(ttl) = set("spec.jobTemplate.spec.ttlSecondsAfterFinished") {
        let message =
            format!("CronJob `{}` keeps a history of its own: its Jobs go before that is full", job.name());
        report.at(&job, ttl, message);
    }
}
