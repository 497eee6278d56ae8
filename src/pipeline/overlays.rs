//! Kustomizations as targets: every overlay that is not only a base of another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use source::{Diagnostics, Origins, Sources};

use crate::kube::{Bundle, Resource};
use crate::load::{Loaded, Role};
use crate::render::kustomize::{self, BuildOptions, Cx, Files, add_objects, uses};
use crate::world::World;

/// The directories of the kustomizations that are built for themselves: those that no other names. Where all of a circle
/// name each other, the first is built, and says so. Components are built where they are used.
pub(super) fn wanted(loaded: &Loaded, world: &dyn World) -> Vec<PathBuf> {
    let files = loaded.files.iter().filter(|file| file.role == Role::Kustomization);
    let names = files.filter_map(|file| loaded.sources.get(file.source));
    let folders: Vec<PathBuf> = names
        .map(|source| Path::new(&*source.name).parent().map_or_else(PathBuf::new, Path::to_owned))
        .map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder })
        .collect();
    let real = |folder: PathBuf| (world.canonical(&folder).unwrap_or_else(|_| folder.clone()), folder);
    let folders: Vec<(PathBuf, PathBuf)> = folders.into_iter().map(real).collect();
    let mut uses_of: BTreeMap<&Path, Vec<PathBuf>> = BTreeMap::new();
    let mut components: BTreeSet<&Path> = BTreeSet::new();
    for (full, folder) in &folders {
        let found = uses(folder, world);
        if found.is_component {
            components.insert(full);
        }
        uses_of.insert(full, found.directories);
    }
    let named: BTreeSet<&PathBuf> = uses_of.values().flatten().collect();
    let (mut wanted, mut reached) = (Vec::new(), BTreeSet::new());
    let reach = |from: &Path, reached: &mut BTreeSet<PathBuf>| {
        let mut open = vec![from.to_owned()];
        while let Some(folder) = open.pop() {
            if !reached.contains(&folder) {
                open.extend(uses_of.get(&*folder).into_iter().flatten().cloned());
                reached.insert(folder);
            }
        }
    };
    for only_unnamed in [true, false] {
        for (full, folder) in &folders {
            if components.contains(&**full) || reached.contains(full) || only_unnamed && named.contains(full)
            {
                continue;
            }
            reach(full, &mut reached);
            wanted.push(folder.clone());
        }
    }
    wanted
}

/// Builds one; what stops it is told and leaves no object.
pub(super) fn build(
    folder: &Path,
    files: &mut Files,
    origins: &mut Origins,
    sources: &mut Sources,
    world: &dyn World,
    out: &mut Diagnostics,
) -> Vec<Resource> {
    let options = BuildOptions { trace: true, findings: true, helm: true, ..BuildOptions::default() };
    let name = folder.display().to_string();
    let mut cx = Cx::new(world, &options, sources, origins, out);
    cx.swap_files(files);
    let built = kustomize::build(&name, &mut cx);
    cx.swap_files(files);
    let mut bundle = Bundle { resources: Vec::new(), origins: std::mem::take(origins) };
    let added = built.and_then(|built| add_objects(&built, &format!("{name} (built)"), sources, &mut bundle));
    *origins = bundle.origins;
    if let Err(error) = added {
        out.push(*error.diagnostic);
        return Vec::new();
    }
    bundle.resources
}
