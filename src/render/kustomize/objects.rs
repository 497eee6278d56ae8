//! A build's objects as the other stages take them: read from the printed text, each node with the origins it was built
//! from.

use std::sync::Arc;

use source::{Diagnostics, OriginId, Origins, Source, SourceKind, Sources};
use yaml::{Doc, Kind, NodeId, Options, Profile, Tree};

use super::error::BuildError;
use super::output::to_yaml_of;
use super::resource::Resource;
use crate::kube::Bundle;
use crate::render::plain::add_document;

/// Adds a build's objects to a bundle; `name` is what the printed text is called.
///
/// # Errors
/// An object cannot be printed.
pub fn add_objects(
    resources: &[Resource],
    name: &str,
    sources: &mut Sources,
    bundle: &mut Bundle,
) -> Result<(), BuildError> {
    let mut text = String::new();
    for resource in resources {
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&String::from_utf8_lossy(&to_yaml_of(resource)?));
    }
    let text: Arc<str> = text.into();
    let source = sources.add(Source::new(name, SourceKind::Rendered, text.clone()));
    // What was printed can be read; what rules say of it they say themselves.
    let docs = yaml::read(source, &text, &Options::new(Profile::Kubernetes), &mut Diagnostics::new());
    for (doc, resource) in docs.iter().zip(resources) {
        let origins = origins(doc, resource.tree(), &mut bundle.origins);
        let first = bundle.origins.add_made(origins);
        add_document(bundle, doc, first);
    }
    Ok(())
}

/// Where each node of the printed document came from: the tree is the same but for the order of its keys.
pub(super) fn origins(doc: &Doc, tree: &Tree, known: &mut Origins) -> Vec<OriginId> {
    let mut all = vec![OriginId::UNKNOWN; doc.len()];
    let mut todo = Vec::new();
    if let Some(root) = doc.root() {
        todo.push((root, tree.root()));
    }
    let put = |all: &mut Vec<OriginId>, at: NodeId, origin: OriginId| {
        if let Some(place) = all.get_mut(at.0 as usize) {
            *place = origin;
        }
    };
    while let Some((node, from)) = todo.pop() {
        // What was taken out stands nowhere: the map or list that it was in knows of it.
        let gone = tree.removed(from).iter().fold(OriginId::UNKNOWN, |gone, one| known.union(gone, one.by));
        let origin = known.given(tree.origin(from), gone);
        put(&mut all, node.id(), origin);
        match (node.kind(), tree.kind(from)) {
            (Kind::Map, Kind::Map) => {
                for (key, value) in node.entries() {
                    if let Some((_, from_key, from)) = tree.entry(from, key.text()) {
                        put(&mut all, key.id(), tree.origin(from_key));
                        todo.push((value, from));
                    }
                }
            }
            (Kind::Seq, Kind::Seq) => {
                todo.extend(node.items().zip(tree.children(from).iter().copied()));
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::with_cx;
    use crate::render::kustomize::{BuildOptions, build};
    use crate::world::Memory;

    #[test]
    fn every_field_leads_to_its_line() {
        let world = Memory::new()
            .with("a/kustomization.yaml", "resources: [m.yaml]\nnamePrefix: p-\n")
            .with("a/m.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata: {b: x, a: y}\n");
        let options = BuildOptions { trace: true, ..BuildOptions::default() };
        let texts = with_cx(&world, &options, |cx| {
            let built = build("a", cx).unwrap();
            let mut bundle = Bundle { resources: Vec::new(), origins: std::mem::take(cx.origins) };
            add_objects(&built, "a", cx.sources, &mut bundle).unwrap();
            let root = bundle.resources[0].root();
            let place = |path: &str| {
                let span =
                    bundle.origins.primary(bundle.resources[0].origin(root.at(path).unwrap())).unwrap();
                let text = cx.sources.get(span.source).unwrap().text();
                text[span.start as usize..span.end as usize].to_owned()
            };
            [place("metadata.name"), place("data.a"), place("kind")]
        });
        assert_eq!(texts, ["p-", "y", "ConfigMap"]);
    }
}
