//! Objects that are known beside the input: what the cluster has, and definitions of kinds.

use std::path::PathBuf;

use source::{Diagnostics, Severity};

use super::Server;
use crate::kube::Bundle;
use crate::load::{self, File, Request};
use crate::schema::Schema;
use crate::world::World;
use crate::{render, validate};

/// The CustomResourceDefinitions of the files that were named for them; other objects of these files are passed over.
/// What a server would not take defines nothing, and is told rather than left out.
pub(super) fn definitions(server: &Server, world: &dyn World) -> Result<Bundle, String> {
    let judge = |bundle: &mut Bundle, out: &mut Diagnostics| {
        bundle.resources.retain(|resource| &*resource.id.gvk.kind == "CustomResourceDefinition");
        let nothing = Bundle::default();
        let schema = Schema::of(server.version);
        let cx = validate::Cx { schema, crds: &nothing, cluster: None, locations: None };
        validate::stage(bundle, &cx, out);
    };
    let bundle = beside(&server.crds, world, "--crds", judge)?;
    match bundle.resources.is_empty() && !server.crds.is_empty() {
        true => {
            let paths: Vec<_> = server.crds.iter().map(|path| format!("`{}`", path.display())).collect();
            Err(format!("--crds: there is no CustomResourceDefinition in {}", paths.join(", ")))
        }
        false => Ok(bundle),
    }
}

/// What the cluster has, by the files that were named for it. What is wrong with them is the caller's to mend.
pub(super) fn cluster(paths: &[PathBuf], world: &dyn World) -> Result<Bundle, String> {
    beside(paths, world, "--cluster-state", |_, _| {})
}

/// The objects of files, once `judge` has looked at them; `Err` with the first error and its place.
fn beside(
    paths: &[PathBuf],
    world: &dyn World,
    flag: &str,
    judge: impl FnOnce(&mut Bundle, &mut Diagnostics),
) -> Result<Bundle, String> {
    if paths.is_empty() {
        return Ok(Bundle::default());
    }
    let request = Request { paths: paths.to_vec(), objects_only: true, ..Request::default() };
    let mut out = Diagnostics::new();
    let loaded = load::load(&request, world, &mut out)?;
    let mut bundle = render::plain(loaded.files.iter().flat_map(File::objects));
    judge(&mut bundle, &mut out);
    match out.iter().find(|d| d.severity == Severity::Error) {
        Some(error) => {
            let span = bundle.origins.primary(error.primary.at);
            let source = span.and_then(|s| Some((loaded.sources.get(s.source)?, s.start)));
            let place = source.map_or_else(String::new, |(source, start)| {
                let at = source.line_column(start);
                format!("{}:{}:{}: ", source.name, at.line, at.column)
            });
            Err(format!("{flag}: {place}{}", error.message))
        }
        None => Ok(bundle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn definitions_that_were_named_have_to_define_something() {
        let definition = |rest: &str| {
            format!(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: things.example.com}}\n\
                 spec:\n  group: example.com\n  scope: Namespaced\n  names: {{kind: Thing, plural: things}}\n  versions:\n  \
                 - name: v1\n    served: true\n    storage: true\n{rest}"
            )
        };
        let good = definition("    schema: {openAPIV3Schema: {type: object}}\n");
        let world = Memory::new()
            .with("good.yaml", &good)
            .with(
                "mixed.yaml",
                format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: Not_One}}\n---\n{good}"),
            )
            .with("other.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
            .with("bare.yaml", definition(""))
            .with("typo.yaml", definition("    shema: {openAPIV3Schema: {type: object}}\n"));
        let said = |path: &str| {
            let server = Server { crds: vec![PathBuf::from(path)], ..Server::default() };
            definitions(&server, &world).map(|bundle| bundle.resources.len())
        };
        assert_eq!(said("good.yaml"), Ok(1));
        assert_eq!(said("mixed.yaml"), Ok(1));
        let fault = |path: &str| said(path).unwrap_err();
        assert_eq!(fault("other.yaml"), "--crds: there is no CustomResourceDefinition in `other.yaml`");
        assert!(fault("bare.yaml").starts_with("--crds: bare.yaml:"), "{}", fault("bare.yaml"));
        assert!(fault("typo.yaml").starts_with("--crds: typo.yaml:12:5: `shema`"), "{}", fault("typo.yaml"));
    }
}
