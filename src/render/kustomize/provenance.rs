//! The notes that `buildMetadata` asks for: where an object came from, and which transformers ran over it.
//!
//! Upstream keeps them in annotations from the moment on that an object is read, where patches can see them; so does this.

use std::path::{Path, PathBuf};

use source::OriginId;
use yaml::Tree;

use super::absorb::ORIGIN_ANNOTATION;
use super::context::Cx;
use super::loader::clean;
use super::patches::rewrite_strings;
use super::res_map::ResMap;
use super::resource::Resource;

/// Where the transformers of an object are noted.
pub const TRANSFORMATIONS_ANNOTATION: &str = "alpha.config.kubernetes.io/transformations";

/// Where a build is: the directory, from the one it began at.
#[derive(Clone, Debug, Default)]
pub struct Here {
    path: PathBuf,
}

/// Where an object or a step came from (api 0.21.1, `resource.Origin`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The file.
    pub path: String,
    /// The file that asked for it.
    pub configured_in: String,
    /// What asked for it: apiVersion, kind, name, namespace.
    pub configured_by: [String; 4],
    /// Where the names in that stand.
    pub named: OriginId,
}

impl Here {
    /// A directory or file from here.
    #[must_use]
    pub fn join(&self, path: &str) -> Here {
        let path = clean(&self.path.join(path));
        Here { path: if path == Path::new(".") { PathBuf::new() } else { path } }
    }

    /// Of a file of that place.
    pub fn file(&self) -> Provenance {
        Provenance { path: self.path.display().to_string(), ..Provenance::default() }
    }

    /// Of a built-in step that a file here asks for.
    pub fn builtin(&self, file: &str, kind: &str) -> Provenance {
        Provenance {
            configured_in: self.join(file).path.display().to_string(),
            configured_by: ["builtin".to_owned(), kind.to_owned(), String::new(), String::new()],
            ..Provenance::default()
        }
    }
}

impl Provenance {
    fn fill(&self, tree: &mut Tree, map: yaml::NodeId) {
        let none = OriginId::UNKNOWN;
        for (key, text) in [("path", &self.path), ("configuredIn", &self.configured_in)] {
            if !text.is_empty() {
                let value = tree.string(text.as_str(), none);
                tree.set(map, key, value);
            }
        }
        if self.configured_by.iter().any(|part| !part.is_empty()) {
            let by = tree.map(none);
            for (key, text) in ["apiVersion", "kind", "name", "namespace"].iter().zip(&self.configured_by) {
                if !text.is_empty() {
                    let value = tree.string(text.as_str(), none);
                    tree.set(by, key, value);
                }
            }
            tree.set(map, "configuredBy", by);
        }
    }

    /// As the annotation has it.
    pub fn text(&self) -> String {
        let mut tree = Tree::new(OriginId::UNKNOWN);
        let root = tree.root();
        self.fill(&mut tree, root);
        yaml::emit::tree(&tree).unwrap_or_default()
    }

    fn as_item(&self) -> String {
        let mut tree = Tree::new(OriginId::UNKNOWN);
        let list = tree.seq(OriginId::UNKNOWN);
        let map = tree.map(OriginId::UNKNOWN);
        self.fill(&mut tree, map);
        tree.push(list, map);
        tree.set_root(list);
        yaml::emit::tree(&tree).unwrap_or_default()
    }
}

/// Notes where objects came from, whatever they say of it themselves.
pub fn note_origin(objects: &mut [Resource], provenance: &Provenance) {
    let text = provenance.text();
    for resource in objects {
        note(resource, ORIGIN_ANNOTATION, &text, provenance.named);
    }
}

/// Notes what made objects, unless they tell an origin.
pub fn note_generated(objects: &mut [Resource], provenance: &Provenance) {
    let text = provenance.text();
    for resource in objects {
        if resource.annotation(ORIGIN_ANNOTATION).is_none() {
            note(resource, ORIGIN_ANNOTATION, &text, provenance.named);
        }
    }
}

/// Notes that a transformer ran over all objects that are left. One without an origin was made by it.
pub fn note_transformation(all: &mut ResMap, provenance: &Provenance, cx: &mut Cx<'_>) {
    let (text, item) = (provenance.text(), provenance.as_item());
    for resource in all.iter_fields().filter(|resource| !resource.is_empty()) {
        if resource.annotation(ORIGIN_ANNOTATION).is_none() {
            note(resource, ORIGIN_ANNOTATION, &text, provenance.named);
            continue;
        }
        let before = resource.annotation(TRANSFORMATIONS_ANNOTATION).unwrap_or_default();
        let list = format!("{before}{item}");
        let known = resource.origin_of_annotation(TRANSFORMATIONS_ANNOTATION).unwrap_or_default();
        let named = cx.both(known, provenance.named);
        note(resource, TRANSFORMATIONS_ANNOTATION, &list, named);
    }
}

/// Sets an annotation as upstream does it: all of them become strings by that.
fn note(resource: &mut Resource, key: &str, text: &str, named: OriginId) {
    resource.set_annotation(key, text, named);
    if let Some(metadata) = resource.metadata() {
        rewrite_strings(resource.fields_mut(), metadata, "annotations");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::BuildOptions;
    use crate::render::kustomize::testing::{resource, with_cx};
    use crate::world::Memory;

    #[test]
    fn notes_pile_up() {
        let here = Here::default().join("../base");
        let mut all: ResMap = [resource("kind: A\nmetadata: {name: a}\n")].into_iter().collect();
        let mut list = all.clear();
        note_origin(&mut list, &here.join("a.yaml").file());
        all = list.into_iter().collect();
        let (world, options) = (Memory::new(), BuildOptions::default());
        with_cx(&world, &options, |cx| {
            for kind in ["PrefixTransformer", "LabelTransformer"] {
                note_transformation(&mut all, &here.builtin("kustomization.yaml", kind), cx);
            }
        });
        let resource = all.get(0).unwrap();
        assert_eq!(resource.annotation(ORIGIN_ANNOTATION), Some("path: ../base/a.yaml\n"));
        let item = |kind: &str| {
            format!(
                "- configuredIn: ../base/kustomization.yaml\n  configuredBy:\n    apiVersion: builtin\n    kind: {kind}\n"
            )
        };
        let both = item("PrefixTransformer") + &item("LabelTransformer");
        assert_eq!(resource.annotation(TRANSFORMATIONS_ANNOTATION), Some(&*both));
    }
}
