//! Resources to the bytes that `kustomize build` prints.

use std::io::{self, Write};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use source::{Diagnostics, SourceId};
use yaml::emit::{GoTyped, is_steady, sigs};
use yaml::{NodeId, Options, Profile, Tree, read_first};

use super::codes::RESOURCE_INVALID;
use super::error::BuildError;
use super::res_id::ResId;
use super::resource::Resource;

/// What a build does to an object at the very end: annotations that only the build needs go, and all others become
/// strings in the order of their names.
pub fn finish(resource: &mut Resource) {
    let metadata = resource.metadata();
    clean_annotations(resource.fields_mut(), metadata);
}

/// Annotations that a build keeps its notes in.
const BUILD_ANNOTATIONS: &[&str] = &[
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "internal.config.kubernetes.io/helm-generated",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
];

/// Whether a list that stands in place of annotations has a value for each name, as they follow each other there: upstream
/// dies of a name without one, and tells this.
pub(super) fn pairs_up(tree: &Tree, annotations: NodeId) -> Result<(), String> {
    let count = tree.children(annotations).len();
    if count.is_multiple_of(2) {
        return Ok(());
    }
    Err(format!("runtime error: index out of range [{count}] with length {count}"))
}

fn clean_annotations(tree: &mut Tree, metadata: Option<NodeId>) {
    let Some(metadata) = metadata else { return };
    let Some(annotations) = tree.get(metadata, "annotations") else { return };
    let mut kept: Vec<(String, NodeId)> = Vec::new();
    for (key, value) in tree.pairs(annotations) {
        let name = tree.text(key).to_owned();
        // Of equal names the last counts, as in Go's maps.
        kept.retain(|(known, _)| *known != name);
        if !BUILD_ANNOTATIONS.contains(&name.as_str()) {
            kept.push((name, value));
        }
    }
    kept.sort();
    // They are put in anew, behind the other fields of the metadata.
    tree.remove(metadata, "annotations", tree.origin(annotations));
    if kept.is_empty() {
        return;
    }
    let map = tree.map(tree.origin(annotations));
    for (name, value) in kept {
        // Its type shows from its text: upstream makes the key anew, and says nothing of it.
        let key = tree.plain(name, tree.origin(value));
        let text = tree.text(value).to_owned();
        let value = tree.string(text, tree.origin(value));
        tree.insert_entry(map, usize::MAX, key, value);
    }
    tree.set(metadata, "annotations", map);
}

/// One resource, as text. The error is upstream's.
///
/// Upstream prints the tree by kyaml, decodes that text by go-yaml v3, and has sigs.k8s.io/yaml print what it got.
/// Text that does not come through this as it was (folded scalars whose first line is indented, say) must not
/// come through here either, so the same steps are taken, but where they surely change nothing.
pub fn to_yaml(tree: &Tree) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    put_yaml(tree, &mut out)?;
    Ok(out)
}

/// So many objects are more than one thread's work.
pub const MANY: usize = 64;

fn put_yaml(tree: &Tree, out: &mut Vec<u8>) -> Result<(), String> {
    if !is_steady(tree) {
        return put_after_round(tree, out);
    }
    let start = out.len();
    sigs(&GoTyped::root(tree.node(tree.root())), out).map_err(|e| e.to_string())?;
    if cfg!(debug_assertions) {
        let mut after = Vec::new();
        assert_eq!(put_after_round(tree, &mut after), Ok(()), "what is steady can be read again");
        assert_eq!(out[start..], after, "what is steady is the same after a round");
    }
    Ok(())
}

fn put_after_round(tree: &Tree, out: &mut Vec<u8>) -> Result<(), String> {
    let text: Arc<str> = yaml::emit::tree(tree).map_err(|e| e.to_string())?.into();
    let mut found = Diagnostics::new();
    let doc = read_first(SourceId(u32::MAX), &text, &Options::new(Profile::GoYamlV3), &mut found);
    if let Some(first) = found.iter().next() {
        return Err(first.upstream.clone().unwrap_or_else(|| first.message.clone()));
    }
    match doc.as_ref().and_then(|doc| doc.root()) {
        Some(root) => sigs(&GoTyped::root(root), out).map_err(|e| e.to_string())?,
        None => out.extend_from_slice(b"{}\n"),
    }
    Ok(())
}

/// What a build prints.
#[derive(Debug, Default)]
pub struct Printed {
    /// The objects in order: which it is, and its text.
    objects: Vec<(ResId, Box<[u8]>)>,
}

/// Prints all objects, many of them on all threads; each is dropped as soon as its text is there.
///
/// # Errors
/// One of them cannot be printed: two keys of a map are equal, a number is infinite.
pub fn print(resources: Vec<Resource>) -> Result<Printed, BuildError> {
    let one = |buffer: &mut Vec<u8>, resource: Resource| {
        buffer.clear();
        put_yaml(resource.tree(), buffer).map_err(|text| unprintable(&resource, &text))?;
        Ok((resource.into_id(), Box::from(buffer.as_slice())))
    };
    let objects: Result<Vec<_>, _> = if resources.len() < MANY {
        let mut buffer = Vec::new();
        resources.into_iter().map(|resource| one(&mut buffer, resource)).collect()
    } else {
        // The first error in the order of the objects is told, whichever thread meets one first.
        let printed: Vec<Result<_, _>> = resources.into_par_iter().map_init(Vec::new, one).collect();
        printed.into_iter().collect()
    };
    Ok(Printed { objects: objects? })
}

/// One object, as text.
///
/// # Errors
/// It cannot be printed.
pub fn to_yaml_of(resource: &Resource) -> Result<Vec<u8>, BuildError> {
    to_yaml(resource.tree()).map_err(|text| unprintable(resource, &text))
}

fn unprintable(resource: &Resource, text: &str) -> BuildError {
    let id = resource.id();
    let message = format!("{} `{}` cannot be printed: {text}", id.gvk.kind, id.name);
    let upstream = format!("map[string]interface {{}}(nil): {text}");
    BuildError::new(&RESOURCE_INVALID, resource.place(), message, upstream)
}

impl Printed {
    /// All objects, parted by `---`.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        for (at, (_, text)) in self.objects.iter().enumerate() {
            if at > 0 {
                out.write_all(b"---\n")?;
            }
            out.write_all(text)?;
        }
        out.flush()
    }

    /// Each object with the name of its file; the namespace is in front where there are several.
    pub fn files(&self) -> impl Iterator<Item = (String, &[u8])> {
        let mut namespaces: Vec<&str> = self
            .objects
            .iter()
            .filter(|(id, _)| !id.is_cluster_scoped)
            .map(|(id, _)| id.effective_namespace())
            .collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let several = namespaces.len() > 1;
        self.objects.iter().map(move |(id, text)| {
            let parts = [&*id.gvk.group, &*id.gvk.version, &*id.gvk.kind];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let mut name = format!("{}_{}.yaml", parts.join("_"), id.name).to_lowercase();
            if several && !id.is_cluster_scoped {
                name = format!("{}_{name}", id.effective_namespace().to_lowercase());
            }
            (name, &**text)
        })
    }
}
