//! Names, labels, namespaces and API versions.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Metadata;

pub(super) const RULES: &[&Rule] = &[];
