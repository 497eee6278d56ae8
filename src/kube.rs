//! What Kubernetes objects are, whatever text they came from.

mod resource;

pub use resource::{Bundle, Gvk, Resource, ResourceId};
