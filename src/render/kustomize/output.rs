//! Resources to the bytes that `kustomize build` prints.

use std::collections::HashSet;
use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::emit::{GoTyped, sigs};
use yaml::{NodeId, Options, Profile, Tree, read_first};

/// What a build does to its resources at the very end: local ones are dropped, equal ones are refused, annotations
/// that only the build needs go, and all others become strings in the order of their names.
pub fn finished(trees: Vec<Tree>) -> Result<Vec<Tree>, String> {
    let mut ids: HashSet<[String; 4]> = HashSet::new();
    let mut out = Vec::with_capacity(trees.len());
    for mut tree in trees {
        let root = tree.root();
        let metadata = tree.get(root, "metadata");
        let text = |map: NodeId, key: &str| {
            tree.get(map, key).filter(|v| tree.tag(*v) != "!!null").map_or("", |v| tree.text(v)).to_owned()
        };
        let meta = |key: &str| metadata.map_or(String::new(), |m| text(m, key));
        let namespace = match meta("namespace") {
            none if none.is_empty() => "default".to_owned(),
            set => set,
        };
        let id = [text(root, "apiVersion"), text(root, "kind"), namespace, meta("name")];
        if !ids.insert(id.clone()) {
            return Err(format!("may not add resource with an already registered id: {}.{}", id[1], id[3]));
        }
        let annotations = metadata.and_then(|m| tree.get(m, "annotations"));
        let local = annotations.and_then(|a| tree.get(a, "config.kubernetes.io/local-config"));
        if local.is_some_and(|value| tree.tag(value) == "!!null" || tree.text(value) != "false") {
            continue;
        }
        clean_annotations(&mut tree, metadata);
        out.push(tree);
    }
    Ok(out)
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
    "config.kubernetes.io/origin",
    "alpha.config.kubernetes.io/transformations",
];

fn clean_annotations(tree: &mut Tree, metadata: Option<NodeId>) {
    let Some(metadata) = metadata else { return };
    let Some(annotations) = tree.get(metadata, "annotations") else { return };
    let mut kept: Vec<(String, NodeId)> = Vec::new();
    for (key, value) in tree.entries(annotations) {
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
        let key = tree.string(name, tree.origin(value));
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
/// come through here either, so the same steps are taken.
pub fn to_yaml(tree: &Tree) -> Result<Vec<u8>, String> {
    let text: Arc<str> = yaml::emit::tree(tree).map_err(|e| e.to_string())?.into();
    let mut found = Diagnostics::new();
    let doc = read_first(SourceId(u32::MAX), &text, &Options::new(Profile::GoYamlV3), &mut found);
    if let Some(first) = found.iter().next() {
        return Err(first.upstream.clone().unwrap_or_else(|| first.message.clone()));
    }
    let mut out = Vec::new();
    match doc.as_ref().and_then(|doc| doc.root()) {
        Some(root) => sigs(&GoTyped::root(root), &mut out).map_err(|e| e.to_string())?,
        None => out.extend_from_slice(b"{}\n"),
    }
    Ok(out)
}

/// All resources, parted by `---`.
pub fn join(resources: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, resource) in resources.into_iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b"---\n");
        }
        out.extend_from_slice(&resource);
    }
    out
}
