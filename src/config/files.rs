//! Which configuration holds where, and reading it with what it extends.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::{Diagnostics, LineIndex, SourceId};
use yaml::{Doc, Options, Profile};

use super::{Fault, ROOT, check, foreign};
use crate::world::{World, WorldError, plain};

/// The file's name.
pub const NAME: &str = "plimsoll.yaml";
/// A configuration is written by hand.
const LIMIT: u64 = 1 << 20;
/// Files that one builds on, one upon the other.
const DEPTH: usize = 16;

/// Why a configuration cannot be used: lines of `FILE:LINE:COLUMN: what is wrong`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError(pub String);

/// The nearest configuration of a directory that is given in full: in it, or in one above. Beside our own, kube-linter's
/// counts.
pub fn nearest(directory: &Path, world: &dyn World) -> Option<PathBuf> {
    let names = || std::iter::once(NAME).chain(foreign::KUBE_LINTER);
    let paths = directory.ancestors().flat_map(|dir| names().map(|name| dir.join(name)));
    paths.into_iter().find(|path| world.stat(path).is_ok())
}

/// One file that was read and is of the declared shape.
pub(super) struct File {
    /// Its path as given.
    pub path: PathBuf,
    /// The directory that paths in it start from, in full.
    pub directory: PathBuf,
    /// Its text.
    pub text: Arc<str>,
    /// Its tree; `None` where it says nothing.
    pub doc: Option<Arc<Doc>>,
    lines: LineIndex,
}

impl File {
    /// `FILE:LINE:COLUMN`.
    pub fn place(&self, offset: u32) -> String {
        let at = self.lines.line_column(&self.text, offset);
        format!("{}:{}:{}", self.path.display(), at.line, at.column)
    }

    /// The line, counted from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.line_column(&self.text, offset).line
    }

    /// What is wrong at places of it, one line each.
    pub fn error(&self, faults: &[Fault]) -> ConfigError {
        let lines: Vec<String> =
            faults.iter().map(|fault| format!("{}: {}", self.place(fault.span.0), fault.message)).collect();
        ConfigError(lines.join("\n"))
    }
}

/// The file with all that it extends, those that others build on first.
pub(super) fn chain(path: &Path, world: &dyn World) -> Result<Vec<File>, ConfigError> {
    let mut files = Vec::new();
    add(path, world, &mut files, &mut Vec::new())?;
    Ok(files)
}

fn add(
    path: &Path,
    world: &dyn World,
    files: &mut Vec<File>,
    open: &mut Vec<PathBuf>,
) -> Result<(), ConfigError> {
    let full = world.canonical(path).unwrap_or_else(|_| plain(path));
    if open.contains(&full) {
        return Err(ConfigError(format!("{}: it extends itself", path.display())));
    }
    if open.len() >= DEPTH {
        return Err(ConfigError(format!("{}: more than {DEPTH} files build on each other", path.display())));
    }
    let file = read(path, &full, world)?;
    open.push(full);
    let parents = file.doc.as_ref().and_then(|doc| doc.root()).and_then(|root| root.get("extends"));
    if let Some(parents) = parents {
        let one = Some(parents).filter(|node| node.kind() != yaml::Kind::Seq);
        for parent in one.into_iter().chain(parents.items()) {
            let at = plain(&path.parent().unwrap_or(Path::new("")).join(parent.text()));
            if world.stat(&at).is_err() {
                let span = parent.span().unwrap_or((0, 0));
                let message = format!("there is no file `{}`", at.display());
                return Err(file.error(&[Fault { span, message }]));
            }
            add(&at, world, files, open)?;
        }
    }
    open.pop();
    files.push(file);
    Ok(())
}

fn read(path: &Path, full: &Path, world: &dyn World) -> Result<File, ConfigError> {
    let shown = path.display();
    let bytes =
        world.read(path, LIMIT).map_err(|e| ConfigError(format!("{shown} cannot be read: {}", why(&e))))?;
    let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
    let directory = full.parent().unwrap_or(Path::new("/")).to_owned();
    let lines = LineIndex::new(&text);
    let mut file = File { path: path.to_owned(), directory, text: text.clone(), doc: None, lines };
    let mut out = Diagnostics::new();
    let docs = yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out);
    let broken = out.iter().map(|broken| {
        let span = broken.primary.at.span().map_or((0, 0), |span| (span.start, span.end));
        Fault { span, message: broken.message.clone() }
    });
    let mut faults: Vec<Fault> = broken.collect();
    let doc = docs.into_iter().next();
    if let Some(root) = doc.as_ref().and_then(|doc| doc.root()).filter(|root| !root.is_null()) {
        check(root, &ROOT, &mut faults);
        file.doc = doc;
    }
    if faults.is_empty() { Ok(file) } else { Err(file.error(&faults)) }
}

fn why(error: &WorldError) -> String {
    match error {
        WorldError::WrongKind => "it is no file".to_owned(),
        other => other.to_string(),
    }
}
