//! `plimsoll render`: the whole pipeline, with the manifests on standard output.

use source::{Class, Diagnostic, Severity};

use super::common::{self, Common, Reporting};
use super::output::{self, Stream};
use super::summary::Stopwatch;
use super::{Exit, Failure};
use crate::emit::{Form, Order, emit};
use crate::pipeline::Outcome;

/// Print the final manifests, unless something speaks against applying them
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The order of the objects: input or install
    #[arg(long, value_name = "ORDER", default_value = "input", help_heading = "Manifests")]
    order: Order,

    /// Write every object anew, keys sorted, without comments
    #[arg(long, help_heading = "Manifests")]
    canonical: bool,

    /// Write JSON instead of YAML
    #[arg(long, conflicts_with = "canonical", help_heading = "Manifests")]
    json: bool,

    /// Print the manifests whatever was found
    #[arg(long, help_heading = "Manifests")]
    no_verify: bool,

    #[command(flatten)]
    common: Common,
}

pub(super) fn run(mut arguments: Arguments) -> Result<Exit, Failure> {
    let watch = Stopwatch::start();
    let mut settings = arguments.common.settings()?;
    settings.request.objects_only = true;
    let run = common::run(&settings, &arguments.common.selection)?;
    let reporting = &arguments.common.reporting;
    let outcome = &run.outcome;
    let withheld = withheld(reporting, outcome, arguments.no_verify);
    reporting.show(&run, Stream::Err)?;
    reporting.sum_up(&run, watch.took());
    if let Some((exit, why)) = withheld {
        output::talk(&format!("Nothing was emitted: {why}.\n"));
        return Ok(exit);
    }
    let form = match (arguments.canonical, arguments.json) {
        (true, _) => Form::Canonical,
        (_, true) => Form::Json,
        _ => Form::Kept,
    };
    let text = emit(&outcome.bundle, &outcome.sources, arguments.order, form).map_err(Failure::unjudged)?;
    output::result(&text)?;
    Ok(Exit::Clean)
}

/// Why the manifests are not printed, if they are not.
///
/// What cannot be read is missing from the stream, so that `--no-verify` does not help: half a stream piped into
/// `kubectl apply --prune` deletes the other half.
fn withheld(reporting: &Reporting, outcome: &Outcome, no_verify: bool) -> Option<(Exit, String)> {
    let count = |test: &dyn Fn(&Diagnostic) -> bool| outcome.diagnostics.iter().filter(|d| test(d)).count();
    let errors = |n: usize| if n == 1 { "1 error".to_owned() } else { format!("{n} errors") };
    if outcome.is_unjudged() {
        return Some((Exit::Unjudged, "something could not be read".to_owned()));
    }
    let is_error = |d: &Diagnostic| d.severity == Severity::Error;
    let unread = count(&|d| is_error(d) && matches!(d.class, Class::Input | Class::Render));
    if unread > 0 {
        return Some((Exit::Findings, errors(unread)));
    }
    if no_verify {
        return None;
    }
    let refused = count(&|d| is_error(d) && matches!(d.class, Class::Server { .. }));
    if refused > 0 {
        return Some((Exit::Findings, format!("{} (--no-verify emits all the same)", errors(refused))));
    }
    // Policy is the author's to judge, unless asked otherwise.
    let level = reporting.fail_on?;
    let found = count(&|d| level.counts(d.severity));
    let findings = if found == 1 { "1 finding counts".to_owned() } else { format!("{found} findings count") };
    (found > 0)
        .then(|| (Exit::Findings, format!("{findings} for --fail-on (--no-verify emits all the same)")))
}
