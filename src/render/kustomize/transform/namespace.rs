//! `namespace`.

use std::cell::Cell;

use source::{OriginId, Place, Span};
use yaml::{Kind, NodeId, Tree};

use super::{failed, set_string, walks};
use crate::render::kustomize::codes::RESOURCE_CONFLICT;
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::field_spec::{FieldSpec, Make, Walk, wrong_kind};
use crate::render::kustomize::findings;
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::step::Transformer;

/// Puts objects into a namespace (api 0.21.1, `NamespaceTransformer`).
///
/// Every kind that is not certainly in no namespace gets it, unknown ones included; what helm rendered is left alone.
pub struct NamespaceTransformer {
    namespace: String,
    by: Option<Span>,
    walks: Vec<Walk>,
    /// Whether a namespace that is there stays.
    pub unset_only: bool,
    /// Which subjects of role bindings get it.
    pub subjects: Subjects,
}

/// Which subjects of role bindings get the namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Subjects {
    /// Those called `default`, whatever they are.
    #[default]
    Default,
    /// All service accounts.
    ServiceAccounts,
    /// None.
    None,
}

impl NamespaceTransformer {
    /// With the namespace and the fields besides `metadata.namespace`.
    pub fn new(namespace: &str, by: Option<Span>, specs: &[FieldSpec]) -> NamespaceTransformer {
        let own: Vec<FieldSpec> =
            specs.iter().filter(|spec| spec.path != "metadata/namespace").cloned().collect();
        NamespaceTransformer {
            namespace: namespace.to_owned(),
            by,
            walks: walks(&own),
            unset_only: false,
            subjects: Subjects::Default,
        }
    }
}

impl Transformer for NamespaceTransformer {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        if self.namespace.is_empty() {
            return Ok(());
        }
        let metadata = Walk::new(FieldSpec::fixed("", "", "", "metadata/namespace", true));
        for resource in all.iter_mut() {
            if resource.is_empty() || resource.notes.is_from_helm {
                continue;
            }
            resource.store_previous_id();
            let id = resource.id().clone();
            let is_binding = matches!(&*id.gvk.kind, "RoleBinding" | "ClusterRoleBinding");
            let is_core = id.gvk.group.is_empty() && &*id.gvk.version == "v1";
            let made = cx.patched(self.by, OriginId::UNKNOWN);
            if id.is_cluster_scoped {
                let typed = cx.typed(resource, true, true);
                let fields: &[&str] = if &*id.gvk.kind == "Namespace" { &["name"] } else { &[] };
                resource.is_kept(fields, typed, cx);
            }
            let typed =
                if is_binding || is_core { cx.typed(resource, true, true) } else { OriginId::UNKNOWN };
            let fields: Vec<(&Walk, OriginId, OriginId)> = self
                .walks
                .iter()
                .filter(|walk| walk.selects(&id.gvk))
                .map(|walk| {
                    let typed = cx.typed_for(walk, resource);
                    (walk, typed, cx.given(made, typed))
                })
                .collect();
            // The type, where the field that is set now is of that type alone.
            let of_field = Cell::new(OriginId::UNKNOWN);
            let mut set = |tree: &mut Tree, node| {
                let asked = match tree.get(tree.root(), "metadata").and_then(|m| tree.get(m, "namespace")) {
                    Some(own) if own == node => OriginId::UNKNOWN,
                    _ => cx.both(typed, of_field.get()),
                };
                self.set(tree, node, asked, cx)
            };
            let tree = resource.tree_mut();
            let mut result = Ok(());
            if !id.is_cluster_scoped {
                result = metadata.visit(tree, &id, Make::Scalar, made, &mut set);
            }
            let mut met = Vec::new();
            if is_binding {
                result = result.and_then(|()| self.set_subjects(tree, made, &mut set, &mut met));
            }
            for (walk, typed, made) in fields {
                let spec = walk.spec();
                let is_taken_care_of = is_binding
                    && matches!(&*spec.kind, "RoleBinding" | "ClusterRoleBinding")
                    && spec.path == "subjects/namespace";
                if is_taken_care_of || !is_core && spec.path == "metadata/name" {
                    continue;
                }
                of_field.set(typed);
                result = result.and_then(|()| {
                    walk.visit(tree, &id, Make::Scalar, made, &mut set)
                        .map_err(|text| format!("namespace transformation failed: {text}"))
                });
            }
            for (namespace, name) in met {
                let origin = cx.given(tree.origin(namespace), tree.origin(name));
                tree.set_origin(namespace, origin);
            }
            result.map_err(|text| failed(resource, text))?;
        }
        all.check_conflicts().map_err(|error| self.conflict(error, cx))?;
        findings::namespace::check(self.by, all, cx);
        Ok(())
    }
}

