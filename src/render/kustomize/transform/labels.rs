//! `labels`, `commonLabels` and `commonAnnotations`.

use std::collections::HashMap;

use source::{OriginId, Span};

use super::{failed, walks};
use crate::kube::Gvk;
use crate::render::kustomize::codes::KUSTOMIZATION_INVALID;
use crate::render::kustomize::config::{TransformerConfig, merge_fields};
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Pairs;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::{FieldSpec, Make, Walk, set_string_entry};
use crate::render::kustomize::kustomization::{FieldSpecArgs, Kustomization};
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::step::Transformer;

/// Puts entries into maps of strings: labels, selectors, annotations.
pub struct MapTransformer {
    pairs: Pairs,
    walks: Vec<Walk>,
    /// What else of the entry decides where they go.
    asked: Vec<Span>,
}

impl MapTransformer {
    /// With what is put where.
    pub fn new(pairs: Pairs, specs: &[FieldSpec]) -> MapTransformer {
        MapTransformer { pairs, walks: walks(specs), asked: Vec::new() }
    }
}

/// The transformers of `labels` and `commonLabels`. The last is there with any of the two, as upstream has it: it shows in
/// the notes that `buildMetadata` asks for.
///
/// # Errors
/// A field of `labels` disagrees with the tables on whether it is made.
pub fn of_kustomization(
    kustomization: &Kustomization,
    config: &TransformerConfig,
) -> Result<Vec<MapTransformer>, BuildError> {
    let mut all = Vec::new();
    if kustomization.labels.is_empty() && kustomization.common_labels.0.is_empty() {
        return Ok(all);
    }
    for label in &kustomization.labels {
        let mut specs: Vec<FieldSpec> = label.fields.iter().map(FieldSpecArgs::to_spec).collect();
        let told = |text: String, what: &str| {
            let at = label.at.map_or(source::Place::Origin(OriginId::UNKNOWN), Into::into);
            let message = "a field says otherwise than the built-in table whether it is made";
            BuildError::new(&KUSTOMIZATION_INVALID, at, message, format!("{what}: {text}"))
        };
        merge_fields(&mut specs, &config.labels).map_err(|text| told(text, "failed to merge labels"))?;
        let result = if *label.include_selectors {
            merge_fields(&mut specs, &config.common_labels)
        } else {
            if *label.include_templates {
                merge_fields(&mut specs, &config.template_labels)
                    .map_err(|text| told(text, "failed to merge template fieldSpec"))?;
            }
            merge_fields(&mut specs, &[FieldSpec::fixed("", "", "", "metadata/labels", true)])
        };
        result.map_err(|text| told(text, "failed to merge labels"))?;
        let mut step = MapTransformer::new(label.pairs.clone(), &specs);
        step.asked.extend(label.include_selectors.at.or(label.include_templates.at));
        all.push(step);
    }
    all.push(MapTransformer::new(kustomization.common_labels.clone(), &config.common_labels));
    Ok(all)
}

impl Transformer for MapTransformer {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        if self.pairs.0.is_empty() {
            return Ok(());
        }
        // Most objects are of a few types, and most specs are for other ones.
        let mut asked = OriginId::UNKNOWN;
        for at in &self.asked {
            let read = cx.read(Some(*at));
            asked = cx.both(asked, read);
        }
        let mut by_type: HashMap<Gvk, Vec<&Walk>> = HashMap::new();
        for resource in all.iter_for(&self.walks) {
            let id = resource.id().clone();
            let fitting = by_type
                .entry(id.gvk.clone())
                .or_insert_with(|| self.walks.iter().filter(|walk| walk.selects(&id.gvk)).collect());
            for (key, value) in &self.pairs.0 {
                let by: Option<Span> = value.at;
                let mut entry = None;
                for walk in &*fitting {
                    let typed = cx.typed_for(walk, resource);
                    let asked = cx.both(asked, typed);
                    let made = cx.patched(by, OriginId::UNKNOWN);
                    let made = cx.given(made, asked);
                    let mut set = |tree: &mut yaml::Tree, node| {
                        set_string_entry(tree, node, key, value, &mut entry, |was| {
                            let origin = cx.patched(by, was);
                            cx.given(origin, asked)
                        })
                    };
                    // Where the build's own notes are all annotations that there are, there are annotations.
                    let result = if walk.is_annotation() && !walk.spec().create {
                        resource.edit(|tree| walk.visit(tree, &id, Make::Map, made, &mut set))
                    } else {
                        walk.visit(resource.tree_for(walk), &id, Make::Map, made, &mut set)
                    };
                    result.map_err(|text| failed(resource, text))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::decode::Spanned;
    use crate::render::kustomize::kustomization::Label;
    use crate::render::kustomize::testing::transformed;

    fn pairs(key: &str, value: &str) -> Pairs {
        let text = |text: &str| Spanned { value: text.to_owned(), at: None };
        Pairs(vec![(text(key), text(value))])
    }

    const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {matchLabels: {b: c}}}\n";

    fn labelled(label: Label) -> String {
        let label = Spanned { value: label, at: None };
        let kustomization = Kustomization { labels: vec![label], ..Kustomization::default() };
        let mut all = of_kustomization(&kustomization, &TransformerConfig::builtin()).unwrap();
        assert_eq!(all.len(), 2);
        transformed(DEPLOYMENT, &mut all[0]).unwrap()
    }

    #[test]
    fn labels_go_where_they_are_wanted() {
        let label = Label { pairs: pairs("k", "true"), ..Label::default() };
        assert_eq!(
            labelled(label.clone()),
            DEPLOYMENT.replace("{name: a}", "{name: a, labels: {k: \"true\"}}")
        );
        let all = labelled(Label { include_selectors: Spanned { value: true, at: None }, ..label.clone() });
        assert!(all.contains("matchLabels: {b: c, k: \"true\"}"), "{all}");
        assert!(all.contains("template: {metadata: {labels: {k: \"true\"}}}"), "{all}");
        let all = labelled(Label { include_templates: Spanned { value: true, at: None }, ..label });
        assert!(all.contains("matchLabels: {b: c}") && all.contains("template:"), "{all}");
    }
}
