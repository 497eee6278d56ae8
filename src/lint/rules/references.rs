//! Names and selectors that lead nowhere, or to the wrong object.

use crate::lint::{Group, Rule};

const GROUP: Group = Group::References;

pub(super) const RULES: &[&Rule] = &[];
