//! Who may do what to the cluster.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Rbac;

pub(super) const RULES: &[&Rule] = &[];
