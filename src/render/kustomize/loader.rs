//! The files of a build: every directory of a kustomization is a root, and what it may read is bounded by it.

use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use source::{OriginId, Place, Source, SourceId, SourceKind, Span};

use super::codes::{FILE_OUTSIDE_ROOT, FILE_UNREADABLE, KUSTOMIZATION_CYCLE, REMOTE_RESOURCE};
use super::context::Cx;
use super::error::{BuildError, ErrorKind};
use super::remote;
use crate::world::{FileKind, WorldError};

/// A longer file is refused. Real ones reach some megabytes.
const FILE_LIMIT: u64 = 512 << 20;

/// A directory with a kustomization, and how the build came there.
///
/// Files are looked for from here; they have to lie here or below, links followed, unless the options lift that. Other
/// roots may lie anywhere but here or above one that is being built (kustomize's `fileLoader`, api 0.21.1).
#[derive(Debug)]
pub struct Root {
    /// Without links and dots.
    pub dir: PathBuf,
    /// As people know it: from where the build was started.
    pub shown: PathBuf,
    /// The root that names this one.
    pub parent: Option<Rc<Root>>,
    /// Where it is named.
    pub entry: Option<Span>,
}

/// The bytes of a file, and what the file is called.
#[derive(Clone, Debug)]
pub struct File {
    /// Its content.
    pub bytes: Arc<[u8]>,
    /// The file itself, links followed.
    pub path: PathBuf,
    /// As people know it.
    pub shown: PathBuf,
}

impl Root {
    /// The root that a build begins at.
    ///
    /// # Errors
    /// It is remote, or no directory.
    pub fn top(path: &str, cx: &Cx<'_>) -> Result<Rc<Root>, BuildError> {
        let at = Place::from(OriginId::UNKNOWN);
        if remote::is_repository(path) {
            return Err(remote_refused(path, at));
        }
        let dir = directory(path, Path::new(path), at, cx)?;
        Ok(Rc::new(Root { dir, shown: clean(Path::new(path)), parent: None, entry: None }))
    }

    /// The root that an entry of this one's kustomization names.
    ///
    /// # Errors
    /// It is remote, absolute, no directory, or here or above.
    pub fn child(
        self: &Rc<Root>,
        path: &str,
        entry: Option<Span>,
        cx: &Cx<'_>,
    ) -> Result<Rc<Root>, BuildError> {
        let at = entry.map_or(Place::from(OriginId::UNKNOWN), Place::from);
        if path.is_empty() {
            let message = "the entry is empty: it has to name a file or a directory";
            return Err(BuildError::new(&FILE_UNREADABLE, at, message, "new root cannot be empty"));
        }
        if remote::is_repository(path) {
            return Err(remote_refused(path, at));
        }
        if Path::new(path).is_absolute() {
            let message = format!("`{path}` is absolute, and a directory has to be named from here");
            let upstream = format!("new root '{path}' cannot be absolute");
            return Err(BuildError::new(&FILE_OUTSIDE_ROOT, at, message, upstream));
        }
        let joined = clean(&self.dir.join(path));
        let dir = directory(path, &joined, at, cx)?;
        let mut visited = Some(self);
        while let Some(root) = visited {
            if root.dir.starts_with(&dir) {
                let upstream = format!(
                    "cycle detected: candidate root '{}' contains visited root '{}'",
                    dir.display(),
                    root.dir.display()
                );
                let message = format!("`{path}` is being built already: it would have to contain itself");
                let error = BuildError::new(&KUSTOMIZATION_CYCLE, at, message, upstream)
                    .help("take the entry out, or move what both need into a directory of its own");
                return Err(error);
            }
            visited = root.parent.as_ref();
        }
        let shown = clean(&self.shown.join(path));
        Ok(Rc::new(Root { dir, shown, parent: Some(self.clone()), entry }))
    }

    /// How many roots are above this one.
    pub fn depth(&self) -> usize {
        let mut depth = 0;
        let mut root = self.parent.as_ref();
        while let Some(above) = root {
            depth += 1;
            root = above.parent.as_ref();
        }
        depth
    }

