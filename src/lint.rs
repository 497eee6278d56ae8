//! Rules: what policy and experience say of objects that a server would take.
//!
//! - [`Rule`]: data about a rule and its function; each is a file of `rules/`, a folder a theme.
//! - [`Report`]: how a rule speaks.
//! - [`Graph`]: all objects at once, for rules that look from one to another.
//! - [`Settings`]: which rules run.
//! - [`stage`]: runs them over objects; [`chart_stage`] over a chart as it is written.
//! - [`advice_stage`]: what other stages notice of a chart, by the same settings.

mod advice;
mod chart;
mod graph;
mod layer;
mod meter;
mod reach;
mod report;
mod rule;
pub mod rules;
mod settings;
mod stage;
mod suppress;
#[cfg(test)]
pub(crate) mod testing;
mod variants;

pub use advice::{ADVICE, advice_stage, can_be_allowed};
pub use chart::{Call, ChartFile, ChartView, Define};
pub use graph::{Graph, Object};
pub use layer::{Layer, Parameter, Setting};
pub use meter::Meter;
pub use reach::{ObjectPattern, Reach};
pub use report::{Finding, Report, Scope};
pub(crate) use rule::rule;
pub use rule::{Check, Group, Level, Preset, Rule};
pub use settings::{Allowed, ConfigText, Demand, Override, Parameters, ResourceRange, Settings, UnknownRule};
pub use stage::{Cx, chart_stage, stage};
pub use suppress::{
    Closing, Comments, Ledger, SUPPRESSION_EXPIRED, SUPPRESSION_INVALID, SUPPRESSION_UNUSED, date,
};
pub(crate) use suppress::{is_date, standing_for};
pub use variants::Nested;
