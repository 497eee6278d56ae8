//! The toolchain: a compiler from charts, overlays and templates to final Kubernetes manifests.
//!
//! A run is a pipeline of stages, each of the shape `fn stage(input, cx, out: &mut Diagnostics) -> output`:
//!
//! 1. `load` finds what there is below the given paths and tells charts, kustomizations and manifests apart.
//! 2. `render` turns each target into a [`kube::Bundle`] of resources whose every node knows its origin.
//! 3. `validate` says what a kube-apiserver would answer, `lint` what policy and experience say.
//! 4. `emit` writes the manifests, `report` shows the diagnostics.

pub mod cli;
pub mod config;
pub mod emit;
pub mod kube;
pub mod lint;
pub mod load;
pub mod pipeline;
pub mod render;
pub mod report;
pub mod schema;
pub mod validate;
pub mod world;
