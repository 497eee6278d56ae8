//! Which configuration holds for a run; what is not understood in it is wrong usage.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use crate::config::{Configuration, nearest};
use crate::lint::{self, Settings};
use crate::pipeline::Nested;
use crate::world::World;

/// The given file, or the nearest one in the working directory and those above; the defaults where there is none.
pub(super) fn read(given: Option<&Path>, world: &dyn World) -> Result<Configuration, Failure> {
    let here = here(world);
    let path = match given {
        Some(path) => Some(path.to_owned()),
        None => nearest(&here, world).map(|path| shown(&path, &here)),
    };
    let Some(path) = path else { return Ok(Configuration::default()) };
    // Every line of it is a mistake of its own.
    Configuration::read(&path, &here, world)
        .map_err(|error| Failure::usage(error.0.replace('\n', "\nerror: ")))
}

/// Finds the configurations of files for which another one is nearer than that of the working directory. Each gets
/// what the command line says.
pub(super) fn nested(world: &dyn World, told: impl Fn(&mut Settings) + Send + Sync + 'static) -> Nested {
    let here = here(world);
    let own = nearest(&here, world);
    Arc::new(move |directory, world| {
        let found = nearest(directory, world).filter(|path| Some(path) != own.as_ref());
        let Some(path) = found else { return Ok(None) };
        let read = Configuration::read(&shown(&path, &here), &here, world).map_err(|error| error.0)?;
        let mut settings = read.settings;
        told(&mut settings);
        let directory = path.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Some(lint::Nested { directory, settings }))
    })
}

fn here(world: &dyn World) -> PathBuf {
    world.canonical(Path::new(".")).unwrap_or_else(|_| PathBuf::from("/"))
}

/// A path as a person would write it from here.
fn shown(path: &Path, here: &Path) -> PathBuf {
    if let Ok(below) = path.strip_prefix(here) {
        return below.to_owned();
    }
    let up = here.ancestors().position(|above| path.starts_with(above)).unwrap_or(0);
    let above = here.ancestors().nth(up).unwrap_or(here);
    // From far away the full path reads better.
    match path.strip_prefix(above) {
        Ok(below) if up <= 4 => std::iter::repeat_n("..", up).collect::<PathBuf>().join(below),
        _ => path.to_owned(),
    }
}
