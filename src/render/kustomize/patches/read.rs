//! Strategic merge patches out of texts.

use std::sync::Arc;

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::embedded::Place;
use crate::render::kustomize::resource::Resource;
use crate::render::kustomize::resources::read_resources_at;

/// The objects of a text. The error is upstream's.
pub(super) fn strategic(text: &str, place: &Place, cx: &mut Cx<'_>) -> Result<Vec<Resource>, String> {
    let text: Arc<str> = text.into();
    let trees = read_resources_at(place, &text, cx.origins).map_err(|error| error.upstream().to_owned())?;
    Ok(trees.into_iter().map(Resource::new).collect())
}
