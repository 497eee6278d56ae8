//! A rendering as objects whose nodes know where they came from.

use source::{OriginId, Origins};
use yaml::{Doc, Kind, NodeId};

use crate::kube::Bundle;

use super::manifests::{HookEvent, Manifest};
use super::render::Rendering;
use crate::render::plain::add_document;

/// Adds the objects of a rendering to a bundle, in Helm's order; gives how many hooks were left out because they
/// are no part of what is applied: those that run tests, and those that run when something is deleted or rolled
/// back.
pub fn add_objects(rendering: &Rendering, bundle: &mut Bundle) -> usize {
    let hooks = rendering.hooks.iter().filter(|hook| is_applied(hook));
    let left_out = rendering.hooks.len() - hooks.clone().count();
    for manifest in rendering.manifests.iter().chain(hooks) {
        let Some(doc) = &manifest.doc else { continue };
        if doc.root().is_none_or(|root| root.kind() != Kind::Map) {
            continue;
        }
        let origins = origins(doc, &manifest.segments, &mut bundle.origins);
        let first = bundle.origins.add_made(origins);
        add_document(bundle, doc, first);
    }
    left_out
}

fn is_applied(hook: &Manifest) -> bool {
    use HookEvent::{PostInstall, PostUpgrade, PreInstall, PreUpgrade};
    let events = hook.hook.as_deref().unwrap_or_default();
    events.iter().any(|event| matches!(event, PreInstall | PostInstall | PreUpgrade | PostUpgrade))
}

/// Where each node came from: a scalar from all that its bytes came from, a collection from where it begins.
fn origins(doc: &Doc, segments: &[(u32, OriginId)], origins: &mut Origins) -> Vec<OriginId> {
    let mut all = Vec::with_capacity(doc.len());
    for i in 0..doc.len() as u32 {
        let Some(node) = doc.node(NodeId(i)) else {
            all.push(OriginId::UNKNOWN);
            continue;
        };
        let (start, end) = node.span().unwrap_or((0, 0));
        let first = segments.partition_point(|(to, _)| *to <= start);
        let mut origin = segments.get(first).map_or(OriginId::UNKNOWN, |(_, origin)| *origin);
        if node.kind() == Kind::Scalar || node.is_alias() {
            let mut from = segments.get(first).map_or(end, |(to, _)| *to);
            for (to, more) in segments.get(first + 1..).unwrap_or_default() {
                if from >= end {
                    break;
                }
                origin = origins.union(origin, *more);
                from = *to;
            }
        }
        all.push(origin);
    }
    all
}
