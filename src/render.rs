//! From what was loaded to resources: charts, overlays, templates, plain manifests.

pub mod chart;
pub mod kustomize;
mod plain;

pub use plain::plain;
