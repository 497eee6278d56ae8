//! Globs of a file, whichever directory the program runs in.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs in the manner of `.gitignore`, from the directory of the file that has them.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    globs: Option<Gitignore>,
    /// The directory of the file that has them, and the one from which files are named; both in full.
    root: PathBuf,
    here: PathBuf,
}

impl Globs {
    /// `root` is the directory of the file that has them, `here` the one from which files are named; both in full.
    pub fn new<'g>(
        globs: impl IntoIterator<Item = &'g str>,
        root: &Path,
        here: &Path,
    ) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new(".");
        let mut any = false;
        for glob in globs {
            any = true;
            builder.add_line(None, glob).map_err(|error| match error {
                ignore::Error::Glob { err, .. } => err,
                other => other.to_string(),
            })?;
        }
        let globs = if any { Some(builder.build().map_err(|e| e.to_string())?) } else { None };
        Ok(Globs { globs, root: root.to_owned(), here: here.to_owned() })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.globs.is_none()
    }

    /// Whether one of them matches a path, or a directory above it.
    pub fn matches(&self, path: &str, is_directory: bool) -> bool {
        let Some(globs) = &self.globs else { return false };
        let full = plain(&self.here.join(path));
        let Ok(inside) = full.strip_prefix(&self.root) else { return false };
        !inside.as_os_str().is_empty() && globs.matched_path_or_any_parents(inside, is_directory).is_ignore()
    }
}

/// A path without `.` and `..`, by its words alone; a relative one may begin with `..`.
pub fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            // Above the root there is nothing; above a relative path's beginning there is.
            Component::ParentDir if out.has_root() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_may_begin_above_the_working_directory() {
        for (path, is) in
            [("../a/./b/../c", "../a/c"), ("a/../../b", "../b"), ("/../a/..", "/"), ("../../a", "../../a")]
        {
            assert_eq!(plain(path.as_ref()), Path::new(is), "{path}");
        }
    }

    #[test]
    fn globs_start_at_the_configuration() {
        let globs = |globs: &[&str], root: &str, here: &str| {
            Globs::new(globs.iter().copied(), root.as_ref(), here.as_ref()).unwrap()
        };
        // The configuration stands above, beside and below the working directory.
        assert!(globs(&["charts/legacy/**"], "/r", "/r/charts").matches("legacy/values.yaml", false));
        assert!(globs(&["legacy/"], "/r", "/r").matches("./legacy/a/b.yaml", false));
        assert!(globs(&["/a.yaml"], "/r/sub", "/r").matches("sub/a.yaml", false));
        assert!(!globs(&["/a.yaml"], "/r/sub", "/r").matches("a.yaml", false));
        assert!(!globs(&["*.yaml", "!keep.yaml"], "/r", "/r").matches("keep.yaml", false));
        assert!(globs(&[], "/r", "/r").is_empty());
    }
}
