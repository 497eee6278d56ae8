//! What fields there are: of every kind of every known Kubernetes version, and of custom resources.
//!
//! The tables are static: nothing is parsed or allocated at start, and every look-up is a binary search.
//!
//! ```
//! use plimsoll::schema::{List, Schema, Shape};
//!
//! let schema = Schema::newest();
//! let deployment = schema.kind("apps", "v1", "Deployment").unwrap();
//! assert!(deployment.is_namespaced() && deployment.is_called("deploy"));
//!
//! let ports = deployment.ty().at("spec.template.spec.containers.ports").unwrap();
//! assert_eq!(ports.ty().shape(), Shape::List);
//! assert_eq!(ports.ty().list(), Some(List::Map));
//! assert_eq!(ports.ty().list_keys().collect::<Vec<_>>(), ["containerPort", "protocol"]);
//! assert_eq!(ports.merge_key(), Some("containerPort"));
//!
//! let protocol = ports.ty().at("protocol").unwrap();
//! assert_eq!(protocol.default_json(), Some(r#""TCP""#));
//! assert_eq!(protocol.ty().values().collect::<Vec<_>>(), ["SCTP", "TCP", "UDP"]);
//! ```

mod builtin;
mod constraint;
mod crd;
mod defaults;
mod explain;
pub mod json;
mod lifecycle;
mod table;
mod view;

use std::sync::Arc;

pub use builtin::{NEWEST, VERSIONS, Version};
pub use constraint::{Constraints, Pattern};
pub use crd::Fault;
pub use explain::{Unknown, explain};
pub use lifecycle::{Lifecycle, lifecycle};
use table::Table;
pub use table::{List, Shape};
pub(crate) use view::TypesOf;
pub use view::{Field, Kind, Patch, Type};

/// All kinds of one Kubernetes version, and the custom ones that were added. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    version: Version,
    builtin: &'static Table,
    custom: Vec<Arc<Table>>,
}

impl Schema {
    /// The newest version that is known.
    pub fn newest() -> Schema {
        Schema::of(NEWEST)
    }

    /// That version.
    pub fn of(version: Version) -> Schema {
        Schema { version, builtin: version.table(), custom: Vec::new() }
    }

    /// The document that Kustomize carries: old, and what its strategic merges go by.
    pub fn kustomize() -> Schema {
        Schema { version: Version::KUSTOMIZE, builtin: builtin::kustomize(), custom: Vec::new() }
    }

    /// Which version it is.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The kind of that name; the group is empty for the core.
    pub fn kind(&self, group: &str, version: &str, kind: &str) -> Option<Kind<'_>> {
        self.tables().find_map(|table| {
            let at = table.kinds.binary_search_by(|row| {
                (table.name(row.group), table.name(row.version), table.name(row.kind))
                    .cmp(&(group, version, kind))
            });
            at.ok().and_then(|at| table.kinds.get(at)).map(|row| Kind::new(table, row))
        })
    }

    /// All kinds: the built-in ones by group, version and kind, then the custom ones.
    pub fn kinds(&self) -> impl Iterator<Item = Kind<'_>> {
        self.tables().flat_map(|table| table.kinds.iter().map(move |row| Kind::new(table, row)))
    }

    /// Whether any kind of that group is known.
    pub fn has_group(&self, group: &str) -> bool {
        self.kinds().any(|kind| kind.group() == group)
    }

    /// The type of upstream's name without `io.k8s.`, such as `api.core.v1.PodSpec`.
    pub fn named(&self, name: &str) -> Option<Type<'_>> {
        // Types with a name come first and are sorted by it.
        let types = &self.builtin.types;
        let named = types.partition_point(|row| row.name.len > 0);
        let at = types[..named].binary_search_by(|row| self.builtin.name(row.name).cmp(name)).ok()?;
        Some(Type::new(self.builtin, at as u32))
    }

    /// Adds the kinds that a CustomResourceDefinition defines. What is known already stays; what cannot be compiled goes
    /// into `faults`.
    pub fn add_crd<'a>(&mut self, crd: yaml::Node<'a>, faults: &mut Vec<Fault<'a>>) {
        if let Some(table) = crd::compile(crd, self, faults) {
            self.custom.push(Arc::new(table));
        }
    }

    /// The types of the native kinds.
    pub(crate) fn native_types(&self) -> TypesOf<'static> {
        TypesOf(self.builtin)
    }

    /// The types of the custom kinds, a table a definition.
    pub(crate) fn custom_types(&self) -> impl Iterator<Item = TypesOf<'_>> {
        self.custom.iter().map(|table| TypesOf(table))
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        std::iter::once(self.builtin).chain(self.custom.iter().map(|table| &**table))
    }
}
