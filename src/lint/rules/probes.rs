//! How the node knows that a container lives, and how it goes.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Probes;

pub(super) const RULES: &[&Rule] = &[];
