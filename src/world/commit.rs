//! The files of a commit as a world: what a repository looked like.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Entry, FileKind, Memory, World, WorldError, plain};

/// Bytes of a file that is taken at once; a larger one is fetched when it is read.
const AT_ONCE: u64 = 1 << 20;
/// Bytes of all files that are taken at once.
const TOTAL: u64 = 1 << 30;

/// A [`World`] in which the files of the repository are those of a commit. All else is as in the world around it.
pub struct Commit<'a> {
    around: &'a dyn World,
    here: PathBuf,
    files: Memory,
    /// Larger files: the object that git knows them by.
    large: HashMap<PathBuf, String>,
}

impl<'a> Commit<'a> {
    /// The commit of that name (a branch, a tag, a hash) of the repository around the working directory.
    pub fn read(name: &str, around: &'a dyn World) -> Result<Self, String> {
        let told = |error: WorldError| format!("`{name}`: {error}");
        let top = around.git(&["rev-parse", "--show-toplevel"], b"").map_err(told)?;
        let top = PathBuf::from(String::from_utf8_lossy(&top).trim_end());
        let top = around.canonical(&top).unwrap_or(top);
        let here = around.canonical(Path::new(".")).map_err(told)?;
        // A name that begins with a dash would be an option.
        let commit = format!("{name}^{{commit}}");
        let commit = around
            .git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit], b"")
            .map_err(|_| format!("there is no commit `{name}`"))?;
        let commit = String::from_utf8_lossy(&commit).trim_end().to_owned();
        let tree = around.git(&["ls-tree", "-r", "-l", "-z", "--full-tree", &commit], b"").map_err(told)?;
        let mut wanted = Vec::new();
        let mut large = HashMap::new();
        let mut total = 0;
        for line in String::from_utf8_lossy(&tree).split('\0') {
            // `MODE blob HASH SIZE\tPATH`; links are taken as their text, as git without links would have them.
            let Some((about, path)) = line.split_once('\t') else { continue };
            let mut about = about.split_whitespace().skip(1);
            let (Some("blob"), Some(hash), Some(size)) = (about.next(), about.next(), about.next()) else {
                continue;
            };
            let size: u64 = size.parse().unwrap_or(u64::MAX);
            if size > AT_ONCE || total + size > TOTAL {
                large.insert(top.join(path), hash.to_owned());
            } else {
                total += size;
                wanted.push((top.join(path), hash.to_owned()));
            }
        }
        let names: String = wanted.iter().map(|(_, hash)| format!("{hash}\n")).collect();
        let blobs = around.git(&["cat-file", "--batch"], names.as_bytes()).map_err(told)?;
        let mut files = Memory::new();
        let mut rest = blobs.as_slice();
        for (path, _) in wanted {
            // `HASH blob SIZE\n`, the bytes, `\n`.
            let Some(end) = memchr::memchr(b'\n', rest) else { break };
            let size =
                std::str::from_utf8(&rest[..end]).ok().and_then(|head| head.rsplit(' ').next()?.parse().ok());
            let Some(bytes) = size.and_then(|size: usize| rest.get(end + 1..(end + 1).checked_add(size)?))
            else {
                return Err(format!("`{name}`: git's answer is not understood"));
            };
            files = files.with(&path, bytes);
            rest = rest.get(end + 2 + bytes.len()..).unwrap_or(b"");
        }
        Ok(Commit { around, here, files, large })
    }

    fn full(&self, path: &Path) -> PathBuf {
        plain(&self.here.join(path))
    }
}

impl World for Commit<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        let full = self.full(path);
        match self.large.get(&full) {
            Some(hash) => match self.around.git(&["cat-file", "blob", hash], b"")? {
                bytes if bytes.len() as u64 > limit => Err(WorldError::TooLarge(limit)),
                bytes => Ok(bytes.into()),
            },
            None => self.files.read(&full, limit),
        }
    }

    fn stdin(&self, _: u64) -> Result<Arc<[u8]>, WorldError> {
        // A commit has none, and the run that is compared with it wants it.
        Ok(Arc::from(&b""[..]))
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        let full = self.full(dir);
        let mut entries = self.files.list(&full).unwrap_or_default();
        let large = self.large.keys().filter(|path| path.parent() == Some(&full));
        entries.extend(large.filter_map(|path| {
            Some(Entry { name: path.file_name()?.to_string_lossy().into_owned(), kind: FileKind::File })
        }));
        entries.sort_unstable();
        if entries.is_empty() { self.files.list(&full) } else { Ok(entries) }
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        let full = self.full(path);
        if self.large.contains_key(&full) { Ok(FileKind::File) } else { self.files.stat(&full) }
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        Ok(self.full(path))
    }

    fn env(&self, name: &str) -> Option<String> {
        self.around.env(name)
    }

    fn now(&self) -> (i64, u32) {
        self.around.now()
    }

    fn random(&self, buffer: &mut [u8]) {
        self.around.random(buffer);
    }

    fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, WorldError> {
        self.around.git(arguments, input)
    }
}
