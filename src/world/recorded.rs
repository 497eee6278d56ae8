//! Remembers what was asked of a world: the read set that caches and "which targets does this file reach" need.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Entry, Executed, FileKind, Program, World, WorldError};

/// A [`World`] that answers as the one inside and keeps the paths that were read, listed or looked for.
///
/// ```
/// use plimsoll::world::{Memory, Recorded, World};
/// let world = Recorded::new(Memory::new().with("a", "1"));
/// let _ = world.read("a".as_ref(), 10);
/// let _ = world.stat("b".as_ref());
/// assert_eq!(world.read_set(), ["a".as_ref() as &std::path::Path, "b".as_ref()]);
/// ```
pub struct Recorded<W> {
    inner: W,
    seen: Mutex<BTreeSet<PathBuf>>,
}

impl<W: World> Recorded<W> {
    /// Around that world.
    pub fn new(inner: W) -> Self {
        Recorded { inner, seen: Mutex::default() }
    }

    /// Every path that an answer depended on, sorted. A path that was looked for and not found is among them:
    /// should it come to be, the answer changes.
    pub fn read_set(&self) -> Vec<PathBuf> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn note(&self, path: &Path) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }
}

impl<W: World> World for Recorded<W> {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        self.note(path);
        self.inner.read(path, limit)
    }

    fn read_into(&self, path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<usize, WorldError> {
        self.note(path);
        self.inner.read_into(path, limit, buffer)
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        self.inner.stdin(limit)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        self.note(dir);
        self.inner.list(dir)
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        self.note(path);
        self.inner.stat(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        self.inner.canonical(path)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.inner.env(name)
    }

    fn now(&self) -> (i64, u32) {
        self.inner.now()
    }

    fn random(&self, buffer: &mut [u8]) {
        self.inner.random(buffer);
    }

    fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, WorldError> {
        self.inner.git(arguments, input)
    }

    fn execute(&self, program: &Program, input: &[u8]) -> Result<Executed, WorldError> {
        self.inner.execute(program, input)
    }

    fn begin(&self, name: &str) {
        self.inner.begin(name);
    }
}
