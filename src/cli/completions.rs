//! `plimsoll completions`: what shells need to complete the command line.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Exit, Failure, output};

/// Print the completions for a shell
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "plimsoll", &mut bytes);
    output::result(&String::from_utf8_lossy(&bytes))?;
    Ok(Exit::Clean)
}
