//! What is run, and whether it is the same tomorrow.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Images;

pub(super) const RULES: &[&Rule] = &[];
