//! What a container may do to its node.

mod privileged_container;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Security;

pub(super) const RULES: &[&Rule] = &[&privileged_container::RULE];
