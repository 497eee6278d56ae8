//! What templates read of the values in one rendering.

use std::collections::BTreeSet;

use gotmpl::MapRef;

/// Keys from the root of the values down.
pub(crate) type Path = Vec<String>;

/// What one rendering, or several, read.
#[derive(Debug, Default)]
pub struct Reads {
    /// The values that there were.
    pub(crate) all: BTreeSet<Path>,
    /// What was asked for, there or not.
    pub(crate) read: BTreeSet<Path>,
}

impl Reads {
    /// Takes in another rendering.
    pub(crate) fn extend(&mut self, other: Reads) {
        self.all.extend(other.all);
        self.read.extend(other.read);
    }
}

/// The maps of the values as they were before a rendering: templates may put others in their place.
#[derive(Default)]
pub(crate) struct Watched(Vec<(Path, MapRef, Vec<Path>)>);

impl Watched {
    pub(crate) fn of(values: &MapRef) -> Self {
        let mut all = Vec::new();
        let mut open = vec![(Path::new(), values.clone())];
        while let Some((path, map)) = open.pop() {
            let mut keys = Vec::new();
            for (key, value) in map.entries() {
                let below: Path = path.iter().cloned().chain([key.lossy().into_owned()]).collect();
                if let Some(map) = value.as_map() {
                    open.push((below.clone(), map));
                }
                keys.push(below);
            }
            all.push((path, map, keys));
        }
        Watched(all)
    }

    pub(crate) fn reads(self) -> Reads {
        let mut reads = Reads::default();
        for (path, map, keys) in self.0 {
            for key in map.asked() {
                let key = String::from_utf8_lossy(&key).into_owned();
                reads.read.insert(path.iter().cloned().chain([key]).collect());
            }
            for below in keys {
                if below.last().is_some_and(|key| map.is_read(key.as_bytes())) {
                    reads.read.insert(below.clone());
                }
                reads.all.insert(below);
            }
        }
        reads
    }
}
