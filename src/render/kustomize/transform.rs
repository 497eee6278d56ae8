//! The transformers that a kustomization's own fields ask for, apart from patches and replacements.

mod affix;
mod images;
mod labels;
mod namespace;
mod replicas;

use source::OriginId;
use yaml::{Kind, NodeId, Tree};

pub use affix::{Affix, AffixTransformer};
pub use images::ImageTransformer;
pub use labels::{MapTransformer, of_kustomization as labels_of_kustomization};
pub use namespace::{NamespaceTransformer, Subjects};
pub use replicas::ReplicaTransformer;

use super::codes::TRANSFORMER_INVALID;
use super::error::BuildError;
use super::field_spec::{FieldSpec, Walk, wrong_kind};
use super::resource::Resource;

/// Specs made ready.
fn walks(specs: &[FieldSpec]) -> Vec<Walk> {
    specs.iter().cloned().map(Walk::new).collect()
}

/// What a transformer says of an object.
fn failed(resource: &Resource, upstream: String) -> BuildError {
    let id = resource.id();
    let message = format!("{} `{}` cannot be changed: {upstream}", id.gvk.kind, id.name);
    BuildError::new(&TRANSFORMER_INVALID, resource.place(), message, upstream)
}

/// Makes a scalar a string of that text; its style stays.
fn set_string(tree: &mut Tree, node: NodeId, text: &str, origin: OriginId) -> Result<(), String> {
    if !tree.is_null(node) && tree.kind(node) != Kind::Scalar {
        return Err(wrong_kind(tree, node, "ScalarNode"));
    }
    tree.make_string(node);
    tree.set_text(node, text, origin);
    Ok(())
}

/// Gives a scalar another text; its style stays, and what it is shows from the text.
fn set_untyped(tree: &mut Tree, node: NodeId, text: &str, origin: OriginId) -> Result<(), String> {
    if !tree.is_null(node) && tree.kind(node) != Kind::Scalar {
        return Err(wrong_kind(tree, node, "ScalarNode"));
    }
    tree.set_untyped(node, text, origin);
    Ok(())
}
