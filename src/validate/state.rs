//! What is known beside the objects: the version, what the cluster has, and what has been said once.

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Diagnostics, Place};

use super::Locations;
use super::codes::{GROUP_UNKNOWN, NAMESPACE_NOT_FOUND};
use super::definitions::is_definition;
use super::report::Report;
use crate::kube::{Bundle, Gvk, Resource};
use crate::schema::{Kind, Schema};
use crate::world::World;

/// What the stage needs beside the objects.
pub struct Cx<'a> {
    /// The kinds of the Kubernetes version to judge by.
    pub schema: Schema,
    /// CustomResourceDefinitions that count beside those of the input.
    pub crds: &'a Bundle,
    /// What the cluster has. With it the world is closed: what it does not have is not there.
    pub cluster: Option<&'a Bundle>,
    /// JSON Schemas that judge in place of the tables, and the way to them.
    pub locations: Option<(&'a Locations, &'a dyn World)>,
}

/// The namespaces of every cluster.
const NAMESPACES: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// What is kept from object to object.
pub(super) struct State<'a> {
    /// Whether what is not known is not there.
    pub is_closed: bool,
    namespaces: FxHashSet<&'a str>,
    unknown: FxHashMap<Gvk, (Place, usize)>,
    order: Vec<Gvk>,
    /// Group and kind -> where in the input they are defined.
    defined: FxHashMap<(&'a str, &'a str), usize>,
}

fn is_namespace(resource: &Resource) -> bool {
    &*resource.id.gvk.kind == "Namespace" && resource.id.gvk.group.is_empty()
}

impl<'a> State<'a> {
    pub fn new(bundle: &'a Bundle, cx: &'a Cx<'_>) -> Self {
        let objects = cx.cluster.map(|c| c.resources.as_slice()).unwrap_or_default();
        let named = objects.iter().filter(|r| is_namespace(r));
        let defined = bundle.resources.iter().enumerate().filter(|(_, r)| is_definition(r));
        let defined = defined.filter_map(|(at, r)| {
            let text = |path: &str| r.root().at(path).and_then(yaml::Node::as_str);
            Some(((text("spec.group")?, text("spec.names.kind")?), at))
        });
        State {
            is_closed: cx.cluster.is_some(),
            namespaces: named.map(|r| &*r.id.name).chain(NAMESPACES).collect(),
            unknown: FxHashMap::default(),
            order: Vec::new(),
            defined: defined.collect(),
        }
    }

    /// Whether a kind is defined by then: a cluster takes objects in their order.
    pub fn is_defined(&self, group: &str, kind: &str, at: usize) -> bool {
        !self.is_closed || self.defined.get(&(group, kind)).is_none_or(|defined| *defined < at)
    }

    /// Takes in what a create would have made.
    pub fn add(&mut self, resource: &'a Resource) {
        if is_namespace(resource) {
            self.namespaces.insert(&resource.id.name);
        }
    }

    /// Remembers an object of a group that is not known, to be told of once.
    pub fn meet_unknown(&mut self, resource: &Resource, place: Place) {
        let order = &mut self.order;
        let entry = self.unknown.entry(resource.id.gvk.clone()).or_insert_with_key(|gvk| {
            order.push(gvk.clone());
            (place, 0)
        });
        entry.1 += 1;
    }

    /// Judges where an object is to live.
    pub fn judge(&mut self, resource: &Resource, kind: Kind<'_>, report: &mut Report<'_>) {
        let Some(namespace) =
            resource.id.namespace.as_deref().filter(|_| self.is_closed && kind.is_namespaced())
        else {
            return;
        };
        if !self.namespaces.contains(namespace)
            && let Some(node) = resource.namespace_node()
        {
            let message = format!("the cluster has no namespace `{namespace}`");
            report.push(&NAMESPACE_NOT_FOUND, "NotFound", node, String::new(), message).help =
                Some("create it first, or put a Namespace of that name into the input".to_owned());
        }
    }

    /// Tells of the kinds that could not be judged.
    pub fn finish(mut self, out: &mut Diagnostics) {
        for gvk in self.order {
            let Some((place, count)) = self.unknown.remove(&gvk) else { continue };
            let objects = if count == 1 { "an object".to_owned() } else { format!("{count} objects") };
            let message = format!(
                "{objects} of kind `{}` ({}) cannot be judged: nothing is known of the kind",
                gvk.kind,
                gvk.api_version()
            );
            out.push(
                Diagnostic::new(&GROUP_UNKNOWN, place, message)
                    .help("put its CustomResourceDefinition into the input, or name it with `--crds PATH`"),
            );
        }
    }
}
