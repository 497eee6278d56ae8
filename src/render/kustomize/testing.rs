//! What the tests of this module share.

use std::rc::Rc;

use source::{Diagnostics, OriginId, Origins, SourceId, Sources};
use yaml::{Options, Profile, read_first};

use super::context::{BuildOptions, Cx, Reorder};
use super::decode::{Decode, Decoder};
use super::error::BuildError;
use super::kustomization::Kustomization;
use super::loader::Root;
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

/// What objects become under a kustomization, as text; the error is upstream's. `run` is given the kustomization of the
/// file k/kustomization.yaml and does the part of a build that is tested.
pub fn kustomized(
    world: &dyn World,
    objects: &[&str],
    run: impl FnOnce(&Kustomization, &Rc<Root>, &mut ResMap, &mut Cx<'_>) -> Result<(), BuildError>,
) -> Result<String, String> {
    with_cx(world, &BuildOptions { trace: true, ..BuildOptions::default() }, |cx| {
        let upstream = |error: BuildError| error.upstream().to_owned();
        let root = Root::top("k", cx).map_err(upstream)?;
        let (source, text) = root.load_text("kustomization.yaml", OriginId::UNKNOWN, cx).unwrap();
        let options = Options::new(Profile::HelmValues);
        let doc = read_first(source, &text, &options, &mut Diagnostics::new()).unwrap();
        let mut decoder = Decoder::new(source, "Kustomization");
        let kustomization = Kustomization::decode(doc.root().unwrap(), &mut decoder);
        assert_eq!(decoder.misfits, []);
        let mut all: ResMap = objects.iter().map(|text| resource(text)).collect();
        run(&kustomization, &root, &mut all, cx).map_err(upstream)?;
        all.drop_empty();
        Ok(printed(&all))
    })
}

/// What a build of the directory `top` prints; the error is upstream's.
pub fn built(files: &[(&str, &str)]) -> Result<String, String> {
    let world = files.iter().fold(crate::world::Memory::new(), |world, (path, text)| world.with(path, text));
    with_cx(&world, &BuildOptions { reorder: Some(Reorder::None), ..BuildOptions::default() }, |cx| {
        let printed = super::build("top", cx).and_then(super::print);
        let printed = printed.map_err(|error| error.upstream().to_owned())?;
        let mut bytes = Vec::new();
        printed.write_to(&mut bytes).unwrap();
        Ok(String::from_utf8(bytes).unwrap())
    })
}

fn printed(all: &ResMap) -> String {
    let texts: Vec<String> = all.iter().map(|r| yaml::emit::tree(r.tree()).unwrap()).collect();
    texts.join("---\n")
}

/// The objects of a text behind a transformer, as text; the error is upstream's.
pub fn transformed(text: &str, transformer: &mut dyn Transformer) -> Result<String, String> {
    let world = crate::world::Memory::new();
    with_cx(&world, &BuildOptions::default(), |cx| {
        let trees = read_resources(SourceId(0), &text.into(), cx.origins).unwrap();
        let mut all: ResMap = trees.into_iter().map(Resource::new).collect();
        transformer.transform(&mut all, cx).map_err(|error| error.upstream().to_owned())?;
        Ok(printed(&all))
    })
}
