//! Which other directories a kustomization names, without building it.

use std::path::{Path, PathBuf};

use source::{Diagnostics, Origins, Sources};

use super::context::{BuildOptions, Cx};
use super::loader::Root;
use super::read::read;
use crate::world::World;

/// What a kustomization is and names.
#[derive(Debug, Default)]
pub struct Uses {
    /// Whether it is a component.
    pub is_component: bool,
    /// The directories that it names, without links and dots.
    pub directories: Vec<PathBuf>,
}

/// Reads the kustomization of a directory for what it names. One that cannot be read names nothing; what is wrong with it
/// shows when it is built.
pub fn uses(folder: &Path, world: &dyn World) -> Uses {
    let options = BuildOptions::default();
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    let mut cx = Cx::new(world, &options, &mut sources, &mut origins, &mut out);
    let read =
        Root::top(&folder.display().to_string(), &cx).and_then(|root| Ok((read(&root, &mut cx)?, root)));
    let Ok((layer, root)) = read else { return Uses::default() };
    let k = &layer.kustomization;
    let entries = [&k.resources, &k.components, &k.generators, &k.transformers, &k.validators];
    // A directory that contains this one is named as well: it makes a circle.
    let real = |entry: &str| world.canonical(&super::loader::clean(&root.dir.join(entry))).ok();
    let is_directory = |path: &PathBuf| matches!(world.stat(path), Ok(crate::world::FileKind::Directory));
    let directories =
        entries.into_iter().flatten().filter_map(|entry| real(entry)).filter(is_directory).collect();
    Uses { is_component: layer.is_component(), directories }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn directories_and_no_files() {
        let world = Memory::new()
            .with("o/kustomization.yaml", "resources: [../b, x.yaml]\ncomponents: [../c]\n")
            .with("o/x.yaml", "")
            .with("b/kustomization.yaml", "resources: []\n")
            .with("c/kustomization.yaml", "kind: Component\n");
        assert_eq!(uses(Path::new("o"), &world).directories, [Path::new("b"), Path::new("c")]);
        assert!(!uses(Path::new("b"), &world).is_component);
    }
}
