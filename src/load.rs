//! Finds what there is below the given paths, tells its kinds apart and reads it.
//!
//! Files that a person named are judged as they stand. Files found by walking a directory are taken only when
//! they look like Kubernetes manifests: a repository holds much other YAML, and none of it is our business.

mod changed;
mod classify;
mod codes;
mod find;
mod ignored;
mod judge;
mod mistakes;
mod read;

use std::path::PathBuf;
use std::sync::Arc;

use source::{Code, Diagnostics, SourceId, Sources};
use yaml::Doc;

pub use classify::Content;
pub use codes::UNJUDGED;

pub use find::find;
pub use read::{read, read_file};

use crate::world::{Globs, World, plain};

/// Bytes of one file; past any manifest that a cluster could hold, and small enough to be held twice.
pub const FILE_LIMIT: u64 = 256 << 20;

/// What a person asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files and directories; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// The name that findings on standard input get.
    pub stdin_name: Option<String>,
    /// Patterns in the manner of `.gitignore`, from the working directory; what matches is left out.
    pub exclude: Vec<String>,
    /// The same from a configuration, from its own directory.
    pub excluded: Globs,
    /// Whether the paths are files that changed: what uses them is looked for in the working directory.
    pub changed: bool,
    /// Whether a named file has to hold Kubernetes objects and nothing else, as for `kubectl apply`.
    pub objects_only: bool,
}

impl Request {
    /// Whether it asks for all of the working directory, so that what is not found is not there.
    pub fn is_whole(&self) -> bool {
        !self.changed && self.paths.iter().any(|path| plain(path).as_os_str().is_empty())
    }
}

/// One file to read, and how it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundFile {
    /// Where it is; empty for standard input.
    pub path: PathBuf,
    /// What reports call it: the path as given.
    pub name: String,
    /// Whether a person named it, so that it is not to be passed over in silence.
    pub named: bool,
    /// What is known already of it.
    pub role: Role,
}

/// What a file is before it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// Manifests, or some other YAML: its text will tell.
    Manifest,
    /// Standard input.
    Stdin,
    /// The `Chart.yaml` of a chart, which stands for all of the chart's files.
    Chart,
    /// The `kustomization.yaml` of a directory, which stands for all files below.
    Kustomization,
    /// It could not be looked at, for that reason.
    Unreadable(crate::world::WorldError),
}

/// One file after reading.
pub struct File {
    /// Its text.
    pub source: SourceId,
    /// Its documents.
    pub docs: Vec<Document>,
    /// Whether a person named it.
    pub named: bool,
    /// What it is.
    pub role: Role,
    /// Whether its text could be read.
    pub is_read: bool,
    /// Whether something in it (or all of it) could not be read.
    pub broken: bool,
}

impl File {
    /// The trees of its objects.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Doc>> {
        self.docs.iter().filter(|document| document.content.is_object()).filter_map(|d| d.doc.as_ref())
    }

    /// Whether it holds an object.
    pub fn has_objects(&self) -> bool {
        self.docs.iter().any(|document| document.content.is_object())
    }
}

/// One document of a file.
pub struct Document {
    /// Its tree; `None` once nobody asks for it any more.
    pub doc: Option<Arc<Doc>>,
    /// Its bytes in the text, as of [`Doc::span`].
    pub span: (u32, u32),
    /// Whether there is nothing in it but blanks and comments.
    pub is_empty: bool,
    /// Whether its text is broken, so that the tree is not all that was meant.
    pub broken: bool,
    /// What it is.
    pub content: Content,
}

/// All that was read.
#[derive(Default)]
pub struct Loaded {
    /// The texts; a file's id is its place in `files`.
    pub sources: Sources,
    /// The files in the order given, those of a directory sorted.
    pub files: Vec<File>,
}

/// All codes of this stage.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    codes::CODES.iter().chain(mistakes::CODES).copied()
}

/// Finds and reads: the whole stage.
pub fn load(request: &Request, world: &dyn World, out: &mut Diagnostics) -> Result<Loaded, String> {
    let found = find(request, world)?;
    Ok(read(found, request.objects_only, world, out))
}
