//! What is run, and whether it is the same tomorrow.

mod image_digest_missing;
mod image_known_bad;
mod image_pull_policy_not_always;
mod image_pull_policy_stale;
mod image_pull_secret_missing;
mod image_reference_invalid;
mod image_registry_implicit;
mod image_registry_not_allowed;
mod image_registry_retired;
mod image_tag_floating;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Images;

pub(super) const RULES: &[&Rule] = &[
    &image_digest_missing::RULE,
    &image_known_bad::RULE,
    &image_pull_policy_not_always::RULE,
    &image_pull_policy_stale::RULE,
    &image_pull_secret_missing::RULE,
    &image_reference_invalid::RULE,
    &image_registry_implicit::RULE,
    &image_registry_not_allowed::RULE,
    &image_registry_retired::RULE,
    &image_tag_floating::RULE,
];
