//! Strategic merge patches out of texts.

use std::sync::Arc;

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::embedded::Place;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::resource::Resource;
use crate::render::kustomize::resources::read_resources_at;

/// The objects of a text.
///
/// # Errors
/// It is no YAML, or something in it is no object.
pub(super) fn strategic(text: &str, place: &Place, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError> {
    let text: Arc<str> = text.into();
    let trees = read_resources_at(place, &text, cx.origins)?;
    Ok(trees.into_iter().map(Resource::new).collect())
}
