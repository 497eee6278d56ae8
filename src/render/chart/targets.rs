//! What `render` and `check` make of a chart: one rendering with the defaults, or one for each of its `ci` values.

use std::path::{Path, PathBuf};

use crate::world::{FileKind, World};

/// The values files that a chart's author keeps for testing: `ci/*-values.yaml`, as chart-testing takes them.
/// Sorted by name; empty where there are none.
pub fn ci_values(world: &dyn World, chart: &Path) -> Vec<PathBuf> {
    let folder = chart.join("ci");
    let Ok(entries) = world.list(&folder) else { return Vec::new() };
    entries
        .into_iter()
        .filter(|entry| entry.kind != FileKind::Directory && entry.name.ends_with("-values.yaml"))
        .map(|entry| folder.join(entry.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn only_files_for_testing_count() {
        let world = Memory::new()
            .with("c/ci/b-values.yaml", "")
            .with("c/ci/a-values.yaml", "")
            .with("c/ci/x.yaml", "");
        let names: Vec<_> =
            ci_values(&world, Path::new("c")).iter().map(|p| p.display().to_string()).collect();
        assert_eq!(names, ["c/ci/a-values.yaml", "c/ci/b-values.yaml"]);
        assert!(ci_values(&world, Path::new("d")).is_empty());
    }
}