    /// A file that this root's kustomization names.
    ///
    /// # Errors
    /// It is remote, outside of the root, or cannot be read.
    pub fn load(&self, path: &str, at: impl Into<Place>, cx: &Cx<'_>) -> Result<File, BuildError> {
        let at = at.into();
        if remote::is_url(path) {
            return Err(remote_refused(path, at).kind(ErrorKind::Remote));
        }
        let joined = clean(&self.dir.join(path));
        let shown = clean(&self.shown.join(path));
        let told = joined.display().to_string();
        let unreadable = |error: &WorldError, upstream: String| {
            let message = format!("{} cannot be read: {error}", shown.display());
            BuildError::new(&FILE_UNREADABLE, at, message, upstream)
        };
        let file = if cx.options.load_anywhere {
            joined
        } else {
            let real = cx.world.canonical(&joined).map_err(|error| {
                unreadable(
                    &error,
                    format!("evalsymlink failure on '{told}' : {}", lstat(&joined, &error, cx)),
                )
            })?;
            if matches!(cx.world.stat(&real), Ok(FileKind::Directory)) {
                let message = format!("{} is a directory, and a file is wanted", shown.display());
                let upstream = format!("'{told}' must resolve to a file");
                return Err(BuildError::new(&FILE_UNREADABLE, at, message, upstream));
            }
            if !real.parent().is_some_and(|folder| folder.starts_with(&self.dir)) {
                let message = format!("{} is outside of {}", shown.display(), self.shown.display());
                let upstream = format!("security; file '{told}' is not in or below '{}'", self.dir.display());
                return Err(BuildError::new(&FILE_OUTSIDE_ROOT, at, message, upstream).help(
                    "move the file into the kustomization's directory, make a base of it, or build with --load-restrictor LoadRestrictionsNone",
                ));
            }
            real
        };
        match cx.world.read(&file, FILE_LIMIT) {
            Ok(bytes) => Ok(File { bytes, path: file, shown }),
            Err(error) => {
                let upstream = match error {
                    WorldError::WrongKind => format!("read {}: is a directory", file.display()),
                    _ => format!("open {}: {}", file.display(), go_words(&error)),
                };
                Err(unreadable(&error, upstream))
            }
        }
    }

    /// The text of a file, as a source of the run.
    ///
    /// # Errors
    /// As [`Root::load`]; or it is no text, told as [`ErrorKind::MalformedYaml`].
    pub fn load_text(
        &self,
        path: &str,
        at: impl Into<Place>,
        cx: &mut Cx<'_>,
    ) -> Result<(SourceId, Arc<str>), BuildError> {
        let file = self.load(path, at, cx)?;
        let (source, text) = cx.source_of(&file);
        match yaml::decode(source, &file.bytes) {
            Ok(_) => Ok((source, text)),
            Err(diagnostic) => Err(BuildError { diagnostic, kind: ErrorKind::MalformedYaml }),
        }
    }
}

/// A path without dots, made from its words alone, as Go's `filepath.Clean` does it.
pub fn clean(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match parts.components().next_back() {
                Some(Component::Normal(_)) => {
                    parts.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => parts.push(".."),
            },
            other => parts.push(other),
        }
    }
    if parts.as_os_str().is_empty() { PathBuf::from(".") } else { parts }
}

fn directory(path: &str, joined: &Path, at: Place, cx: &Cx<'_>) -> Result<PathBuf, BuildError> {
    let told = joined.display().to_string();
    let wrap = "must build at directory";
    if path.is_empty() {
        let upstream = format!("{wrap}: directory path cannot be empty");
        return Err(BuildError::new(&FILE_UNREADABLE, at, "no directory is named", upstream));
    }
    let real = cx.world.canonical(joined).map_err(|error| {
        let upstream = format!(
            "{wrap}: not a valid directory: evalsymlink failure on '{told}' : {}",
            lstat(joined, &error, cx)
        );
        BuildError::new(&FILE_UNREADABLE, at, format!("`{path}` cannot be read: {error}"), upstream)
    })?;
    if matches!(cx.world.stat(&real), Ok(FileKind::Directory)) {
        return Ok(real);
    }
    let upstream = format!("{wrap}: '{told}': file is not directory");
    Err(BuildError::new(&FILE_UNREADABLE, at, format!("`{path}` is no directory"), upstream))
}

