//! `labels`, `commonLabels` and `commonAnnotations`.

use std::collections::HashMap;

use source::{OriginId, Span};
use yaml::{Kind, NodeId};

use super::{failed, walks};
use crate::kube::Gvk;
use crate::render::kustomize::codes::KUSTOMIZATION_INVALID;
use crate::render::kustomize::config::{TransformerConfig, merge_fields};
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::Pairs;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::{FieldSpec, Make, Walk, set_string_entry};
use crate::render::kustomize::kustomization::{FieldSpecArgs, Kustomization, Label};
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::resource::Resource;
use crate::render::kustomize::step::Transformer;

/// Puts entries into maps of strings: labels, selectors, annotations.
pub struct MapTransformer {
    pairs: Pairs,
    fields: Vec<Field>,
    /// Fields that a switch which is off keeps out.
    kept_out: Vec<Field>,
}

/// A field, and what of the entry asked for it beside the pairs: a switch, or the entry's own `fields`.
struct Field {
    walk: Walk,
    asked: Vec<Span>,
}

impl MapTransformer {
    /// With what is put where.
    pub fn new(pairs: Pairs, specs: &[FieldSpec]) -> MapTransformer {
        let field = |walk| Field { walk, asked: Vec::new() };
        MapTransformer { pairs, fields: walks(specs).into_iter().map(field).collect(), kept_out: Vec::new() }
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
        let metadata = [FieldSpec::fixed("", "", "", "metadata/labels", true)];
        let result = if *label.include_selectors {
            merge_fields(&mut specs, &config.common_labels)
        } else {
            if *label.include_templates {
                merge_fields(&mut specs, &config.template_labels)
                    .map_err(|text| told(text, "failed to merge template fieldSpec"))?;
            }
            merge_fields(&mut specs, &metadata)
        };
        result.map_err(|text| told(text, "failed to merge labels"))?;
        let mut step = MapTransformer::new(label.pairs.clone(), &specs);
        step.ask(label, config);
        all.push(step);
    }
    all.push(MapTransformer::new(kustomization.common_labels.clone(), &config.common_labels));
    Ok(all)
}

impl MapTransformer {
    /// Notes of each field what put it into the list, and which fields the switches keep out.
    fn ask(&mut self, label: &Label, config: &TransformerConfig) {
        let has = |list: &[FieldSpec], spec: &FieldSpec| list.contains(spec);
        let (selectors, templates) = (&label.include_selectors, &label.include_templates);
        for field in &mut self.fields {
            let spec = field.walk.spec();
            let own = label.fields.iter().filter(|own| own.to_spec() == *spec);
            if spec.path == "metadata/labels" || has(&config.labels, spec) {
                continue;
            } else if has(&config.template_labels, spec) && **templates {
                field.asked.extend(templates.at.filter(|_| !**selectors));
            } else if has(&config.common_labels, spec) {
                field.asked.extend(selectors.at);
            } else {
                let said = own.flat_map(|own| [&own.group, &own.version, &own.kind, &own.path]);
                field.asked.extend(said.filter_map(|text| text.at));
            }
        }
        if **selectors {
            return;
        }
        for (switch, specs) in [(templates, &config.template_labels), (selectors, &config.common_labels)] {
            let Some(at) = switch.at.filter(|_| !**switch) else { continue };
            for walk in walks(specs) {
                let is_there = self.fields.iter().any(|field| field.walk.spec().path == walk.spec().path);
                if !is_there {
                    self.kept_out.push(Field { walk, asked: vec![at] });
                }
            }
        }
    }

    /// Says of what would hold the pairs that a switch keeps them out.
    fn keep_out(&self, resource: &mut Resource, cx: &mut Cx<'_>) {
        if !cx.options.trace {
            return;
        }
        let gvk = resource.id().gvk.clone();
        for field in self.kept_out.iter().filter(|field| field.walk.selects(&gvk)) {
            let asked = cx.all_of(&field.asked);
            let tree = resource.fields_mut();
            for node in field.walk.nearest(tree) {
                let origin = cx.given(tree.origin(node), asked);
                tree.set_origin(node, origin);
            }
        }
    }
}

impl Transformer for MapTransformer {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        if self.pairs.0.is_empty() {
            return Ok(());
        }
        // Most objects are of a few types, and most specs are for other ones.
        let mut by_type: HashMap<Gvk, Vec<(&Walk, OriginId)>> = HashMap::new();
        let identifies = self.fields.iter().any(|field| field.walk.identifies());
        for resource in if identifies { all.iter_mut() } else { all.iter_fields() } {
            let id = resource.id().clone();
            let fitting = by_type.entry(id.gvk.clone()).or_insert_with(|| {
                let fitting = self.fields.iter().filter(|field| field.walk.selects(&id.gvk));
                fitting.map(|field| (&field.walk, cx.all_of(&field.asked))).collect()
            });
            for (key, value) in &self.pairs.0 {
                let by: Option<Span> = value.at;
                let mut entry = None;
                // What one field asks for and another too does not hang on what asked second.
                let mut written: Vec<NodeId> = Vec::new();
                for (walk, asked) in &*fitting {
                    let typed = cx.typed_for(walk, resource);
                    let asked = cx.both(*asked, typed);
                    let made = cx.patched(key.at, OriginId::UNKNOWN);
                    let made = cx.given(made, asked);
                    let trace = cx.options.trace;
                    let mut set = |tree: &mut yaml::Tree, node| {
                        let known = entry_of(tree, node, key).filter(|node| trace && written.contains(node));
                        let known = known.map(|node| (node, tree.origin(node)));
                        let result = set_string_entry(tree, node, key, value, &mut entry, |was| {
                            let origin = cx.patched(by, was);
                            cx.given(origin, asked)
                        });
                        if let Some(node) = entry_of(tree, node, key).filter(|_| trace) {
                            let origin = match known {
                                _ if asked == OriginId::UNKNOWN => {
                                    cx.origins.unconditional(tree.origin(node))
                                }
                                Some((_, origin)) => origin,
                                None => tree.origin(node),
                            };
                            tree.set_origin(node, origin);
                            written.push(node);
                        }
                        result
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
            self.keep_out(resource, cx);
        }
        Ok(())
    }
}

/// The value under a key, where there is a map.
fn entry_of(tree: &yaml::Tree, map: NodeId, key: &str) -> Option<NodeId> {
    if tree.kind(map) == Kind::Map { tree.get(map, key) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::decode::Spanned;
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
