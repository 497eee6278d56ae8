use super::super::prelude::*;

rule! {
    /// A CronJob has no deadline for a start that it missed.
    ///
    /// After more than a hundred missed starts it stops for good, unless `startingDeadlineSeconds` limits how far back it
    /// looks.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: backup
    /// spec: #! CronJob `backup` has no deadline for a start that it missed
    ///   schedule: "0 3 * * *"
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: backup
    /// spec:
    ///   schedule: "0 3 * * *"
    ///   startingDeadlineSeconds: 3600
    /// ```
    "cron-job-deadline": Low, Strict, since "0.1.0";
    refs: ["kube-score: cronjob-has-deadline"];
    help: "set `startingDeadlineSeconds`";
    check: Resource(&[Known::CronJob], check);
}

fn check(job: &Resource, report: &mut Report) {
    if job.in_spec("startingDeadlineSeconds").is_none_or(Node::is_null) {
        let message = format!("CronJob `{}` has no deadline for a start that it missed", job.name());
        report.missing(&job, "spec.startingDeadlineSeconds", message);
    }
}
