//! A namespace that a cluster-scoped object gets.

use std::cell::LazyCell;
use std::collections::HashSet;

use source::{Diagnostic, Span};

use crate::render::kustomize::context::Cx;
use crate::render::kustomize::res_map::ResMap;
use crate::schema::Schema;

source::code! {
    /// `namespace` of a kustomization gives a namespace to an object that has none in a cluster.
    ///
    /// Kustomize knows the scope of the kinds of Kubernetes 1.21 alone. Newer cluster-wide kinds and cluster-wide custom
    /// resources get a namespace, which a server refuses, or which makes `kubectl` look for them in the wrong place.
    ///
    /// A patch in the same layer is too early to take it out again: patches run first. Build the object in a layer
    /// without `namespace`, or take the field out in the layer above.
    pub static NAMESPACE_MISPLACED = "kustomize-namespace-misplaced", Warning;
}

/// Looks at the objects that got one.
pub fn check(at: Option<Span>, all: &ResMap, cx: &mut Cx<'_>) {
    let Some(at) = at.filter(|_| cx.options.findings) else { return };
    let schema = Schema::newest();
    // Most builds have none but well-known kinds, and ask for the definitions never.
    let defined = LazyCell::new(|| defined_as_wide(all));
    for resource in all.iter().filter(|resource| !resource.namespace().is_empty()) {
        let id = resource.id();
        let (group, version, kind) = (&*id.gvk.group, &*id.gvk.version, &*id.gvk.kind);
        let is_wide = !id.is_cluster_scoped
            && match schema.kind(group, version, kind) {
                Some(kind) => !kind.is_namespaced(),
                None => defined.contains(&(group.to_owned(), kind.to_owned())),
            };
        if is_wide {
            let message = format!("{kind} `{}` is cluster-wide, and gets this namespace", id.name);
            let told = Diagnostic::new(&NAMESPACE_MISPLACED, at, message)
                .related(resource.place(), "this object")
                .help("build it in a layer without `namespace`, or take the field out in the layer above");
            cx.out.push(told);
        }
    }
}

/// The groups and kinds of which definitions among the objects say that they are of the cluster.
fn defined_as_wide(all: &ResMap) -> HashSet<(String, String)> {
    let definitions = all.iter().filter(|resource| resource.kind() == "CustomResourceDefinition");
    let wide = definitions.filter_map(|resource| {
        let tree = resource.tree();
        let root = tree.node(tree.root());
        let text = |path: &str| root.at(path).map_or("", yaml::Node::text).to_owned();
        (text("spec.scope") == "Cluster").then(|| (text("spec.group"), text("spec.names.kind")))
    });
    wide.collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes_with;

    #[test]
    fn kinds_that_a_definition_or_a_newer_server_knows() {
        let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.x.y}\nspec: {group: x.y, scope: Cluster, names: {kind: A}}\n";
        let object = |kind: &str, group: &str| {
            format!("apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: a}}\n")
        };
        let component =
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [crd.yaml, a.yaml]\n";
        let of = |text: &str| {
            let files = [("c/kustomization.yaml", component), ("c/crd.yaml", crd), ("c/a.yaml", text)];
            let found = codes_with("namespace: shop\ncomponents: [c]\n", &files);
            found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
        };
        assert_eq!(of(&object("A", "x.y")), ["kustomize-namespace-misplaced"]);
        assert!(of(&object("B", "x.y")).is_empty());
        assert_eq!(
            of(&object("ValidatingAdmissionPolicy", "admissionregistration.k8s.io")),
            ["kustomize-namespace-misplaced"]
        );
    }
}
