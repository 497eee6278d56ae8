//! Service accounts, and secrets in the wrong place.

mod automount_service_account_token;
mod default_service_account;
mod plaintext_secret_args;
mod plaintext_secret_config_map;
mod plaintext_secret_env;
mod secret_data_not_base64;
mod secret_in_env;
mod secret_manifest_plain;
mod value_non_deterministic;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Secrets;

pub(super) const RULES: &[&Rule] = &[
    &automount_service_account_token::RULE,
    &default_service_account::RULE,
    &plaintext_secret_args::RULE,
    &plaintext_secret_config_map::RULE,
    &plaintext_secret_env::RULE,
    &secret_data_not_base64::RULE,
    &secret_in_env::RULE,
    &secret_manifest_plain::RULE,
    &value_non_deterministic::RULE,
];
