//! The only door to disk, network, environment, clock and randomness.

mod commit;
mod disk;
mod globs;
mod memory;
mod recorded;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use commit::Commit;
pub use disk::Disk;
pub use globs::{Globs, plain};
pub use memory::Memory;
pub use recorded::Recorded;

/// What the program may see of its surroundings. Everything goes through it: tests, archives, editors and the
/// browser each bring one of their own.
///
/// It is synchronous, object-safe and deals in bytes.
pub trait World: Send + Sync {
    /// The bytes of a file; at most `limit` of them, a longer file is [`WorldError::TooLarge`].
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError>;
    /// The same into the start of a buffer that is kept from file to file and grows as it has to; gives how many bytes
    /// there are. What else is in the buffer means nothing.
    fn read_into(&self, path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<usize, WorldError> {
        let bytes = self.read(path, limit)?;
        buffer.clear();
        buffer.extend_from_slice(&bytes);
        Ok(bytes.len())
    }
    /// All of standard input; at most `limit` bytes of it.
    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError>;
    /// The entries of a directory, sorted by name.
    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError>;
    /// What a path is, links followed.
    fn stat(&self, path: &Path) -> Result<FileKind, WorldError>;
    /// The path without links and dots.
    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError>;
    /// An environment variable.
    fn env(&self, name: &str) -> Option<String>;
    /// Seconds and nanoseconds since 1970-01-01 UTC.
    fn now(&self) -> (i64, u32);
    /// Fills the buffer with random bytes.
    fn random(&self, buffer: &mut [u8]);
    /// What the `git` program prints for these arguments in the working directory, with that on its standard input. Only
    /// for what a person asked for by a flag; a world without programs says so.
    fn git(&self, _arguments: &[&str], _input: &[u8]) -> Result<Vec<u8>, WorldError> {
        Err(WorldError::Other("no program can be started here".to_owned()))
    }
    /// Runs a program to its end with that on its standard input. Only for what a person asked for by a flag; a world
    /// without programs says so.
    fn execute(&self, _program: &Program, _input: &[u8]) -> Result<Executed, WorldError> {
        Err(WorldError::Other("no program can be started here".to_owned()))
    }
    /// Says that what is of that name begins: randomness that follows from a seed begins anew with each, so that one
    /// part of a rendering does not depend on how much another one takes.
    fn begin(&self, name: &str) {
        let _ = name;
    }
}

/// A program with all that it is started with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// Its file; without a slash it is looked for on the search path.
    pub path: PathBuf,
    /// What stands behind it.
    pub arguments: Vec<String>,
    /// Variables that are added to the environment.
    pub environment: Vec<(String, String)>,
    /// The directory that it works in.
    pub dir: PathBuf,
}

/// What a program did.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Executed {
    /// Its exit code; `None` where it was killed.
    pub code: Option<i32>,
    /// Its standard output.
    pub output: Vec<u8>,
    /// Its standard error.
    pub errors: Vec<u8>,
}

/// One entry of a directory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// The name without its directory.
    pub name: String,
    /// What it is, links not followed.
    pub kind: FileKind,
}

/// What a path leads to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; only in the answers of [`World::list`].
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// Why a path could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WorldError {
    /// There is nothing of that name.
    NotFound,
    /// The reader may not read it.
    Denied,
    /// It is a directory where a file was wanted, or the reverse.
    WrongKind,
    /// It is longer than the limit, in bytes.
    TooLarge(u64),
    /// Anything else, in the system's words.
    Other(String),
}

impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorldError::NotFound => f.write_str("there is no such file or directory"),
            WorldError::Denied => f.write_str("permission denied"),
            WorldError::WrongKind => {
                f.write_str("it is a directory where a file was expected, or the reverse")
            }
            WorldError::TooLarge(limit) => write!(f, "it is larger than the limit of {}", Bytes(*limit)),
            WorldError::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for WorldError {}

/// A number of bytes as people say it.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n >= 1 << 20 && n.is_multiple_of(1 << 20) => write!(f, "{} MiB", n >> 20),
            n => write!(f, "{n} bytes"),
        }
    }
}
