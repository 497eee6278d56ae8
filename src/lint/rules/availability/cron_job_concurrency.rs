use super::super::prelude::*;
use crate::kube::cron::Schedule;

rule! {
    /// Runs of a CronJob may overlap.
    ///
    /// It does not say what happens when one run is due while the last still goes on, and nothing ends a run before that:
    /// unset, both go on side by side.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: sync
    /// spec:
    ///   schedule: "*/5 * * * *" #! runs of CronJob `sync` may overlap: one is due every 300 s and nothing ends the last
    ///   jobTemplate: {}
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: sync
    /// spec:
    ///   schedule: "*/5 * * * *"
    ///   concurrencyPolicy: Forbid
    ///   jobTemplate: {}
    /// ```
    "cron-job-concurrency": Low, Recommended, since "0.1.0";
    refs: [];
    help: "set `concurrencyPolicy: Forbid`, or `Replace`";
    check: Resource(&[Known::CronJob], check);
}

fn check(job: &Resource, report: &mut Report) {
    let Some(spec) = job.spec() else { return };
    let Some(node) = spec.get("schedule") else { return };
    if !text(spec.get("concurrencyPolicy")).is_empty() {
        return;
    }
    let Some(gap) = Schedule::parse(node.text()).ok().map(|s| s.shortest_gap()) else { return };
    let end = spec
        .at("jobTemplate.spec.activeDeadlineSeconds")
        .or_else(|| spec.at("jobTemplate.spec.template.spec.activeDeadlineSeconds"));
    let end = end.and_then(Node::as_i64);
    // Once a day or less often, a run that is still going on is a fault of another kind.
    if gap < 86_400 && end.is_none_or(|end| end > gap) {
        let ends = match end {
            Some(end) => format!("a run may take {end} s"),
            None => "nothing ends the last".to_owned(),
        };
        let message =
            format!("runs of CronJob `{}` may overlap: one is due every {gap} s and {ends}", job.name());
        report.at(&job, node, message);
    }
}
