//! What a container asks for and what it may use at most.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Resources;

pub(super) const RULES: &[&Rule] = &[];
