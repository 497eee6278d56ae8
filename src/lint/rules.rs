//! All rules, a folder a theme.
//!
//! A new rule is one file in its theme's folder, with one `mod` line and one line in the theme's `RULES`; the tests
//! here compare both with the folder and run the examples of every manual.

pub mod availability;
pub mod charts;
pub mod control_plane;
pub mod images;
pub mod metadata;
#[cfg(test)]
mod mutations;
pub mod network;
pub mod probes;
pub mod rbac;
pub mod references;
pub mod resources;
pub mod secrets;
pub mod security;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use rustc_hash::FxHashMap as HashMap;

use super::Rule;

/// The rules of each theme, in the order in which they run.
const THEMES: [&[&Rule]; 12] = [
    security::RULES,
    images::RULES,
    resources::RULES,
    probes::RULES,
    availability::RULES,
    references::RULES,
    metadata::RULES,
    secrets::RULES,
    rbac::RULES,
    network::RULES,
    charts::RULES,
    control_plane::RULES,
];

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    THEMES.into_iter().flatten().copied()
}

/// The rule of that name.
pub fn find(id: &str) -> Option<&'static Rule> {
    index(id).and_then(|RuleIndex(at)| all().nth(at))
}

/// A rule's place among [`all`].
#[derive(Clone, Copy)]
pub(super) struct RuleIndex(pub usize);

pub(super) fn index(id: &str) -> Option<RuleIndex> {
    static BY_ID: LazyLock<HashMap<&'static str, usize>> =
        LazyLock::new(|| all().enumerate().map(|(at, rule)| (rule.id(), at)).collect());
    BY_ID.get(id).copied().map(RuleIndex)
}

/// What nearly every rule needs.
mod prelude {
    #![allow(unused_imports, reason = "each rule takes what it needs")]
    pub(in super::super) use yaml::Node;

    pub(in super::super) use crate::kube::{Container, Known, PodView, Resource, Role};
    pub(in super::super) use crate::lint::{Graph, Report, rule};

    /// The text of a scalar that may not be there.
    pub(in super::super) fn text(node: Option<Node<'_>>) -> &str {
        node.map_or("", Node::text)
    }
}
