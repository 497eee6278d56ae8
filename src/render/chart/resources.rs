//! A rendering as objects whose nodes know where they came from.

use source::{Diagnostics, Made, Origins, Sources};
use yaml::{Kind, Options, Profile};

use crate::kube::Bundle;

use super::manifests::{HookEvent, Manifest};
use super::origins::of_nodes;
use super::render::{Crd, Rendering};
use crate::render::plain::add_document;

/// Adds the objects of a rendering to a bundle, in Helm's order, those of `crds/` first; gives how many hooks were left out because they
/// are no part of what is applied: those that run tests, and those that run when something is deleted or rolled
/// back.
pub fn add_objects(rendering: &Rendering, sources: &Sources, bundle: &mut Bundle) -> usize {
    let hooks = rendering.hooks.iter().filter(|hook| is_applied(hook));
    let left_out = rendering.hooks.len() - hooks.clone().count();
    add_crds(&rendering.crds, sources, bundle);
    add(rendering.manifests.iter().chain(hooks), sources, bundle);
    left_out
}

/// Adds all objects of a rendering to a bundle, every hook among them.
pub fn add_all_objects(rendering: &Rendering, sources: &Sources, bundle: &mut Bundle) {
    add_crds(&rendering.crds, sources, bundle);
    add(rendering.manifests.iter().chain(&rendering.hooks), sources, bundle);
}

fn add_crds(crds: &[Crd], sources: &Sources, bundle: &mut Bundle) {
    for crd in crds {
        let Some(text) = sources.get(crd.source).map(|source| source.text()) else { continue };
        // What cannot be read of it a rule says.
        let mut faults = Diagnostics::new();
        for doc in yaml::read(crd.source, text, &Options::new(Profile::Kubernetes), &mut faults) {
            if doc.root().is_some_and(|root| root.kind() == Kind::Map) {
                let first = bundle.origins.add_document(crd.source, doc.clone());
                add_document(bundle, &doc, first);
            }
        }
    }
}

fn add<'a>(manifests: impl Iterator<Item = &'a Manifest>, sources: &Sources, bundle: &mut Bundle) {
    for manifest in manifests {
        let Some(doc) = &manifest.doc else { continue };
        if doc.root().is_none_or(|root| root.kind() != Kind::Map) {
            continue;
        }
        let origins = node_origins(manifest, sources, &mut bundle.origins);
        let first = bundle.origins.add_made(origins);
        add_document(bundle, doc, first);
    }
}

/// Where the nodes of a manifest's document came from, by their ids.
pub fn node_origins(manifest: &Manifest, sources: &Sources, origins: &mut Origins) -> Made {
    match &manifest.doc {
        Some(doc) => of_nodes(doc, &manifest.segments, sources, origins),
        None => Made::default(),
    }
}

fn is_applied(hook: &Manifest) -> bool {
    use HookEvent::{PostInstall, PostUpgrade, PreInstall, PreUpgrade};
    let events = hook.hook.as_deref().unwrap_or_default();
    events.iter().any(|event| matches!(event, PreInstall | PostInstall | PreUpgrade | PostUpgrade))
}
