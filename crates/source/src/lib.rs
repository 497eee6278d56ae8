//! Where text comes from and what is said about it: sources, spans, origins, diagnostics, fixes.
//!
//! This crate imports nothing of the project's. Everything above it speaks of places in these terms:
//!
//! - [`Span`]: a byte range of one source.
//! - [`OriginId`]: where one node of a tree came from: read as it stands, rendered, patched, generated.
//! - [`Place`]: a span, a node or a part of an object, which is what a [`Diagnostic`] points at.

mod diagnostic;
mod drawn;
mod lines;
mod origin;
mod reach;
mod secret;
mod sources;
mod suggest;

pub use diagnostic::{
    Class, Code, Diagnostic, Diagnostics, Edit, Fix, Label, Named, Severity, Subject, TargetId,
};
pub use drawn::Drawn;
pub use lines::{LineColumn, LineIndex};
pub use origin::{Chain, Frame, FrameId, Lines, Made, OriginId, Origins, Piece, Place, SpanTable};
pub use reach::{Hold, Reach};
pub use secret::is_secret_name;
pub use sources::{Source, SourceId, SourceKind, Sources, Span};
pub use suggest::{closest, distance};