/// What Go says of a path whose links it followed: it names the first part that is not there.
fn lstat(path: &Path, error: &WorldError, cx: &Cx<'_>) -> String {
    let absolute = if path.is_absolute() {
        path.to_owned()
    } else {
        let here = cx.world.canonical(Path::new("."));
        here.map_or_else(|_| path.to_owned(), |here| clean(&here.join(path)))
    };
    let mut so_far = PathBuf::new();
    for part in absolute.components() {
        so_far.push(part);
        if cx.world.stat(&so_far).is_err() {
            break;
        }
    }
    format!("lstat {}: {}", so_far.display(), go_words(error))
}

fn go_words(error: &WorldError) -> String {
    match error {
        WorldError::NotFound => "no such file or directory".to_owned(),
        WorldError::Denied => "permission denied".to_owned(),
        WorldError::WrongKind => "not a directory".to_owned(),
        other => other.to_string(),
    }
}

fn remote_refused(path: &str, at: Place) -> BuildError {
    let message = format!("`{path}` is remote, and a build uses no network");
    let upstream = format!("remote resources are not loaded: {path}");
    BuildError::new(&REMOTE_RESOURCE, at, message, upstream)
        .help("fetch it once, keep it beside the kustomization, and name the copy here")
}

impl Cx<'_> {
    /// A file as a source of the run, once for all who read it.
    pub fn source_of(&mut self, file: &File) -> (SourceId, Arc<str>) {
        if let Some((id, text)) = self.files.get(&file.path) {
            return (*id, text.clone());
        }
        let text: Arc<str> = yaml::decode(SourceId(0), &file.bytes)
            .unwrap_or_else(|_| String::from_utf8_lossy(&file.bytes).into());
        let name = file.shown.display().to_string();
        let id = self.sources.add(Source::new(name, SourceKind::File, text.clone()));
        self.files.insert(file.path.clone(), (id, text.clone()));
        (id, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::testing::with_cx;
    use crate::world::Memory;

    fn world() -> Memory {
        Memory::new().with("a/k.yaml", "k").with("a/deep/x.yaml", "x").with("b/y.yaml", "y")
    }

    #[test]
    fn files_lie_in_or_below_the_root() {
        with_cx(&world(), &BuildOptions::default(), |cx| {
            let root = Root::top("a", cx).unwrap();
            let at = OriginId::UNKNOWN;
            assert_eq!(&*root.load("deep/../deep/x.yaml", at, cx).unwrap().bytes, b"x");
            let outside = root.load("../b/y.yaml", at, cx).unwrap_err();
            assert_eq!(outside.upstream(), "security; file 'b/y.yaml' is not in or below 'a'");
            assert!(root.load("deep", at, cx).unwrap_err().upstream().ends_with("must resolve to a file"));
            let url = root.load("https://example.org/x.yaml", at, cx).unwrap_err();
            assert_eq!(url.kind, ErrorKind::Remote);
        });
        let options = BuildOptions { load_anywhere: true, ..BuildOptions::default() };
        with_cx(&world(), &options, |cx| {
            let root = Root::top("a", cx).unwrap();
            assert!(root.load("../b/y.yaml", OriginId::UNKNOWN, cx).is_ok());
        });
    }

    #[test]
    fn roots_do_not_contain_themselves() {
        with_cx(&world(), &BuildOptions::default(), |cx| {
            let root = Root::top("a/deep", cx).unwrap();
            assert_eq!(root.child("../../b", None, cx).unwrap().shown, Path::new("b"));
            for path in [".", "..", "../deep"] {
                let error = root.child(path, None, cx).unwrap_err();
                assert!(error.upstream().starts_with("cycle detected: candidate root"), "{path}");
            }
            let far = root.child("../../b", None, cx).unwrap();
            assert!(far.child("../a", None, cx).is_err());
            assert!(
                root.child("x.yaml", None, cx).unwrap_err().upstream().ends_with("file is not directory")
            );
        });
    }

    #[test]
    fn paths_are_cleaned_by_their_words() {
        for (path, cleaned) in
            [("a/../b", "b"), ("../a/./b", "../a/b"), ("/../a", "/a"), ("a/..", "."), ("../..", "../..")]
        {
            assert_eq!(clean(Path::new(path)), Path::new(cleaned), "{path}");
        }
    }
}
