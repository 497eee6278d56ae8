//! `plimsoll.yaml`: found, read, and what is not understood in it told as wrong usage.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::{Diagnostics, LineIndex, SourceId};
use yaml::{Options, Profile};

use super::Failure;
use crate::lint;
use crate::world::{World, WorldError};

/// The file's name.
const NAME: &str = "plimsoll.yaml";
/// A configuration is written by hand.
const LIMIT: u64 = 1 << 20;

/// The settings of the given file, or of the nearest one in the working directory and those above; the defaults where
/// there is none.
pub(super) fn settings(given: Option<&Path>, world: &dyn World) -> Result<lint::Settings, Failure> {
    let path = match given {
        Some(path) => Some(path.to_owned()),
        None => nearest(world),
    };
    let Some(path) = path else { return Ok(lint::Settings::default()) };
    let shown = path.display();
    let bytes = world
        .read(&path, LIMIT)
        .map_err(|e| Failure::usage(format!("{shown} cannot be read: {}", why(&e))))?;
    let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
    let lines = LineIndex::new(&text);
    let place = |offset: u32| {
        let at = lines.line_column(&text, offset);
        format!("{shown}:{}:{}", at.line, at.column)
    };
    let mut out = Diagnostics::new();
    let docs = yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out);
    if let Some(broken) = out.iter().next() {
        let at = match broken.primary.at {
            source::Place::Span(span) => span.start,
            source::Place::Origin(_) => 0,
        };
        return Err(Failure::usage(format!("{}: {}", place(at), broken.message)));
    }
    let Some(root) = docs.first().and_then(|doc| doc.root()) else { return Ok(lint::Settings::default()) };
    let (settings, faults) = lint::configured(root);
    match faults.first() {
        Some(fault) => Err(Failure::usage(format!("{}: {}", place(fault.span.0), fault.message))),
        None => Ok(settings),
    }
}

fn nearest(world: &dyn World) -> Option<PathBuf> {
    let here = world.canonical(Path::new(".")).ok()?;
    here.ancestors().map(|dir| dir.join(NAME)).find(|path| world.stat(path).is_ok())
}

fn why(error: &WorldError) -> String {
    match error {
        WorldError::NotFound => "there is no such file".to_owned(),
        WorldError::Denied => "permission denied".to_owned(),
        WorldError::WrongKind => "it is no file".to_owned(),
        WorldError::TooLarge(_) => "it is longer than 1 MiB".to_owned(),
        WorldError::Other(text) => text.clone(),
    }
}
