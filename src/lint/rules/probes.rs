//! How the node knows that a container lives, and how it goes.

mod readiness_probe_missing;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Probes;

pub(super) const RULES: &[&Rule] = &[&readiness_probe_missing::RULE];
