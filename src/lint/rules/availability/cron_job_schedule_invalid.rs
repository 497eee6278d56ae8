use super::super::prelude::*;
use crate::kube::cron::Schedule;

rule! {
    /// A CronJob will never run as it is written.
    ///
    /// Its schedule cannot be read, has a time zone inside of it (the field `timeZone` is for that), or its name leaves no
    /// room for the eleven characters that are appended for each run.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: backup
    /// spec:
    ///   schedule: "0 25 * * *" #! the schedule of CronJob `backup` cannot be read: hours go from 0 to 23
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: backup
    /// spec:
    ///   schedule: "0 3 * * 1-5"
    ///   timeZone: Europe/Berlin
    /// ```
    "cron-job-schedule-invalid": High, Minimal, since "0.1.0";
    refs: [];
    refused: true;
    help: "five fields: minute, hour, day of month, month, day of week";
    check: Resource(&[Known::CronJob], check);
}

fn check(job: &Resource, report: &mut Report) {
    let (root, name) = (job.root(), job.name());
    if let Some(node) = root.at("spec.schedule").filter(|n| !n.is_null()) {
        let schedule = node.text();
        if schedule.contains("TZ=") {
            let message = format!("the schedule of CronJob `{name}` has a time zone inside of it");
            report.at(&job, node, message).help("move the zone to `timeZone`");
        } else if let Err(fault) = Schedule::parse(schedule) {
            report.at(&job, node, format!("the schedule of CronJob `{name}` cannot be read: {fault}"));
        }
    }
    if let Some(zone) = root.at("spec.timeZone").filter(|z| !z.is_null()) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
        let z = zone.text();
        if z.is_empty() || z.eq_ignore_ascii_case("local") || !z.chars().all(is_plain) {
            report
                .at(&job, zone, format!("CronJob `{name}` names no time zone: `{z}`"))
                .help("such as `Europe/Berlin`");
        }
    }
    let length = job.id.name.len();
    if length > 52 {
        let message = format!("the name of CronJob `{name}` is {length} characters long, more than 52");
        report.on(&job, message).help("shorten the name");
    }
}
