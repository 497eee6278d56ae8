//! `plimsoll.yaml`: what a repository says once for everybody, read from files above and beside the input.
//!
//! ```yaml
//! extends: ../plimsoll.yaml
//! preset: strict
//! rules:
//!   rbac: off                     # a rule, a group, a level or a preset: on, off, error, warning or note
//!   replicas-too-low: warning
//! parameters:
//!   min-replicas: 3
//!   allowed-registries: [registry.example.com]
//! overrides:
//!   - paths: [charts/legacy/**]
//!     rules: {memory-limit-missing: off}
//! allow:
//!   - rule: host-network
//!     objects: [{kind: DaemonSet, name: node-agent}]
//!     reason: it watches the node's own interfaces
//!     until: 2027-01-31
//! external:
//!   - {kind: Secret, name: "db-*"}
//! ```
//!
//! - [`Shape`]: what may stand where, declared once; reading, the JSON Schema and the manual follow from it.
//! - [`nearest`], [`Configuration::read`]: the file that holds for a directory, and what it says with what it extends.
//! - [`migrate`]: the same from the files and annotations of other programs.

mod declared;
mod effective;
mod files;
mod foreign;
pub mod migrate;
mod read;
mod schema;
mod shape;
#[cfg(test)]
mod tests;

pub use declared::ROOT;
pub use effective::effective;
pub use files::{ConfigError, NAME, nearest};
pub use read::{Configuration, Entry};
pub use schema::json_schema;
pub use shape::{Fault, Key, Shape, check};
