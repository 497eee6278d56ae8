//! `namePrefix` and `nameSuffix`.

use source::Span;

use super::{failed, set_untyped, walks};
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::{FieldSpec, Make, Walk};
use crate::render::kustomize::res_id::{ResId, is_selected};
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::step::Transformer;

/// Which end of a name grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Affix {
    /// The front.
    Prefix,
    /// The back.
    Suffix,
}

/// Puts a text before or behind names (api 0.21.1, `PrefixTransformer` and `SuffixTransformer`).
///
/// What an object was called *at first* decides whether it is left alone: definitions of custom resources, API services
/// and namespaces are.
pub struct AffixTransformer {
    affix: Affix,
    text: String,
    by: Option<Span>,
    walks: Vec<Walk>,
}

impl AffixTransformer {
    /// With what is put where.
    pub fn new(affix: Affix, text: &str, by: Option<Span>, specs: &[FieldSpec]) -> AffixTransformer {
        AffixTransformer { affix, text: text.to_owned(), by, walks: walks(specs) }
    }

    fn is_left_alone(id: &ResId) -> bool {
        [("", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService"), ("", "Namespace")]
            .iter()
            .any(|(group, kind)| is_selected(&id.gvk, group, "", kind))
    }
}

impl Transformer for AffixTransformer {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        for resource in all.iter_mut() {
            let original = resource.original_id();
            if AffixTransformer::is_left_alone(&original) {
                let kind = cx.typed(resource, false, true);
                resource.is_kept(&["name"], kind, cx);
                continue;
            }
            for walk in &self.walks {
                if !walk.selects(&original.gvk) {
                    continue;
                }
                if walk.spec().path == "metadata/name" && !self.text.is_empty() {
                    let list = match self.affix {
                        Affix::Prefix => &mut resource.notes.prefixes,
                        Affix::Suffix => &mut resource.notes.suffixes,
                    };
                    list.push(self.text.as_str().into());
                    resource.store_previous_id();
                }
                let id = resource.id().clone();
                let (affix, text, by) = (self.affix, &self.text, self.by);
                let typed = cx.typed_for(walk, resource);
                let made = cx.patched(by, source::OriginId::UNKNOWN);
                let made = cx.given(made, typed);
                let result = walk.visit(resource.tree_mut(), &id, Make::Scalar, made, &mut |tree, node| {
                    let old = if tree.kind(node) == yaml::Kind::Scalar { tree.text(node) } else { "" };
                    let new = match affix {
                        Affix::Prefix => format!("{text}{old}"),
                        Affix::Suffix => format!("{old}{text}"),
                    };
                    let origin = cx.adapted(by, tree.origin(node));
                    let origin = cx.given(origin, typed);
                    set_untyped(tree, node, &new, origin)
                });
                result.map_err(|text| failed(resource, text))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::config::TransformerConfig;
    use crate::render::kustomize::testing::transformed;

    fn prefixed(text: &str) -> String {
        let specs = TransformerConfig::builtin().name_prefix.clone();
        transformed(text, &mut AffixTransformer::new(Affix::Prefix, "1", None, &specs)).unwrap()
    }

    #[test]
    fn names_grow_and_some_kinds_keep_theirs() {
        assert_eq!(prefixed("kind: A\nmetadata: {name: a}\n"), "kind: A\nmetadata: {name: 1a}\n");
        assert_eq!(prefixed("kind: A\nmetadata: {name: \"23\"}\n"), "kind: A\nmetadata: {name: \"123\"}\n");
        let namespace = "kind: Namespace\nmetadata: {name: a}\n";
        assert_eq!(prefixed(namespace), namespace);
    }
}
