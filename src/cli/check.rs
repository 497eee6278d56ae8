//! `plimsoll check`: everything but emitting; what pre-commit, CI and editors run.

use super::common::Common;
use super::debt::Debt;
use super::summary::Stopwatch;
use super::{Exit, Failure};

/// Validate and lint what is below the given paths
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    debt: Debt,
}

pub(super) fn run(mut arguments: Arguments) -> Result<Exit, Failure> {
    let watch = Stopwatch::start();
    let settings = arguments.common.settings()?;
    arguments.common.judge(&settings, &arguments.debt, &watch)
}
