//! The command line: arguments in, reports and manifests out, one file a subcommand.

mod build;
mod catalogue;
mod check;
mod common;
mod completions;
mod config;
mod configuration;
mod debt;
mod drop_in;
mod explain;
mod failure;
mod function;
mod helm;
mod kubeconform;
mod kustomize;
mod lint;
mod output;
mod pflag;
mod progress;
mod render;
mod rules;
mod summary;
mod template;
mod threads;
mod validate;
mod why;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// Renders, validates and lints Kubernetes manifests.
#[derive(Parser, Debug)]
#[command(name = "plimsoll", version, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration, 3 could not be judged."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Check(check::Arguments),
    Render(render::Arguments),
    Template(template::Arguments),
    Build(build::Arguments),
    Validate(validate::Arguments),
    Lint(lint::Arguments),
    Why(why::Arguments),
    Explain(explain::Arguments),
    Rules(rules::Arguments),
    Config(config::Arguments),
    #[command(name = "fn")]
    Function(function::Arguments),
    Completions(completions::Arguments),
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Exit {
    /// Nothing that counts was found.
    Clean = 0,
    /// Something was.
    Findings = 1,
    /// The arguments or the configuration are wrong.
    Usage = 2,
    /// Something could not be judged.
    Unjudged = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// The program: reads its arguments, runs, and tells how it ended.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        output::talk(&failure::internal(panic));
        std::process::exit(Exit::Unjudged as i32);
    }));
    let mut given = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let program = given.next().unwrap_or_default();
    if let Some(profile) = helm::profile_of_name(&program) {
        return helm::main(profile, given.collect());
    }
    if kustomize::is_name(&program) {
        return kustomize::main(given.collect());
    }
    let arguments = match Arguments::try_parse_from(words()) {
        Ok(arguments) => arguments,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Clean };
            // Nobody is left to be told where writing fails.
            let _ = error.print();
            return exit.into();
        }
    };
    match run(arguments.command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::talk(&failure.to_text());
            failure.exit.into()
        }
    }
}

/// The arguments, those of kubeconform's turned into ours. A path that is no UTF-8 stays what it is.
fn words() -> Vec<OsString> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let texts: Option<Vec<String>> = given.iter().map(|word| word.to_str().map(Into::into)).collect();
    texts.map_or(given, |texts| kubeconform::normalize(texts).into_iter().map(Into::into).collect())
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Check(arguments) => check::run(arguments),
        Command::Render(arguments) => render::run(arguments),
        Command::Template(arguments) => template::run(arguments),
        Command::Build(arguments) => build::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
        Command::Lint(arguments) => lint::run(arguments),
        Command::Why(arguments) => why::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Rules(arguments) => rules::run(arguments),
        Command::Config(arguments) => config::run(arguments),
        Command::Function(arguments) => function::run(arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    }
}
