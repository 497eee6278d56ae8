//! From changed files to what has to be checked for them: the charts they belong to, the kustomizations that use them,
//! and manifests that stand for themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::{Doc, Kind, Node, Options, Profile};

use super::{FoundFile, Role};
use crate::world::{FileKind, World, plain};

/// Bytes of a chart's or kustomization's own file.
const LIMIT: u64 = 4 << 20;
/// The configuration, which concerns everything below it.
const CONFIGURATION: &str = "plimsoll.yaml";

/// What is to be checked for these files, as paths to give to the search: folders of charts and kustomizations, and
/// files. `all` is what a search of the whole working directory finds. A file that is no more, or that nothing uses and
/// that is no manifest, asks for nothing.
pub(super) fn targets(changed: &[PathBuf], all: &[FoundFile], world: &dyn World) -> Vec<PathBuf> {
    let mut uses = Uses::default();
    for file in all {
        let folder = file.path.parent().unwrap_or(Path::new(""));
        match file.role {
            Role::Chart => uses.chart(folder, read(&file.path, world)),
            Role::Kustomization => uses.kustomization(folder, read(&file.path, world)),
            _ => {}
        }
    }
    let manifests: BTreeSet<&Path> =
        all.iter().filter(|file| file.role == Role::Manifest).map(|file| file.path.as_path()).collect();
    let mut wanted = BTreeSet::new();
    for path in changed {
        let path = plain(path);
        if path.file_name().is_some_and(|name| name == CONFIGURATION) {
            let folder = path.parent().unwrap_or(Path::new(""));
            wanted.insert(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() });
            continue;
        }
        let found = uses.of(&path);
        // What a chart or a kustomization takes in is judged there, as what becomes of it.
        if found.is_empty() && manifests.contains(path.as_path()) && is_file(&path, world) {
            wanted.insert(path);
        }
        wanted.extend(found);
    }
    wanted.into_iter().collect()
}

fn is_file(path: &Path, world: &dyn World) -> bool {
    matches!(world.stat(path), Ok(FileKind::File))
}

fn read(path: &Path, world: &dyn World) -> Option<Arc<Doc>> {
    let bytes = world.read(path, LIMIT).ok()?;
    let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
    // What is wrong with it is told where it is judged.
    let mut out = Diagnostics::new();
    yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out).into_iter().next()
}

/// Who uses which file or folder.
#[derive(Default)]
struct Uses {
    /// Folders of charts: each has all that is below.
    charts: BTreeSet<PathBuf>,
    /// Folders of kustomizations, which have the file of their own alone.
    kustomizations: BTreeSet<PathBuf>,
    /// A file or folder, and the folders of those that name it.
    by: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

impl Uses {
    fn chart(&mut self, folder: &Path, doc: Option<Arc<Doc>>) {
        self.charts.insert(folder.to_owned());
        let root = doc.as_ref().and_then(|doc| doc.root());
        let dependencies = root.and_then(|root| root.get("dependencies")).into_iter().flat_map(Node::items);
        for repository in dependencies.filter_map(|d| d.get("repository")) {
            if let Some(path) = repository.text().strip_prefix("file://") {
                self.named(folder, path);
            }
        }
    }

    fn kustomization(&mut self, folder: &Path, doc: Option<Arc<Doc>>) {
        self.kustomizations.insert(folder.to_owned());
        let Some(root) = doc.as_ref().and_then(|doc| doc.root()) else { return };
        // Every text that could be a path: which fields hold some changes from version to version, and a word that is
        // none leads to no file that changes. Inline patches are texts of several lines.
        let mut open = vec![(root, 0)];
        while let Some((node, depth)) = open.pop() {
            match node.kind() {
                Kind::Map if depth < DEPTH => {
                    open.extend(node.entries().map(|(_, value)| (value, depth + 1)))
                }
                Kind::Seq if depth < DEPTH => open.extend(node.items().map(|item| (item, depth + 1))),
                Kind::Scalar => {
                    let text = node.text();
                    if !text.is_empty() && text.len() < PATH && !text.contains('\n') {
                        // A file of a generator may have its key in front.
                        let file = text.split_once('=').map_or(text, |(_, file)| file);
                        self.named(folder, file);
                    }
                }
                _ => {}
            }
        }
    }

    fn named(&mut self, folder: &Path, path: &str) {
        self.by.entry(plain(&folder.join(path))).or_default().insert(folder.to_owned());
    }

