//! Kustomize 5.8: overlays to resources.

pub mod anchors;
pub mod output;
pub mod resources;
