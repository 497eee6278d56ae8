//! `plimsoll config`: the settings that hold here, and those of other programs in our words.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Exit, Failure, configuration, output};
use crate::config::migrate::Migration;
use crate::config::{effective, json_schema};
use crate::load::Request;
use crate::pipeline::{self, Settings};
use crate::world::{Disk, World};

/// Print the settings that hold here and where each was made
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,

    /// The configuration [default: the nearest plimsoll.yaml, here or above]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Task {
    /// Print the plimsoll.yaml that says what kube-linter, kube-score and checkov have been told
    ///
    /// Reads .kube-linter.yaml and .checkov.yaml of the given folders, and the annotations of all objects below them.
    Migrate {
        /// Folders and files [default: the working directory]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// The flags that kube-score is called with, in one word
        #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
        kube_score: Option<String>,
    },
    /// Print the JSON Schema of plimsoll.yaml
    Schema,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.task {
        None => {
            let configuration = configuration::read(arguments.config.as_deref(), &Disk)?;
            output::result(&effective(&configuration))?;
        }
        Some(Task::Schema) => output::result(&json_schema())?,
        Some(Task::Migrate { paths, kube_score }) => migrate(paths, kube_score.as_deref())?,
    }
    Ok(Exit::Clean)
}

fn migrate(paths: Vec<PathBuf>, kube_score: Option<&str>) -> Result<(), Failure> {
    let paths = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths };
    let mut migration = Migration::default();
    let wrong = |error: crate::config::ConfigError| Failure::usage(error.0);
    let beside = |folder: &Path, names: [&str; 2]| {
        names.map(|name| folder.join(name)).into_iter().find(|path| Disk.stat(path).is_ok())
    };
    for folder in &paths {
        if let Some(path) = beside(folder, [".kube-linter.yaml", ".kube-linter.yml"]) {
            migration.kube_linter(&path, &Disk).map_err(wrong)?;
        }
        if let Some(path) = beside(folder, [".checkov.yaml", ".checkov.yml"]) {
            migration.checkov(&path, &Disk).map_err(wrong)?;
        }
    }
    if let Some(flags) = kube_score {
        migration.kube_score(flags);
    }
    let settings = Settings { request: Request { paths, ..Request::default() }, ..Settings::default() };
    let outcome = pipeline::run(&settings, &Disk).map_err(Failure::usage)?;
    outcome.bundle.resources.iter().for_each(|resource| migration.object(resource));
    output::result(&migration.to_yaml())?;
    for what in &migration.untold {
        output::talk(&format!("note: {what} has no counterpart here\n"));
    }
    Ok(())
}
