//! `plimsoll lint`: the rules alone.

use super::common::{self, Inputs, Reporting, Selection, Target};
use super::output::Stream;
use super::summary::Stopwatch;
use super::{Exit, Failure};
use crate::pipeline::Settings;

/// Look for what policy and experience speak against
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let watch = Stopwatch::start();
    let settings = Settings {
        request: arguments.inputs.request(),
        validate: None,
        lint: Some(arguments.selection.rules(&arguments.target)?),
    };
    let run = common::run(&settings, &arguments.selection)?;
    arguments.reporting.show(&run, Stream::Out)?;
    arguments.reporting.sum_up(&run.outcome, watch.took());
    Ok(arguments.reporting.exit(&run.outcome))
}
