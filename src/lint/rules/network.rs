//! What can be reached from where, and who has a say in admission.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Network;

pub(super) const RULES: &[&Rule] = &[];