    /// The targets that a file is part of, through any number of steps.
    fn of(&self, path: &Path) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut open: Vec<PathBuf> = Vec::new();
        for above in path.ancestors() {
            // A chart has all that is below it. A kustomization has its own file and what it names; a folder that
            // somebody names stands for what is in it.
            let is_its_file = Some(above) == path.parent() && is_kustomization(path);
            if self.charts.contains(above) || is_its_file && self.kustomizations.contains(above) {
                open.push(above.to_owned());
            }
            open.extend(self.by.get(above).into_iter().flatten().cloned());
        }
        while let Some(target) = open.pop() {
            if found.insert(target.clone()) {
                open.extend(self.by.get(&target).into_iter().flatten().cloned());
                // A chart that a kustomization inflates is named by the folder above it.
                for above in target.ancestors().skip(1) {
                    open.extend(self.by.get(above).into_iter().flatten().cloned());
                }
            }
        }
        found
            .into_iter()
            .map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder })
            .collect()
    }
}

/// Levels of a kustomization; its own fields end far above.
const DEPTH: usize = 64;
/// Bytes of a path.
const PATH: usize = 4096;

fn is_kustomization(path: &Path) -> bool {
    path.file_name().is_some_and(|name| super::find::KUSTOMIZATION.iter().any(|known| *known == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Request, find};
    use crate::world::Memory;

    fn repository() -> Memory {
        Memory::new()
            .with(
                "charts/web/Chart.yaml",
                "name: web\ndependencies: [{name: lib, repository: 'file://../lib'}]\n",
            )
            .with("charts/web/values.yaml", "a: 1\n")
            .with("charts/web/templates/_helpers.tpl", "")
            .with("charts/web/files/app.conf", "")
            .with("charts/web/charts/sub/Chart.yaml", "name: sub\n")
            .with("charts/lib/Chart.yaml", "name: lib\n")
            .with("charts/lib/templates/_lib.tpl", "")
            .with(
                "base/kustomization.yaml",
                "resources: [web.yaml]\nconfigMapGenerator: [{name: c, files: [k=app.conf]}]\n",
            )
            .with("base/web.yaml", "kind: Pod\n")
            .with("base/app.conf", "")
            .with(
                "overlays/prod/kustomization.yaml",
                "resources: [../../base]\npatches: [{path: scale.yaml}]\n",
            )
            .with("overlays/prod/scale.yaml", "kind: Pod\n")
            .with("overlays/dev/kustomization.yaml", "resources: [../../base]\n")
            .with("plain/pod.yaml", "kind: Pod\n")
            .with("plain/plimsoll.yaml", "{}\n")
            .with("README.md", "")
    }

    fn of(changed: &[&str]) -> Vec<String> {
        let paths = changed.iter().map(PathBuf::from).collect();
        let found = find(&Request { paths, changed: true, ..Request::default() }, &repository()).unwrap();
        found.into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn a_file_of_a_chart_asks_for_the_chart_and_those_that_depend_on_it() {
        for file in
            ["charts/web/values.yaml", "charts/web/templates/_helpers.tpl", "charts/web/files/app.conf"]
        {
            assert_eq!(of(&[file]), ["charts/web/Chart.yaml"], "{file}");
        }
        assert_eq!(of(&["charts/web/charts/sub/Chart.yaml"]), ["charts/web/Chart.yaml"]);
        assert_eq!(
            of(&["charts/lib/templates/_lib.tpl"]),
            ["charts/lib/Chart.yaml", "charts/web/Chart.yaml"]
        );
    }

    #[test]
    fn a_base_asks_for_its_overlays_and_a_patch_for_its_own() {
        let all = [
            "base/kustomization.yaml",
            "overlays/dev/kustomization.yaml",
            "overlays/prod/kustomization.yaml",
        ];
        for file in ["base/web.yaml", "base/app.conf", "base/kustomization.yaml"] {
            assert_eq!(of(&[file]), all, "{file}");
        }
        assert_eq!(of(&["overlays/prod/scale.yaml"]), ["overlays/prod/kustomization.yaml"]);
    }

    #[test]
    fn other_files_ask_for_themselves_or_for_nothing() {
        assert_eq!(of(&["plain/pod.yaml"]), ["plain/pod.yaml"]);
        assert_eq!(of(&["README.md", "gone.yaml"]), [""; 0]);
        assert_eq!(of(&["plain/plimsoll.yaml"]), ["plain/plimsoll.yaml", "plain/pod.yaml"]);
    }
}
