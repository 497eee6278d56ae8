//! Manifests as they stand: every object of every document, with the items of lists as objects of their own.

use std::sync::Arc;

use rayon::prelude::*;
use source::OriginId;
use yaml::{Doc, Kind, Node};

use crate::kube::{Bundle, Resource};

/// Levels of lists in lists; nobody writes two.
const NESTED_LISTS: u32 = 16;

/// So many documents are one thread's at a time.
const CHUNK: usize = 256;

/// The objects of these documents, in order. There is nothing to say here: whether a document is an object was
/// found out when it was read.
pub fn plain<'a>(documents: impl IntoIterator<Item = &'a Arc<Doc>>) -> Bundle {
    let mut bundle = Bundle::default();
    let documents: Vec<_> = documents
        .into_iter()
        .map(|doc| (doc, bundle.origins.add_document(doc.source(), doc.clone())))
        .collect();
    let objects = |documents: &[(&'a Arc<Doc>, OriginId)]| {
        let mut resources = Vec::with_capacity(documents.len());
        documents.iter().for_each(|(doc, first)| objects_of(doc, *first, &mut resources));
        resources
    };
    bundle.resources = match documents.len() <= CHUNK {
        true => objects(&documents),
        false => documents.par_chunks(CHUNK).flat_map_iter(objects).collect(),
    };
    bundle
}

/// Adds the objects of a document whose origins begin at `first`.
pub(crate) fn add_document(bundle: &mut Bundle, document: &Arc<Doc>, first: OriginId) {
    objects_of(document, first, &mut bundle.resources);
}

fn objects_of(document: &Arc<Doc>, first: OriginId, out: &mut Vec<Resource>) {
    let mut waiting: Vec<_> = document.root().map(|root| (root, 0)).into_iter().collect();
    while let Some((node, depth)) = waiting.pop() {
        if let Some(items) = list_items(node).filter(|_| depth < NESTED_LISTS) {
            let at = waiting.len();
            waiting.extend(items.items().filter(|i| i.kind() == Kind::Map).map(|i| (i, depth + 1)));
            waiting[at..].reverse();
            continue;
        }
        out.push(Resource::new(document.clone(), node.id(), first));
    }
}

/// The items of a `kind: List`, or of a typed list such as `ConfigMapList`: kubectl takes both apart.
fn list_items(node: Node<'_>) -> Option<Node<'_>> {
    let kind = node.get("kind")?.as_str()?;
    kind.ends_with("List").then(|| node.get("items")).flatten().filter(|i| i.kind() == Kind::Seq)
}
