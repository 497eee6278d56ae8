//! What a container asks for and what it may use at most.

mod memory_limit_missing;
mod request_exceeds_limit;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Resources;

pub(super) const RULES: &[&Rule] = &[&memory_limit_missing::RULE, &request_exceeds_limit::RULE];
