//! What the tests of this module share.

use source::{Diagnostics, Origins, SourceId, Sources};

use super::context::{BuildOptions, Cx};
use super::res_map::ResMap;
use super::resource::Resource;
use super::resources::read_resources;
use super::step::Transformer;
use crate::world::World;

/// The one object of a text.
pub fn resource(text: &str) -> Resource {
    let mut trees = read_resources(SourceId(0), &text.into(), &mut Origins::new()).unwrap();
    assert_eq!(trees.len(), 1, "{text}");
    Resource::new(trees.remove(0))
}

/// Runs with everything that a build has at hand.
pub fn with_cx<R>(world: &dyn World, options: &BuildOptions, run: impl FnOnce(&mut Cx<'_>) -> R) -> R {
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    run(&mut Cx::new(world, options, &mut sources, &mut origins, &mut out))
}

/// The objects of a text behind a transformer, as text; the error is upstream's.
pub fn transformed(text: &str, transformer: &mut dyn Transformer) -> Result<String, String> {
    let world = crate::world::Memory::new();
    with_cx(&world, &BuildOptions::default(), |cx| {
        let trees = read_resources(SourceId(0), &text.into(), cx.origins).unwrap();
        let mut all: ResMap = trees.into_iter().map(Resource::new).collect();
        transformer.transform(&mut all, cx).map_err(|error| error.upstream().to_owned())?;
        let texts: Vec<String> = all.iter().map(|r| yaml::emit::tree(r.tree()).unwrap()).collect();
        Ok(texts.join("---\n"))
    })
}
