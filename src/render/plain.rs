//! Manifests as they stand: every object of every document, with the items of lists as objects of their own.

use std::sync::Arc;

use source::OriginId;
use yaml::{Doc, Kind, Node};

use crate::kube::{Bundle, Resource};

/// Levels of lists in lists; nobody writes two.
const NESTED_LISTS: u32 = 16;

/// The objects of these documents, in order. There is nothing to say here: whether a document is an object was
/// found out when it was read.
pub fn plain<'a>(documents: impl IntoIterator<Item = &'a Arc<Doc>>) -> Bundle {
    let mut bundle = Bundle::default();
    for document in documents {
        let first = bundle.origins.add_document(document.source(), document.clone());
        add_document(&mut bundle, document, first);
    }
    bundle
}

/// Adds the objects of a document whose origins begin at `first`.
pub(crate) fn add_document(bundle: &mut Bundle, document: &Arc<Doc>, first: OriginId) {
    let mut waiting: Vec<_> = document.root().map(|root| (root, 0)).into_iter().collect();
    while let Some((node, depth)) = waiting.pop() {
        if let Some(items) = list_items(node).filter(|_| depth < NESTED_LISTS) {
            let at = waiting.len();
            waiting.extend(items.items().filter(|i| i.kind() == Kind::Map).map(|i| (i, depth + 1)));
            waiting[at..].reverse();
            continue;
        }
        let id = Resource::identify(node);
        bundle.resources.push(Resource::new(id, document.clone(), node.id(), first));
    }
}

/// The items of a `kind: List`, or of a typed list such as `ConfigMapList`: kubectl takes both apart.
fn list_items(node: Node<'_>) -> Option<Node<'_>> {
    let kind = node.get("kind")?.as_str()?;
    kind.ends_with("List").then(|| node.get("items")).flatten().filter(|i| i.kind() == Kind::Seq)
}
