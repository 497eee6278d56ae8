//! What the tests of findings share.

use crate::render::kustomize::testing::with_cx;
use crate::render::kustomize::{BuildOptions, build};
use crate::world::Memory;

/// A Deployment that tests build upon.
pub(super) const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: \"nginx:1\"}]}\n";

/// The codes that a kustomization over the Deployment gives, each with the text that it points at.
pub(super) fn codes(kustomization: &str) -> Vec<(&'static str, String)> {
    codes_with(kustomization, &[])
}

/// The same with more files.
pub(super) fn codes_with(kustomization: &str, files: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    let mut world = Memory::new().with("a/web.yaml", WEB);
    world = world.with("a/kustomization.yaml", format!("resources: [web.yaml]\n{kustomization}"));
    for (name, text) in files {
        world = world.with(format!("a/{name}"), text);
    }
    let options = BuildOptions { trace: true, findings: true, ..BuildOptions::default() };
    with_cx(&world, &options, |cx| {
        if let Err(error) = build("a", cx) {
            panic!("{}", error.upstream());
        }
        let shown = |d: &source::Diagnostic| {
            let at = cx.origins.primary(d.primary.at).unwrap();
            (d.code.id, cx.sources.slice(at).trim_end().to_owned())
        };
        cx.out.iter().map(shown).collect()
    })
}
