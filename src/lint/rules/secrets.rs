//! Service accounts, and secrets in the wrong place.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Secrets;

pub(super) const RULES: &[&Rule] = &[];
