//! What Kubernetes objects are, whatever text they came from.

pub mod credentials;
pub mod cron;
mod image;
mod install_order;
mod known;
pub mod path;
mod pod;
pub mod pod_security;
mod quantity;
pub mod rbac;
pub mod references;
mod resource;
pub mod rollout;
pub mod selector;
mod view;
pub mod words;

pub use image::Image;
pub use install_order::INSTALL_ORDER;
pub use known::Known;
pub use pod::{Container, ContainerSpec, HostPath, PodSpec, PodView, Role, SecurityContext, is_workload};
pub use quantity::{Format, Quantity, QuantityError};
pub use resource::{Bundle, Gvk, Resource, ResourceId};
