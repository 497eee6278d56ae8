//! What is run, and whether it is the same tomorrow.

mod image_tag_floating;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Images;

pub(super) const RULES: &[&Rule] = &[&image_tag_floating::RULE];
