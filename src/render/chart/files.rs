//! The files of a chart as they lie in a directory or come out of an archive, before anything is made of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::world::{FileKind, World, WorldError};

use super::ignore::{HELMIGNORE, RuleError, Rules};

/// The largest file that Helm loads, in bytes.
pub(crate) const MAX_FILE: u64 = 5 << 20;

/// More files than any chart has: a directory of millions ends with a message and not with an empty machine.
pub(crate) const MAX_FILES: usize = 200_000;

/// Bytes of all files of a directory; Helm limits each alone.
const MAX_BYTES: u64 = 1 << 30;

/// Directories within directories, links followed.
const MAX_DEPTH: usize = 100;

/// One file: its path below the chart's root, with `/`, and its bytes without a byte order mark.
#[derive(Clone, Debug)]
pub(crate) struct BufferedFile {
    /// Such as `templates/a.yaml`.
    pub name: Box<str>,
    /// What is in it.
    pub data: Content,
}

/// The bytes of a file, in one allocation that what is made of the file shares.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// They are UTF-8.
    Text(Arc<str>),
    /// They are not.
    Bytes(Arc<[u8]>),
}

impl Content {
    /// A copy of the bytes.
    pub(crate) fn of(bytes: &[u8]) -> Content {
        match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(text.into()),
            Err(_) => Content::Bytes(bytes.into()),
        }
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        }
    }

    /// The bytes to be shared, not copied.
    pub(crate) fn shared(&self) -> Arc<[u8]> {
        match self {
            Content::Text(text) => text.clone().into(),
            Content::Bytes(bytes) => bytes.clone(),
        }
    }
}

/// Why a directory cannot be read.
pub(crate) enum WalkError {
    /// The `.helmignore` file holds a rule that Helm cannot read.
    Ignore(PathBuf, String, RuleError),
    /// A path could not be read.
    World(PathBuf, WorldError),
    /// A file is longer than Helm loads.
    TooLarge(PathBuf),
    /// It is a pipe, a socket, a device.
    Irregular(PathBuf),
    /// More files, or deeper folders, than any chart has.
    TooMany(PathBuf),
}

/// What a walk found.
pub(crate) struct Walked {
    /// The files.
    pub files: Vec<BufferedFile>,
    /// The links that were followed, and where to.
    pub links: Vec<(PathBuf, PathBuf)>,
}

/// All files below a chart's directory that its `.helmignore` does not leave out, in the order of a walk that sorts
/// each directory by name and follows links. `see` gets each as soon as it is read.
pub(crate) fn walk(
    world: &dyn World,
    root: &Path,
    see: &mut dyn FnMut(&BufferedFile),
) -> Result<Walked, WalkError> {
    let ignore_file = root.join(HELMIGNORE);
    let rules = match world.read(&ignore_file, MAX_FILE) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            match Rules::parse(&text) {
                Ok(rules) => rules,
                Err(error) => return Err(WalkError::Ignore(ignore_file, text.into_owned(), error)),
            }
        }
        Err(_) => Rules::defaults(),
    };
    let mut files = Vec::new();
    let mut links = Vec::new();
    let mut left = MAX_BYTES;
    let mut buffer = Vec::new();
    // Each level is a list of entries still to be visited, last one next.
    let mut pending = vec![(root.to_owned(), String::new(), FileKind::Directory, 0)];
    while let Some((path, name, kind, depth)) = pending.pop() {
        let kind = match kind {
            FileKind::Link => {
                let found = world.stat(&path).and_then(|kind| Ok((kind, world.canonical(&path)?)));
                let (kind, target) = found.map_err(|e| WalkError::World(path.clone(), e))?;
                links.push((path.clone(), target));
                kind
            }
            kind => kind,
        };
        if !name.is_empty() && rules.ignores(&name, kind == FileKind::Directory) {
            continue;
        }
        match kind {
            FileKind::Directory => {
                if depth > MAX_DEPTH || pending.len() + files.len() > MAX_FILES {
                    return Err(WalkError::TooMany(path));
                }
                let entries = world.list(&path).map_err(|e| WalkError::World(path.clone(), e))?;
                for entry in entries.into_iter().rev() {
                    let inner =
                        if name.is_empty() { entry.name.clone() } else { format!("{name}/{}", entry.name) };
                    pending.push((path.join(&entry.name), inner, entry.kind, depth + 1));
                }
            }
            FileKind::File => {
                let length = world.read_into(&path, MAX_FILE, &mut buffer).map_err(|error| match error {
                    WorldError::TooLarge(_) => WalkError::TooLarge(path.clone()),
                    error => WalkError::World(path.clone(), error),
                })?;
                left = left.checked_sub(length as u64).ok_or_else(|| WalkError::TooMany(path.clone()))?;
                let data = Content::of(without_bom(buffer.get(..length).unwrap_or_default()));
                let file = BufferedFile { name: name.into(), data };
                see(&file);
                files.push(file);
            }
            FileKind::Link | FileKind::Other => return Err(WalkError::Irregular(path)),
        }
    }
    Ok(Walked { files, links })
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The bytes after a UTF-8 byte order mark.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}
