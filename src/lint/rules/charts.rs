//! Charts: what `helm lint` says of them, and what it cannot see.

mod chart_api_version_missing;
mod chart_crd_invalid;
mod chart_dependency_undeclared;
mod chart_field_needs_v2;
mod chart_field_unknown;
mod chart_icon_missing;
mod chart_maintainer_invalid;
mod chart_template_extension;
mod chart_templates_missing;
mod chart_url_invalid;
mod chart_values_missing;
mod chart_version_loose;
mod chart_version_not_string;
mod scientific_number;
mod template_overridden;
mod template_undefined;

use crate::lint::{Group, Rule};

const GROUP: Group = Group::Charts;

pub(super) const RULES: &[&Rule] = &[
    &chart_api_version_missing::RULE,
    &chart_crd_invalid::RULE,
    &chart_dependency_undeclared::RULE,
    &chart_field_needs_v2::RULE,
    &chart_field_unknown::RULE,
    &chart_icon_missing::RULE,
    &chart_maintainer_invalid::RULE,
    &chart_template_extension::RULE,
    &chart_templates_missing::RULE,
    &chart_url_invalid::RULE,
    &chart_values_missing::RULE,
    &chart_version_loose::RULE,
    &chart_version_not_string::RULE,
    &scientific_number::RULE,
    &template_overridden::RULE,
    &template_undefined::RULE,
];

/// What nearly every rule on charts needs.
mod prelude {
    #![allow(unused_imports, reason = "each rule takes what it needs")]
    pub(in super::super) use super::super::prelude::*;
    pub(in super::super) use crate::lint::{ChartView, Define};
}
