//! The machine itself: its files, environment, clock and randomness.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Entry, Executed, FileKind, Program, World, WorldError};

/// The [`World`] of the command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl World for Disk {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        let file = fs::File::open(path).map_err(told)?;
        let about = file.metadata().map_err(told)?;
        if about.is_dir() {
            return Err(WorldError::WrongKind);
        }
        // The length is a promise of regular files only: pipes and devices have none, and `take` bounds them.
        let length = if about.is_file() { about.len() } else { 0 };
        if length > limit {
            return Err(WorldError::TooLarge(limit));
        }
        if length > 0 {
            return whole(file, length as usize, limit);
        }
        bounded(file, limit)
    }

    fn read_into(&self, path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<usize, WorldError> {
        let mut file = fs::File::open(path).map_err(told)?;
        let mut length = 0;
        loop {
            if length == buffer.len() {
                buffer.resize((2 * length).max(FIRST_BUFFER), 0);
            }
            match file.read(&mut buffer[length..]) {
                Ok(0) => return Ok(length),
                Ok(more) => length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(told(error)),
            }
            if length as u64 > limit {
                return Err(WorldError::TooLarge(limit));
            }
        }
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        bounded(io::stdin().lock(), limit)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(dir).map_err(told)? {
            let entry = entry.map_err(told)?;
            // A name that is no Unicode can be neither reported nor written in a manifest; no tool of ours reads it.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = entry.file_type().map_or(FileKind::Other, kind_of);
            entries.push(Entry { name, kind });
        }
        entries.sort_unstable();
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        fs::metadata(path).map(|m| kind_of(m.file_type())).map_err(told)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        fs::canonicalize(path).map_err(told)
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn now(&self) -> (i64, u32) {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or((0, 0), |d| (i64::try_from(d.as_secs()).unwrap_or(i64::MAX), d.subsec_nanos()))
    }

    fn random(&self, buffer: &mut [u8]) {
        // Without a source of randomness keys and passwords would be guessable; zeros at least look wrong.
        if getrandom::fill(buffer).is_err() {
            buffer.fill(0);
        }
    }

    fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, WorldError> {
        let mut command = Command::new("git");
        command.args(arguments);
        let output = run(command, input).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => WorldError::Other("the program `git` is not installed".to_owned()),
            _ => told(e),
        })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(WorldError::Other(said.lines().next().unwrap_or("git failed").to_owned()))
    }

    fn execute(&self, program: &Program, input: &[u8]) -> Result<Executed, WorldError> {
        let mut command = Command::new(&program.path);
        let environment = program.environment.iter().map(|(name, value)| (name, value));
        command.args(&program.arguments).envs(environment).current_dir(&program.dir);
        let output = run(command, input).map_err(told)?;
        Ok(Executed { code: output.status.code(), output: output.stdout, errors: output.stderr })
    }
}

/// Runs a program to its end.
fn run(mut command: Command, input: &[u8]) -> io::Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let stdin = child.stdin.take();
    // Written beside reading: a program may answer before it has read all, and both pipes are bounded.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })
}

/// Bytes of a buffer that files are read into, to begin with; most files of a chart fit.
const FIRST_BUFFER: usize = 32 << 10;

/// A file of that length: one call to the system where the file keeps to it.
fn whole(mut file: fs::File, length: usize, limit: u64) -> Result<Arc<[u8]>, WorldError> {
    // One byte more: that nothing comes for it says that the file ends there.
    let mut bytes = vec![0; length + 1];
    let read = match file.read(&mut bytes) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
        read => read.map_err(told)?,
    };
    if read == length {
        bytes.truncate(length);
        return Ok(bytes.into());
    }
    // It has become longer or shorter, or the system gives it in pieces.
    bytes.truncate(read);
    file.take(limit.saturating_add(1).saturating_sub(read as u64)).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > limit { Err(WorldError::TooLarge(limit)) } else { Ok(bytes.into()) }
}

fn bounded(from: impl Read, limit: u64) -> Result<Arc<[u8]>, WorldError> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > limit { Err(WorldError::TooLarge(limit)) } else { Ok(bytes.into()) }
}

fn kind_of(kind: fs::FileType) -> FileKind {
    if kind.is_file() {
        FileKind::File
    } else if kind.is_dir() {
        FileKind::Directory
    } else if kind.is_symlink() {
        FileKind::Link
    } else {
        FileKind::Other
    }
}

fn told(error: io::Error) -> WorldError {
    match error.kind() {
        io::ErrorKind::NotFound => WorldError::NotFound,
        io::ErrorKind::PermissionDenied => WorldError::Denied,
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => WorldError::WrongKind,
        // `FilesystemLoop` is the kind, and not stable yet; the numbers are those of Linux and of macOS.
        _ if matches!(error.raw_os_error(), Some(40 | 62)) => {
            WorldError::Other("its symbolic links lead in a circle".to_owned())
        }
        _ => WorldError::Other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_up_to_the_limit_and_not_beyond() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        fs::write(&file, b"12345").unwrap();
        assert_eq!(&*Disk.read(&file, 5).unwrap(), b"12345");
        assert_eq!(Disk.read(&file, 4), Err(WorldError::TooLarge(4)));
        let mut buffer = vec![b'x'; 3];
        assert_eq!(Disk.read_into(&file, 5, &mut buffer), Ok(5));
        assert_eq!(&buffer[..5], b"12345");
        assert_eq!(Disk.read_into(&file, 4, &mut buffer), Err(WorldError::TooLarge(4)));
        assert_eq!(Disk.read_into(dir.path(), 4, &mut buffer), Err(WorldError::WrongKind));
        assert_eq!(Disk.read(dir.path(), 4), Err(WorldError::WrongKind));
        assert_eq!(Disk.read(&dir.path().join("b"), 4), Err(WorldError::NotFound));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_is_bounded_and_links_in_a_circle_are_told() {
        assert_eq!(Disk.read(Path::new("/dev/zero"), 1000), Err(WorldError::TooLarge(1000)));
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("loop");
        std::os::unix::fs::symlink(&link, &link).unwrap();
        assert!(matches!(Disk.stat(&link), Err(WorldError::Other(text)) if text.contains("circle")));
        assert_eq!(Disk.list(dir.path()).unwrap(), [Entry { name: "loop".into(), kind: FileKind::Link }]);
    }
}
