//! Which files there are: arguments, directories, and what belongs to charts and kustomizations.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::changed::targets;
use super::ignored::{Excludes, Ignores};
use super::{FoundFile, Request, Role};
use crate::world::{Entry, FileKind, Globs, World, WorldError};

/// Levels of directories; file systems themselves end not far behind.
const DEPTH: usize = 512;

/// Directories that hold other people's files.
const NOT_OURS: &[&str] = &[".git", ".hg", ".svn", ".jj", "node_modules"];

pub(super) const KUSTOMIZATION: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// All files that the request means, in the order of its paths, each once; `Err` where a pattern of
/// `--exclude` is none.
pub fn find(request: &Request, world: &dyn World) -> Result<Vec<FoundFile>, String> {
    if request.changed {
        return changed(request, world);
    }
    let excludes = Excludes::new(&request.exclude)?;
    let mut walk =
        Walk { world, excludes, configured: &request.excluded, found: Vec::new(), seen: HashSet::new() };
    for path in &request.paths {
        walk.argument(path, request);
    }
    Ok(walk.found)
}

/// What is to be checked for files that changed. Nobody named it, so that other YAML among it is passed over.
fn changed(request: &Request, world: &dyn World) -> Result<Vec<FoundFile>, String> {
    let whole = Request { changed: false, paths: vec![PathBuf::from(".")], ..request.clone() };
    let all = find(&whole, world)?;
    let paths = targets(&request.paths, &all, world);
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = find(&Request { paths, ..whole }, world)?;
    found.iter_mut().for_each(|file| file.named = false);
    Ok(found)
}

struct Walk<'a> {
    world: &'a dyn World,
    excludes: Excludes,
    configured: &'a Globs,
    found: Vec<FoundFile>,
    seen: HashSet<String>,
}

impl Walk<'_> {
    fn argument(&mut self, path: &Path, request: &Request) {
        let name = path.to_string_lossy().into_owned();
        if name == "-" {
            let name = request.stdin_name.clone().unwrap_or_else(|| "<stdin>".to_owned());
            return self.add(PathBuf::new(), name, true, Role::Stdin);
        }
        match self.world.stat(path) {
            Ok(FileKind::Directory) => {
                let full = self.world.canonical(path).unwrap_or_else(|_| path.to_owned());
                let mut ignores = Ignores::above(&full, self.world);
                let name = name.strip_prefix("./").unwrap_or(&name).trim_end_matches('/');
                let name = match name {
                    "." => "",
                    "" if path.is_absolute() => "/",
                    other => other,
                };
                self.directory(name, &full.to_string_lossy(), &mut ignores, false, 0);
            }
            Ok(_) if self.is_excluded(&name, false) => {}
            Ok(_) => self.named_file(path, name),
            Err(error) => self.add(path.to_owned(), name, true, Role::Unreadable(error)),
        }
    }

    /// A file that a person (or pre-commit) named may be a part of something that only renders as a whole.
    fn named_file(&mut self, path: &Path, name: String) {
        let file = path.file_name().map(|f| f.to_string_lossy().into_owned()).unwrap_or_default();
        let dir = path.parent().unwrap_or(Path::new(""));
        if KUSTOMIZATION.contains(&&*file) {
            return self.add(path.to_owned(), name, true, Role::Kustomization);
        }
        // Only these places of a chart hold what is no manifest by itself.
        let chart = if file == "Chart.yaml" {
            Some(dir)
        } else if file.starts_with("values") {
            Some(dir).filter(|d| self.is_chart(d))
        } else {
            path.ancestors()
                .skip(1)
                .filter(|d| d.file_name().is_some_and(|f| f == "templates" || f == "ci"))
                .filter_map(Path::parent)
                .find(|d| self.is_chart(d))
        };
        match chart {
            Some(chart) => {
                let path = chart.join("Chart.yaml");
                let name = path.to_string_lossy().into_owned();
                self.add(path, name, true, Role::Chart);
            }
            None => self.add(path.to_owned(), name, true, Role::Manifest),
        }
    }

    fn is_chart(&self, dir: &Path) -> bool {
        matches!(self.world.stat(&dir.join("Chart.yaml")), Ok(FileKind::File))
    }

    /// `owned`: a kustomization above stands for the files here; only targets of their own are still looked for.
    fn directory(&mut self, name: &str, full: &str, ignores: &mut Ignores, owned: bool, depth: usize) {
        let path = if name.is_empty() { Path::new(".") } else { Path::new(name) };
        let entries = match self.world.list(path) {
            Ok(_) if depth > DEPTH => Err(WorldError::Other("directories are nested too deep".to_owned())),
            other => other,
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.add(path.to_owned(), path_name(path), false, Role::Unreadable(error)),
        };
        let before = if entries.iter().any(|e| e.name == ".gitignore") {
            Some(ignores.enter(full, self.world))
        } else {
            None
        };
        let has = |names: &[&str]| {
            entries.iter().find(|e| e.kind != FileKind::Directory && names.contains(&&*e.name))
        };
        if let Some(chart) = has(&["Chart.yaml"]) {
            let name = join(name, &chart.name);
            self.add(PathBuf::from(&name), name, false, Role::Chart);
        } else {
            let kustomization = has(KUSTOMIZATION);
            if let Some(file) = kustomization {
                let name = join(name, &file.name);
                self.add(PathBuf::from(&name), name, false, Role::Kustomization);
            }
            let owned = owned || kustomization.is_some();
            for entry in &entries {
                self.entry(name, full, entry, ignores, owned, depth);
            }
        }
        if let Some(before) = before {
            ignores.leave(before);
        }
    }

    fn entry(
        &mut self,
        dir: &str,
        full_dir: &str,
        entry: &Entry,
        ignores: &mut Ignores,
        owned: bool,
        depth: usize,
    ) {
        let is_dir = entry.kind == FileKind::Directory;
        if is_dir && NOT_OURS.contains(&&*entry.name) || !is_dir && (owned || !is_manifest_name(&entry.name))
        {
            return;
        }
        let (name, full) = (join(dir, &entry.name), join(full_dir, &entry.name));
        if ignores.ignores(&full, is_dir) || self.is_excluded(&name, is_dir) {
            return;
        }
        match entry.kind {
            FileKind::Directory => self.directory(&name, &full, ignores, owned, depth + 1),
            FileKind::File => self.add(PathBuf::from(&name), name, false, Role::Manifest),
            // A link to a file is that file; one to a directory is not followed, as git does not: what it leads
            // to is either below the same root or outside of what was asked for.
            FileKind::Link => match self.world.stat(Path::new(&name)) {
                Ok(FileKind::File) => self.add(PathBuf::from(&name), name, false, Role::Manifest),
                Ok(_) | Err(WorldError::NotFound) => {}
                Err(error) => self.add(PathBuf::from(&name), name, false, Role::Unreadable(error)),
            },
            // Reading a pipe would wait for a writer that may never come.
            FileKind::Other => {}
        }
    }

    fn is_excluded(&self, name: &str, is_dir: bool) -> bool {
        self.excludes.excludes(name, is_dir) || self.configured.matches(name, is_dir)
    }

    fn add(&mut self, path: PathBuf, name: String, named: bool, role: Role) {
        if self.seen.insert(name.clone()) {
            self.found.push(FoundFile { path, name, named, role });
        }
    }
}

