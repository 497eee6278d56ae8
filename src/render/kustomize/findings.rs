//! What a build carries out as it is told, and what its author hardly meant: one small file each.
//!
//! A finding changes no byte of the output. They are looked for where [`BuildOptions::findings`] asks for them, which
//! `check` and `render` do and `build` does not.
//!
//! [`BuildOptions::findings`]: super::BuildOptions::findings

pub mod deprecated;
pub mod duplicate_key;
pub mod image;
pub mod namespace;
pub mod patch;
pub mod replacement;
pub mod replicas;
pub mod selector;
pub mod tag_suffix;
#[cfg(test)]
mod testing;
pub mod unused_file;

use std::collections::BTreeMap;

use super::output::to_yaml;
use super::res_map::ResMap;
use super::resource::Resource;

/// All of them, for the catalogue.
pub const ALL: &[&source::Code] = &[
    &patch::PATCH_UNMATCHED,
    &patch::PATCH_IDLE,
    &replacement::REPLACEMENT_UNMATCHED,
    &replacement::REPLACEMENT_IDLE,
    &image::IMAGE_UNMATCHED,
    &image::IMAGE_IDLE,
    &replicas::REPLICAS_IDLE,
    &namespace::NAMESPACE_MISPLACED,
    &selector::SELECTOR_CHANGED,
    &tag_suffix::TAG_SUFFIX_DOUBLED,
    &duplicate_key::KEY_DUPLICATE,
    &unused_file::FILE_UNUSED,
];

/// The texts of some objects, to tell whether a step changed any of them.
pub(super) struct Texts(Vec<Option<Vec<u8>>>);

impl Texts {
    /// As the objects at those places are now.
    pub(super) fn of(all: &ResMap, places: &[usize]) -> Texts {
        Texts(places.iter().map(|at| to_yaml(all.get(*at)?.tree()).ok()).collect())
    }

    /// Whether all of them are so still. The places are those from before: nothing may have gone.
    pub(super) fn are_same(&self, all: &ResMap, places: &[usize]) -> bool {
        Texts::of(all, places).0 == self.0
    }
}

/// The texts of the objects that a step touched, as they were before: what it leaves alone need not be printed.
#[derive(Default)]
pub(super) struct Touched(BTreeMap<usize, Option<Vec<u8>>>);

impl Touched {
    /// Before the object at that place is changed.
    pub(super) fn note(&mut self, at: usize, resource: &Resource) {
        self.0.entry(at).or_insert_with(|| to_yaml(resource.tree()).ok());
    }

    /// Whether any of them is another now.
    pub(super) fn is_changed(&self, all: &ResMap) -> bool {
        self.0
            .iter()
            .any(|(at, before)| all.get(*at).and_then(|resource| to_yaml(resource.tree()).ok()) != *before)
    }
}
