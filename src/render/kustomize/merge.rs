//! Strategic merge as kyaml 0.21 does it: maps by key, lists by the keys that a schema names, and directives.
//!
//! It is not the API server's strategic merge: `$setElementOrder`, `$retainKeys` and `$deleteFromPrimitiveList` are fields
//! like any other and end up in the result, and what the patch brings stands before what a list held.

mod decisions;
mod directive;
mod keyed;
mod quoting;
mod schema;
mod walk;

use source::{OriginId, Origins};
use yaml::Tree;

pub(super) use quoting::is_other_than_string;
pub use schema::Schemas;
pub(super) use walk::{contents, expect};

/// What became of the object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merged {
    /// It is there, changed or not.
    Kept,
    /// The patch said `$patch: delete` of the whole.
    Deleted,
}

/// What a merge needs to follow origins.
pub struct Trace<'a> {
    /// The store.
    pub origins: &'a mut Origins,
    /// The object's type, where the patch would be merged whatever that is: it chooses the rules.
    pub typed: OriginId,
}

/// Merges a patch into an object. The error is kyaml's.
///
/// What the patch brings keeps its own origin; with `trace` given, what stands in place of something is
/// [`Patched`](source::Chain::Patched) and knows what that was. A patch that replaces the whole object
/// (`$patch: replace` at the top) changes nothing, as upstream throws the result away.
///
/// ```
/// use source::{Diagnostics, OriginId, SourceId};
/// use plimsoll::render::kustomize::merge::{Merged, Schemas, merge};
/// use yaml::{Options, Profile, Tree, read};
///
/// let tree = |text: &str| {
///     let docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kustomize), &mut Diagnostics::new());
///     Tree::of_doc(&docs[0], OriginId::UNKNOWN).unwrap()
/// };
/// let mut pod = tree("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {name: a, image: x}\n");
/// let patch = tree("spec:\n  containers:\n  - {name: a, tty: true}\n  - {name: b}\n");
/// let merged = merge(&mut pod, &patch, &Schemas::builtin(), None);
/// assert_eq!(merged, Ok(Merged::Kept));
/// assert_eq!(
///     yaml::emit::tree(&pod).unwrap(),
///     "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {name: a, image: x, tty: true}\n  - {name: b}\n"
/// );
/// ```
pub fn merge(
    tree: &mut Tree,
    patch: &Tree,
    schemas: &Schemas,
    trace: Option<Trace<'_>>,
) -> Result<Merged, String> {
    let copy = tree.graft(patch, patch.root());
    walk::walk(tree, copy, schemas, trace)
}

#[cfg(test)]
mod tests;
