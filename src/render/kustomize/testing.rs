//! What the tests of this module share.

use source::{Diagnostics, Origins, SourceId, Sources};

use super::context::{BuildOptions, Cx};
use super::resource::Resource;
use crate::world::World;

/// The one object of a text.
pub fn resource(text: &str) -> Resource {
    let mut trees = super::resources::read_resources(SourceId(0), &text.into(), &mut Origins::new()).unwrap();
    assert_eq!(trees.len(), 1, "{text}");
    Resource::new(trees.remove(0))
}

/// Runs with everything that a build has at hand.
pub fn with_cx<R>(world: &dyn World, options: &BuildOptions, run: impl FnOnce(&mut Cx<'_>) -> R) -> R {
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    run(&mut Cx::new(world, options, &mut sources, &mut origins, &mut out))
}
