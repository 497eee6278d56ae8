//! YAML: text to documents and trees, and back, as Kubernetes' tools read and write it.
//!
//! - [`read`] turns text into [`Doc`]s: immutable arenas over the source bytes. It never fails; what is wrong
//!   goes into the diagnostics.
//! - [`Path`] names a field, and [`Doc::at`] finds the node at a line and column.
//! - [`Tree`] is a document that can be changed; comments, styles and origins stay.
//! - [`emit`] turns trees into text, byte for byte as Go's emitters do.
//! - [`Node`] is the one view that everything above reads through, whatever holds the node.

mod base64;
mod bytes;
mod check;
pub mod codes;
mod comments;
mod compose;
mod diagnose;
mod doc;
mod edit;
pub mod emit;
mod extents;
mod fast;
mod json;
mod merge;
mod node;
mod number;
mod parse;
mod patch;
mod path;
mod reader;
mod resolve;
mod scan;
mod split;
mod timestamp;
mod tree;
mod upstream;

pub use bytes::decode;
pub use comments::{DocComments, NodeComments};
pub use doc::{Comment, Doc, NodeId, Style};
pub use edit::{EditError, Edits};
pub use extents::Extents;
pub use json::{json_key, to_json};
pub use node::{Entries, Items, Kind, Node, Value};
pub use patch::{patch, patch_one_tracing, patch_tracing};
pub use path::{Path, PathError, Step};
pub use reader::{Limits, Options, Profile, read, read_first, read_first_part, read_part};
pub use split::split;
pub use timestamp::Timestamp;
pub use tree::{Removed, Tree};
