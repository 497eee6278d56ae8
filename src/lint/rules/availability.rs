//! Whether the work goes on while nodes and versions change.

mod naked_pod;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Availability;

pub(super) const RULES: &[&Rule] = &[&naked_pod::RULE];
