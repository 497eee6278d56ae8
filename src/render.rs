//! From what was loaded to resources: charts, overlays, templates, plain manifests.

pub mod chart;
mod plain;

pub use plain::plain;
