//! Service accounts, and secrets in the wrong place.

mod secret_manifest_plain;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Secrets;

pub(super) const RULES: &[&Rule] = &[&secret_manifest_plain::RULE];
