//! Findings that are known and not told again: a baseline, or what a commit had already.

use std::path::{Path, PathBuf};

use clap::Args;

use super::common::{Run, Selection, run_in};
use super::{Failure, output};
use crate::pipeline::{Known, Settings, fingerprints};
use crate::world::{Commit, Disk, World, WorldError};

/// Bytes of a baseline.
const LIMIT: u64 = 256 << 20;

/// Which findings are known.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Debt {
    /// Leave out the findings that stand in this file
    #[arg(long, value_name = "FILE", help_heading = "Findings")]
    pub baseline: Option<PathBuf>,

    /// Write all findings into the baseline
    #[arg(long, help_heading = "Findings", conflicts_with = "new_since")]
    pub write_baseline: bool,

    /// Remove from the baseline what is found no more; what is new stays new
    #[arg(long, help_heading = "Findings", conflicts_with_all = ["write_baseline", "new_since"])]
    pub update_baseline: bool,

    /// Leave out the findings that this commit has already; runs the git program
    #[arg(long, value_name = "REF", help_heading = "Findings", conflicts_with = "baseline")]
    pub new_since: Option<String>,
}

impl Debt {
    /// The same with the configuration's baseline, where the command line says nothing else.
    pub fn or(&self, configured: Option<&PathBuf>) -> Debt {
        let mut debt = self.clone();
        if debt.new_since.is_none() {
            debt.baseline = debt.baseline.or_else(|| configured.cloned());
        }
        debt
    }

    /// Whether findings need their fingerprints.
    pub fn is_asked(&self) -> bool {
        self.baseline.is_some() || self.new_since.is_some()
    }

    /// Takes the known findings out of a run.
    pub fn settle(&self, run: &mut Run, settings: &Settings, selection: &Selection) -> Result<(), Failure> {
        let path = match (&self.baseline, &self.new_since) {
            (_, Some(commit)) => return self.since(commit, run, settings, selection),
            (Some(path), None) => path,
            (None, None) if self.write_baseline || self.update_baseline => {
                return Err(Failure::usage("no baseline is named").help("add `--baseline FILE`"));
            }
            (None, None) => return Ok(()),
        };
        let outcome = &mut run.outcome;
        let mut known = Known::default();
        if self.write_baseline {
            known = Known::of(&outcome.diagnostics, &run.prints, &outcome.sources);
            output::file(&path.display().to_string(), &known.to_text())?;
        } else if let Some(text) = read(path, self.update_baseline)? {
            known = Known::parse(path, &text).map_err(Failure::usage)?;
            if self.update_baseline {
                known = known.without_stale(&Known::of(&outcome.diagnostics, &run.prints, &outcome.sources));
                output::file(&path.display().to_string(), &known.to_text())?;
            }
        }
        // What single files or single rules leave out may still be there.
        let is_whole = settings.request.is_whole()
            && !outcome.files.iter().any(|file| file.broken)
            && selection.is_all();
        run.known = known.take_out(&mut outcome.diagnostics, &mut run.prints, &mut outcome.sources, is_whole);
        Ok(())
    }

    fn since(
        &self,
        commit: &str,
        run: &mut Run,
        settings: &Settings,
        selection: &Selection,
    ) -> Result<(), Failure> {
        let world = Commit::read(commit, &Disk).map_err(Failure::usage)?;
        let before = run_in(&world, settings, selection)?;
        let prints =
            fingerprints(&before.outcome.diagnostics, &before.outcome.bundle, &before.outcome.sources);
        let known = Known::of(&before.outcome.diagnostics, &prints, &before.outcome.sources);
        let outcome = &mut run.outcome;
        run.known = known.take_out(&mut outcome.diagnostics, &mut run.prints, &mut outcome.sources, false);
        Ok(())
    }
}

/// The baseline's text; none where it is about to be made.
fn read(path: &Path, may_be_new: bool) -> Result<Option<String>, Failure> {
    match Disk.read(path, LIMIT) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(WorldError::NotFound) if may_be_new => Ok(None),
        Err(error) => Err(Failure::usage(format!("{} cannot be read: {error}", path.display()))
            .help("`--write-baseline` makes it")),
    }
}