impl NamespaceTransformer {
    fn set(&self, tree: &mut Tree, node: NodeId, asked: OriginId, cx: &mut Cx<'_>) -> Result<(), String> {
        if self.unset_only && has_value(tree, node) {
            return Ok(());
        }
        let origin = cx.patched(self.by, tree.origin(node));
        let origin = cx.given(origin, asked);
        set_string(tree, node, &self.namespace, origin)
    }

    fn set_subjects(
        &self,
        tree: &mut Tree,
        made: OriginId,
        set: &mut dyn FnMut(&mut Tree, NodeId) -> Result<(), String>,
        met: &mut Vec<(NodeId, NodeId)>,
    ) -> Result<(), String> {
        let (field, wanted) = match self.subjects {
            Subjects::None => return Ok(()),
            Subjects::Default => ("name", "default"),
            Subjects::ServiceAccounts => ("kind", "ServiceAccount"),
        };
        let told = |text: String| format!("setting namespace on (cluster)role binding subjects: {text}");
        let Some(subjects) = tree.get(tree.root(), "subjects").filter(|s| !tree.is_null(*s)) else {
            return Ok(());
        };
        if tree.kind(subjects) != Kind::Seq {
            return Err(told(wrong_kind(tree, subjects, "SequenceNode")));
        }
        for subject in tree.children(subjects).to_vec() {
            let looking = format!("looking up {field} on (cluster)role binding subject");
            if tree.is_null(subject) {
                continue;
            }
            if tree.kind(subject) != Kind::Map {
                return Err(told(format!("{looking}: {}", wrong_kind(tree, subject, "MappingNode"))));
            }
            let Some(value) = tree.get(subject, field).filter(|v| !tree.is_null(*v)) else { continue };
            if tree.kind(value) != Kind::Scalar {
                return Err(told(format!("{looking}: {}", wrong_kind(tree, value, "ScalarNode"))));
            }
            if tree.text(value) != wanted {
                continue;
            }
            let namespace = match tree.get(subject, "namespace") {
                Some(namespace) => namespace,
                None => {
                    let (key, value) = (tree.plain("namespace", made), tree.plain("", made));
                    tree.insert_entry(subject, usize::MAX, key, value);
                    value
                }
            };
            set(tree, namespace).map_err(told)?;
            met.push((namespace, value));
        }
        Ok(())
    }

    fn conflict(&self, error: BuildError, cx: &Cx<'_>) -> BuildError {
        let place = self.by.map_or(Place::from(OriginId::UNKNOWN), Place::from);
        let _ = cx;
        let message = format!("in namespace `{}` two objects would be one", self.namespace);
        let id = error.upstream().rsplit(": ").next().unwrap_or_default().to_owned();
        let upstream = format!("namespace transformation produces ID conflict: {id}");
        let mut own = BuildError::new(&RESOURCE_CONFLICT, place, message, upstream)
            .via(error.diagnostic.primary.at, "one");
        own.diagnostic.related.extend(error.diagnostic.related);
        own
    }
}

fn has_value(tree: &Tree, node: NodeId) -> bool {
    !tree.is_null(node) && tree.kind(node) == Kind::Scalar && !tree.text(node).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::config::TransformerConfig;
    use crate::render::kustomize::testing::transformed;

    fn moved(text: &str) -> Result<String, String> {
        let specs = TransformerConfig::builtin().namespace.clone();
        transformed(text, &mut NamespaceTransformer::new("n", None, &specs))
    }

    #[test]
    fn what_has_a_namespace_gets_it() {
        for (text, wanted) in [
            ("kind: A\nmetadata: {name: a}\n", "kind: A\nmetadata: {name: a, namespace: n}\n"),
            (
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n",
            ),
            (
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nsubjects: [{name: default}, {name: b}]\n",
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}\nsubjects: [{name: default, namespace: n}, {name: b}]\n",
            ),
        ] {
            assert_eq!(moved(text).as_deref(), Ok(wanted));
        }
    }

    #[test]
    fn two_that_become_one_are_told() {
        let text =
            "kind: A\nmetadata: {name: a, namespace: x}\n---\nkind: A\nmetadata: {name: a, namespace: y}\n";
        let told = moved(text).unwrap_err();
        assert!(told.starts_with("namespace transformation produces ID conflict"), "{told}");
    }
}
