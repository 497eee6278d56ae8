//! Manifests as they stand: every object of every document, with the items of lists as objects of their own.

use source::Diagnostics;
use yaml::{Kind, Node};

use crate::kube::{Bundle, Resource};
use crate::load::Loaded;

/// Levels of lists in lists; nobody writes two.
const NESTED_LISTS: u32 = 16;

/// The objects of all files, in order.
pub fn plain(loaded: &Loaded, _: &mut Diagnostics) -> Bundle {
    let mut bundle = Bundle::default();
    for document in loaded.files.iter().flat_map(|f| &f.docs).filter(|d| d.content.is_object()) {
        let Some(root) = document.doc.root() else { continue };
        let first = bundle.origins.add_document(document.doc.source(), document.doc.clone());
        let mut waiting = vec![(root, 0)];
        while let Some((node, depth)) = waiting.pop() {
            if let Some(items) = list_items(node).filter(|_| depth < NESTED_LISTS) {
                let at = waiting.len();
                waiting.extend(items.items().filter(|i| i.kind() == Kind::Map).map(|i| (i, depth + 1)));
                waiting[at..].reverse();
                continue;
            }
            let id = Resource::identify(node);
            bundle.resources.push(Resource::new(id, document.doc.clone(), node.id(), first));
        }
    }
    bundle
}

/// The items of a `kind: List`, or of a typed list such as `ConfigMapList`: kubectl takes both apart.
fn list_items(node: Node<'_>) -> Option<Node<'_>> {
    let kind = node.get("kind")?.as_str()?;
    kind.ends_with("List").then(|| node.get("items")).flatten().filter(|i| i.kind() == Kind::Seq)
}
