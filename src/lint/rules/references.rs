//! Names and selectors that lead nowhere, or to the wrong object.

mod config_map_missing;
mod missing; // helper
mod selector_mismatch;
mod service_selects_nothing;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::References;

pub(super) const RULES: &[&Rule] =
    &[&config_map_missing::RULE, &selector_mismatch::RULE, &service_selects_nothing::RULE];