fn is_manifest_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn path_name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn join(dir: &str, name: &str) -> String {
    match dir {
        "" => name.to_owned(),
        dir if dir.ends_with('/') => format!("{dir}{name}"),
        dir => format!("{dir}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    fn names(world: &Memory, paths: &[&str], exclude: &[&str]) -> Vec<String> {
        let request = Request {
            paths: paths.iter().map(PathBuf::from).collect(),
            exclude: exclude.iter().map(|e| (*e).to_owned()).collect(),
            ..Request::default()
        };
        let found = find(&request, world).unwrap();
        found
            .into_iter()
            .map(|f| match f.role {
                Role::Manifest => f.name,
                Role::Chart => format!("chart {}", f.name),
                Role::Kustomization => format!("kustomization {}", f.name),
                Role::Stdin => format!("stdin {}", f.name),
                Role::Unreadable(e) => format!("unreadable {}: {e}", f.name),
            })
            .collect()
    }

    #[test]
    fn a_directory_is_walked_in_order_without_what_git_ignores() {
        let world = Memory::new()
            .with(".gitignore", "/out\n")
            .with("b.yaml", "")
            .with("a/z.yml", "")
            .with("a/README.md", "")
            .with("out/x.yaml", "")
            .with("node_modules/x.yaml", "")
            .with("c.json", "");
        assert_eq!(names(&world, &["."], &[]), ["a/z.yml", "b.yaml", "c.json"]);
        assert_eq!(names(&world, &["."], &["a/"]), ["b.yaml", "c.json"]);
        assert_eq!(
            names(&world, &["out/x.yaml", "-", "a/", "a"], &[]),
            ["out/x.yaml", "stdin <stdin>", "a/z.yml"]
        );
        assert_eq!(names(&world, &["none"], &[]), ["unreadable none: there is no such file or directory"]);
    }

    #[test]
    fn charts_and_kustomizations_own_their_files() {
        let world = Memory::new()
            .with("chart/Chart.yaml", "")
            .with("chart/templates/web.yaml", "")
            .with("k/kustomization.yaml", "")
            .with("k/patches/p.yaml", "")
            .with("k/sub/Chart.yaml", "")
            .with("plain.yaml", "");
        assert_eq!(
            names(&world, &["."], &[]),
            [
                "chart chart/Chart.yaml",
                "kustomization k/kustomization.yaml",
                "chart k/sub/Chart.yaml",
                "plain.yaml"
            ]
        );
        assert_eq!(
            names(&world, &["chart/templates/web.yaml", "chart/values.yaml", "values.yaml"], &[]),
            [
                "chart chart/Chart.yaml",
                "unreadable chart/values.yaml: there is no such file or directory",
                "unreadable values.yaml: there is no such file or directory"
            ]
        );
    }
}
