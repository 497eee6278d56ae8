//! `plimsoll lint`: the rules alone.

use super::common::Common;
use super::debt::Debt;
use super::summary::Stopwatch;
use super::{Exit, Failure};
use crate::pipeline::Settings;

/// Look for what policy and experience speak against
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    debt: Debt,
}

pub(super) fn run(mut arguments: Arguments) -> Result<Exit, Failure> {
    let watch = Stopwatch::start();
    let settings = Settings { validate: None, ..arguments.common.settings()? };
    arguments.common.judge(&settings, &arguments.debt, &watch)
}
