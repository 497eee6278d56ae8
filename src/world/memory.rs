//! A world of given files, for tests, editors and the browser.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Entry, FileKind, World, WorldError};

/// Files in memory, with no environment, a clock that stands at 0 and randomness that is all zeros.
///
/// ```
/// use plimsoll::world::{Memory, World};
/// let world = Memory::new().with("app/web.yaml", "kind: Service");
/// assert_eq!(world.list("app".as_ref()).unwrap()[0].name, "web.yaml");
/// assert_eq!(&*world.read("app/../app/web.yaml".as_ref(), 100).unwrap(), b"kind: Service");
/// ```
#[derive(Clone, Default, Debug)]
pub struct Memory {
    files: BTreeMap<PathBuf, Arc<[u8]>>,
    stdin: Arc<[u8]>,
}

impl Memory {
    /// Without any file.
    pub fn new() -> Self {
        Memory::default()
    }

    /// With one more file; the directories above it exist by that.
    pub fn with(mut self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(plain(path.as_ref()), bytes.as_ref().into());
        self
    }

    /// With that on standard input.
    pub fn with_stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().into();
        self
    }
}

impl World for Memory {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        match self.files.get(&plain(path)) {
            Some(bytes) if bytes.len() as u64 > limit => Err(WorldError::TooLarge(limit)),
            Some(bytes) => Ok(bytes.clone()),
            None => Err(self.stat(path).err().unwrap_or(WorldError::WrongKind)),
        }
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        if self.stdin.len() as u64 > limit {
            Err(WorldError::TooLarge(limit))
        } else {
            Ok(self.stdin.clone())
        }
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        match self.stat(dir)? {
            FileKind::Directory => {}
            _ => return Err(WorldError::WrongKind),
        }
        let dir = plain(dir);
        let mut entries: Vec<Entry> = Vec::new();
        for file in self.files.keys() {
            let Ok(rest) = file.strip_prefix(&dir) else { continue };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let kind = if parts.next().is_some() { FileKind::Directory } else { FileKind::File };
            entries.push(Entry { name: first.as_os_str().to_string_lossy().into_owned(), kind });
        }
        entries.sort_unstable();
        entries.dedup();
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        let path = plain(path);
        if self.files.contains_key(&path) {
            Ok(FileKind::File)
        } else if path.as_os_str().is_empty() || self.files.keys().any(|f| f.starts_with(&path)) {
            Ok(FileKind::Directory)
        } else {
            Err(WorldError::NotFound)
        }
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        self.stat(path).map(|_| plain(path))
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn now(&self) -> (i64, u32) {
        (0, 0)
    }

    fn random(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

/// The path without dots; one that leaves the root stays at the root, as in any file system.
fn plain(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}
