//! Kustomize 5.8: overlays to resources, byte for byte.
//!
//! A build walks from the top kustomization down to its bases. Each directory gathers what its entries name, adds what
//! its generators make, runs its transformers over all of it and hands the result to the one that named it. Names are
//! mended, hashes added and variables resolved once, at the very end.
//!
//! How a piece plugs in:
//!
//! - A **generator** or **transformer** implements [`Generator`] or [`Transformer`]. Upstream works in two rounds: it first
//!   configures *all* of a layer's plugins, which reads their files, and then runs them in order. So each kind has a function
//!   `fn configure(kustomization: &Kustomization, root: &Rc<Root>, cx: &mut Cx<'_>) -> Result<Vec<Box<dyn Transformer>>, BuildError>`
//!   that reads and checks, and a type whose `transform` works on the [`ResMap`]. The standalone kinds of `transformers:`
//!   make the same types from their own configuration.
//! - Objects are [`Resource`]s in a [`ResMap`]. Whoever changes any field of one goes through [`Resource::edit`]; whoever
//!   only needs some fields away from annotations takes [`Resource::tree_mut`]. `ResMap::get_mut` for one object,
//!   `iter_mut` for all; look-ups by identity cost no walk over the list.
//! - Files come through [`Root::load`] and [`Root::load_text`], never another way; the latter makes them sources, so that
//!   spans can point into them.
//! - A node that is set gets the origin that [`Cx::patched`] gives, from the span of what asked for it.
//! - An error is a [`BuildError`]: our diagnostic, with kustomize's own text in `upstream`; [`BuildError::wrap`] puts a
//!   layer's words before that text.

mod absorb;
pub mod anchors;
mod build;
pub mod codes;
mod config;
mod configurations;
mod context;
mod crds;
mod decided;
mod decode;
mod embedded;
mod error;
pub mod field_spec;
pub mod findings;
mod generate;
mod hash;
pub mod helm;
mod json_form;
mod kustomization;
mod label_selector;
mod loader;
pub mod merge;
mod names;
mod objects;
mod openapi;
mod order;
mod output;
pub mod patches;
pub mod plugins;
mod provenance;
mod read;
pub mod remote;
pub mod replacements;
mod res_id;
mod res_map;
mod resource;
pub mod resources;
mod step;
mod target;
#[cfg(test)]
mod testing;
pub mod transform;
mod uses;
mod variables;

pub use build::{VERSION, build};
pub use config::TransformerConfig;
pub use context::{BuildOptions, Cx, Files, Reorder};
pub use decode::{Decode, Decoder, Misfit, Pairs, Spanned, Text};
pub use error::{BuildError, ErrorKind};
pub use kustomization::*;
pub use label_selector::LabelSelector;
pub use loader::{File, Root, clean};
pub use objects::add_objects;
pub use output::{MANY, Printed, print};
pub use read::{Layer, read};
pub use res_id::{ResId, gvk_text, is_cluster_scoped, is_selected};
pub use res_map::ResMap;
pub use resource::{Behavior, Notes, Previous, Resource};
pub use step::{Generator, Transformer};
pub use target::{Choice, Target};
pub use uses::{Uses, uses};
