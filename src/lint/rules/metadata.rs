//! Names, labels, namespaces and API versions.

mod api_deprecated;
mod api_removed;
mod deprecated_field;
mod dns_config_ndots;
mod forbidden_annotation;
mod label_value_invalid;
mod name_invalid;
mod namespace_default;
mod namespace_system;
mod pod_security_policy_used;
mod recommended_labels;
mod required_annotation;
mod required_label;
mod schema_invalid;
mod sorted_keys;

use super::prelude::*;
use crate::lint::{Demand, Group, Rule};

const GROUP: Group = Group::Metadata;

pub(super) const RULES: &[&Rule] = &[
    &api_deprecated::RULE,
    &api_removed::RULE,
    &deprecated_field::RULE,
    &dns_config_ndots::RULE,
    &forbidden_annotation::RULE,
    &label_value_invalid::RULE,
    &name_invalid::RULE,
    &namespace_default::RULE,
    &namespace_system::RULE,
    &pod_security_policy_used::RULE,
    &recommended_labels::RULE,
    &required_annotation::RULE,
    &required_label::RULE,
    &schema_invalid::RULE,
    &sorted_keys::RULE,
];

/// Reports the labels or annotations that the configuration demands and that an object does not have so.
fn demand(resource: &Resource, report: &mut Report, what: &str, demands: &[Demand]) {
    let path = format!("metadata.{what}s");
    let present = resource.root().at(&path);
    let (kind, name) = (&resource.id.gvk.kind, resource.name());
    for demand in demands {
        let key = &demand.key;
        match present.and_then(|p| p.get(key)) {
            None => {
                report.missing(&resource, &path, format!("{kind} `{name}` lacks the {what} `{key}`"));
            }
            Some(value) if !(demand.values.is_empty() || demand.values.iter().any(|v| v == value.text())) => {
                let allowed = demand.values.join("`, `");
                report.at(&resource, value, format!("the {what} `{key}` must be one of `{allowed}`"));
            }
            Some(_) => {}
        }
    }
}
