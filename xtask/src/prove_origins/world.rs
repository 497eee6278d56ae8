//! A world in which one file can be changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use plimsoll::world::{Disk, Entry, FileKind, World, WorldError};

/// The disk, read once, with one file changed.
#[derive(Default)]
pub struct Changed {
    files: Mutex<HashMap<PathBuf, Result<Arc<[u8]>, WorldError>>>,
    lists: Mutex<HashMap<PathBuf, Result<Vec<Entry>, WorldError>>>,
    changed: Mutex<Option<(PathBuf, Arc<[u8]>)>>,
}

impl Changed {
    /// From here on that file holds this.
    pub fn set(&self, file: &Path, text: String) {
        *self.changed.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((file.to_owned(), text.into_bytes().into()));
    }

    /// From here on everything is as on the disk.
    pub fn clear(&self) {
        *self.changed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl World for Changed {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        if let Some((file, bytes)) = &*self.changed.lock().unwrap_or_else(PoisonError::into_inner)
            && file == path
        {
            return Ok(bytes.clone());
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(path.to_owned()).or_insert_with(|| Disk.read(path, limit)).clone()
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        Disk.stdin(limit)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.entry(dir.to_owned()).or_insert_with(|| Disk.list(dir)).clone()
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        Disk.stat(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        Disk.canonical(path)
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
