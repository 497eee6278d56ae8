//! `replicas`.

use source::{OriginId, Place};

use super::{failed, set_untyped, walks};
use crate::kube::Gvk;
use crate::render::kustomize::codes::TRANSFORMER_INVALID;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Spanned;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::{FieldSpec, Make, Walk};
use crate::render::kustomize::findings;
use crate::render::kustomize::kustomization::Replica;
use crate::render::kustomize::res_id::gvk_text;
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::resource::Resource;
use crate::render::kustomize::step::Transformer;

/// Sets the number of replicas of all workloads that have or had a name, whatever their kind and namespace
/// (api 0.21.1, `ReplicaCountTransformer`).
pub struct ReplicaTransformer {
    replica: Spanned<Replica>,
    walks: Vec<Walk>,
}

impl ReplicaTransformer {
    /// From an entry of `replicas`.
    pub fn new(replica: Spanned<Replica>, specs: &[FieldSpec]) -> ReplicaTransformer {
        ReplicaTransformer { replica, walks: walks(specs) }
    }

    fn is_meant(&self, resource: &Resource, walk: &Walk) -> bool {
        let fits = |gvk: &Gvk, name: &str| *name == **self.replica.name && walk.selects(gvk);
        !resource.is_empty()
            && (fits(&resource.id().gvk, resource.name())
                || resource.previous_ids().any(|id| fits(&id.gvk, &id.name)))
    }
}

impl Transformer for ReplicaTransformer {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let count = self.replica.count.value.to_string();
        let by = self.replica.count.at.or(self.replica.at);
        let (mut is_found, mut is_changed) = (false, false);
        let name = &**self.replica.name;
        for resource in all.iter_for(&self.walks) {
            if resource.name() != name && !resource.notes.previous.iter().any(|p| &*p.name == name) {
                continue;
            }
            for walk in &self.walks {
                if !self.is_meant(resource, walk) {
                    continue;
                }
                is_found = true;
                let id = resource.id().clone();
                let asked = cx.said_by([&self.replica.name]);
                let typed = cx.typed_for(walk, resource);
                let name = cx.origin_of_name(resource);
                let asked = cx.both(asked, typed);
                let asked = cx.both(asked, name);
                let made = cx.patched(by, OriginId::UNKNOWN);
                let made = cx.given(made, asked);
                let result =
                    walk.visit(resource.tree_for(walk), &id, Make::Scalar, made, &mut |tree, node| {
                        let origin = cx.patched(by, tree.origin(node));
                        let origin = cx.given(origin, asked);
                        is_changed |= tree.text(node) != count;
                        set_untyped(tree, node, &count, origin)?;
                        // It stays a number, also where a text is put there later.
                        tree.settle(node);
                        Ok(())
                    });
                result.map_err(|text| failed(resource, text))?;
            }
        }
        if is_found {
            findings::replicas::check(&self.replica, is_changed, cx);
            return Ok(());
        }
        let kinds: Vec<String> = self
            .walks
            .iter()
            .map(|walk| {
                gvk_text(&Gvk {
                    group: (*walk.spec().group).into(),
                    version: (*walk.spec().version).into(),
                    kind: (*walk.spec().kind).into(),
                })
            })
            .collect();
        let upstream = format!(
            "resource with name {name} does not match a config with the following GVK [{}]",
            kinds.join(" ")
        );
        let at = self.replica.name.at.or(self.replica.at).map_or(Place::from(OriginId::UNKNOWN), Place::from);
        let message =
            format!("no Deployment, StatefulSet, ReplicaSet or ReplicationController is called `{name}`");
        Err(BuildError::new(&TRANSFORMER_INVALID, at, message, upstream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::config::TransformerConfig;
    use crate::render::kustomize::testing::transformed;

    fn scaled(name: &str, before: &str) -> Result<String, String> {
        let text = |text: &str| Spanned { value: text.to_owned(), at: None };
        let replica = Replica { name: text(name), count: Spanned { value: 3, at: None } };
        let specs = TransformerConfig::builtin().replicas.clone();
        let mut transformer = ReplicaTransformer::new(Spanned { value: replica, at: None }, &specs);
        let object = format!("kind: Deployment\nmetadata: {{name: a}}\nspec: {{replicas: {before}}}\n");
        transformed(&object, &mut transformer)
    }

    #[test]
    fn the_number_keeps_its_quotes_and_somebody_has_to_have_it() {
        for (before, after) in [("1", "3"), ("\"1\"", "\"3\"")] {
            let wanted = format!("kind: Deployment\nmetadata: {{name: a}}\nspec: {{replicas: {after}}}\n");
            assert_eq!(scaled("a", before).unwrap(), wanted);
        }
        assert_eq!(
            scaled("b", "1").unwrap_err(),
            "resource with name b does not match a config with the following GVK [Deployment.[noVer].[noGrp] StatefulSet.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] ReplicationController.[noVer].[noGrp]]"
        );
    }
}
