//! What Kubernetes objects are, whatever text they came from.

mod quantity;
mod resource;

pub use quantity::{Format, Quantity, QuantityError};
pub use resource::{Bundle, Gvk, Resource, ResourceId};
