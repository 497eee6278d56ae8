//! Which paths git ignores and which the person excluded.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::world::World;

/// Bytes of an ignore file; a longer one is not read.
const LIMIT: u64 = 4 << 20;

/// Patterns of `--exclude`, in the manner of `.gitignore`, from the working directory.
pub(super) struct Excludes(Gitignore);

impl Excludes {
    pub(super) fn new(patterns: &[String]) -> Result<Self, String> {
        // The root `.` is the one that the matcher does not try to strip from what it is given.
        let mut builder = GitignoreBuilder::new(".");
        for pattern in patterns {
            builder
                .add_line(None, pattern)
                .map_err(|e| format!("`--exclude {pattern}` is no glob: {}", glob_error(&e)))?;
        }
        builder.build().map(Excludes).map_err(|e| e.to_string())
    }

    /// Whether the path, or a directory above it, is excluded.
    pub(super) fn excludes(&self, path: &str, is_dir: bool) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let path = path.strip_prefix("./").unwrap_or(path);
        // A pattern is about the working directory; a path outside of it is matched by its parts all the same.
        let path = path.trim_start_matches('/').trim_start_matches("../");
        !path.is_empty() && self.0.matched_path_or_any_parents(path, is_dir).is_ignore()
    }
}

fn glob_error(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

/// The `.gitignore` files that hold for a directory, the outermost first.
///
/// Paths are handled in full (canonical) form, so that the rules of directories above the one that was asked
/// for hold too.
#[derive(Default)]
pub(super) struct Ignores {
    levels: Vec<(usize, Gitignore)>,
}

impl Ignores {
    /// The rules of the directories above `dir`, if `dir` lies in a git repository: up to its root.
    pub(super) fn above(dir: &Path, world: &dyn World) -> Self {
        let mut ignores = Ignores::default();
        let exists = |dir: &Path| world.stat(&dir.join(".git")).is_ok();
        let Some(root) = dir.ancestors().find(|d| exists(d)) else { return ignores };
        let at = root.to_string_lossy();
        if let Some(rules) = rules_of(&root.join(".git/info/exclude"), world) {
            ignores.levels.push((prefix(&at), rules));
        }
        let mut between: Vec<&Path> = dir.ancestors().skip(1).take_while(|d| d.starts_with(root)).collect();
        between.reverse();
        for dir in between {
            ignores.enter(&dir.to_string_lossy(), world);
        }
        ignores
    }

    /// Adds the rules of a directory; returns how many levels there were before, for [`Ignores::leave`].
    pub(super) fn enter(&mut self, dir: &str, world: &dyn World) -> usize {
        let before = self.levels.len();
        if let Some(rules) = rules_of(&Path::new(dir).join(".gitignore"), world) {
            self.levels.push((prefix(dir), rules));
        }
        before
    }

    /// Drops the rules of the directories entered since.
    pub(super) fn leave(&mut self, before: usize) {
        self.levels.truncate(before);
    }

    /// Whether git ignores it. The directories above are known not to be ignored: nobody walks into those.
    pub(super) fn ignores(&self, full: &str, is_dir: bool) -> bool {
        for (prefix, rules) in self.levels.iter().rev() {
            let Some(path) = full.get(*prefix..).filter(|p| !p.is_empty()) else { continue };
            let answer = rules.matched(path, is_dir);
            if !answer.is_none() {
                return answer.is_ignore();
            }
        }
        false
    }
}

/// How many bytes of a path below `dir` name `dir` and the slash.
fn prefix(dir: &str) -> usize {
    if dir.is_empty() || dir.ends_with('/') { dir.len() } else { dir.len() + 1 }
}

fn rules_of(file: &Path, world: &dyn World) -> Option<Gitignore> {
    let bytes = world.read(file, LIMIT).ok()?;
    let mut builder = GitignoreBuilder::new(".");
    for line in String::from_utf8_lossy(&bytes).lines() {
        // A line that is no pattern ignores nothing, for git as well.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn nearer_rules_win_and_outer_ones_hold() {
        let world = Memory::new()
            .with("/repo/.git/HEAD", "")
            .with("/repo/.gitignore", "*.gen.yaml\n/top.yaml\n")
            .with("/repo/app/.gitignore", "!keep.gen.yaml\n");
        let mut ignores = Ignores::above(Path::new("/repo/app"), &world);
        ignores.enter("/repo/app", &world);
        assert!(ignores.ignores("/repo/app/a.gen.yaml", false));
        assert!(!ignores.ignores("/repo/app/keep.gen.yaml", false));
        assert!(!ignores.ignores("/repo/app/top.yaml", false));
    }

    #[test]
    fn excludes_match_names_paths_and_what_is_below() {
        let excludes = Excludes::new(&["vendor/".into(), "/a/*.yaml".into()]).unwrap();
        assert!(excludes.excludes("x/vendor/y.yaml", false));
        assert!(excludes.excludes("./a/b.yaml", false));
        assert!(!excludes.excludes("c/a/b.yaml", false));
        assert!(Excludes::new(&["[z-a]".into()]).is_err());
    }
}
