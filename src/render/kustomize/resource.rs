//! One object of a build: its tree, and what the build notes about it.

use std::cell::OnceCell;

use source::{OriginId, Place};
use yaml::{Kind, NodeId, Tree};

use super::field_spec::Walk;
use super::res_id::ResId;

/// One object of a build.
///
/// Kustomize keeps its notes (former names, prefixes, whether a hash is wanted) in annotations of the object, where
/// patches and functions can see and change them. Here they are fields, so that a build of many objects does not print
/// and parse them all the time. Code that may look at *any* field of the object (a patch, a replacement, a function)
/// changes it within [`Resource::edit`], which writes the notes out before and reads them again after; code that only
/// writes fields away from the annotations takes [`Resource::tree_mut`].
#[derive(Clone)]
pub struct Resource {
    tree: Tree,
    id: OnceCell<ResId>,
    /// What the build notes.
    pub notes: Notes,
    /// The variables that read this object, by name.
    pub variables: Vec<Box<str>>,
}

/// What a build notes about an object, and kustomize keeps in annotations under `internal.config.kubernetes.io/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Former kinds, names and namespaces, oldest first.
    pub previous: Vec<Previous>,
    /// All prefixes that its name got, innermost first.
    pub prefixes: Vec<Box<str>>,
    /// All suffixes that its name got, innermost first.
    pub suffixes: Vec<Box<str>>,
    /// Whether a hash of its content goes behind its name.
    pub needs_hash: bool,
    /// What a generated object does to one of the same identity.
    pub behavior: Option<Behavior>,
    /// Of a patch: whether it may change names.
    pub allows_name_change: bool,
    /// Of a patch: whether it may change kinds.
    pub allows_kind_change: bool,
    /// Whether the annotations told former identities that do not fit together: no build can go on with them.
    pub is_inconsistent: bool,
    /// Whether helm rendered it; the namespace transformer then leaves it alone.
    pub is_from_helm: bool,
}

/// A former identity. Group and version are those of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The kind.
    pub kind: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The effective namespace.
    pub namespace: Box<str>,
}

/// What a generated object does to one of the same identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Behavior {
    /// Nothing was said.
    #[default]
    Unspecified,
    /// There must be none.
    Create,
    /// It takes the other's place, name, labels and annotations.
    Replace,
    /// Its data is put over the other's.
    Merge,
}

impl Behavior {
    /// From the word of a kustomization; unknown words say nothing, as upstream has it.
    pub fn parse(word: &str) -> Behavior {
        match word {
            "replace" => Behavior::Replace,
            "merge" => Behavior::Merge,
            "create" => Behavior::Create,
            _ => Behavior::Unspecified,
        }
    }

    /// The word of upstream's texts and annotations.
    pub fn word(self) -> &'static str {
        match self {
            Behavior::Unspecified => "unspecified",
            Behavior::Create => "create",
            Behavior::Replace => "replace",
            Behavior::Merge => "merge",
        }
    }
}

impl Resource {
    /// Around a tree whose annotations may hold notes already.
    pub fn new(tree: Tree) -> Resource {
        let mut resource =
            Resource { tree, id: OnceCell::new(), notes: Notes::default(), variables: Vec::new() };
        resource.absorb();
        resource
    }

    /// The object.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The object, for changes of fields that are no annotations.
    pub fn tree_mut(&mut self) -> &mut Tree {
        self.id.take();
        &mut self.tree
    }

    /// The object, for changes that leave alone what identifies it, and annotations.
    pub fn fields_mut(&mut self) -> &mut Tree {
        &mut self.tree
    }

    /// The object, for a change of the field that the walk leads to.
    pub fn tree_for(&mut self, walk: &Walk) -> &mut Tree {
        if walk.identifies() {
            self.id.take();
        }
        &mut self.tree
    }

    /// Takes the tree out, and leaves an empty one. What identifies the object stays known.
    pub(super) fn take_tree(&mut self) -> Tree {
        self.id();
        std::mem::replace(&mut self.tree, Tree::new(OriginId::UNKNOWN))
    }

    /// Lets code change the object that may look at any field; the notes stand in its annotations meanwhile.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut Tree) -> R) -> R {
        self.expose();
        let result = change(&mut self.tree);
        self.id.take();
        self.absorb();
        result
    }

    /// The object with its notes in its annotations, as kustomize has it: what a function is given.
    pub fn exposed(&self) -> Tree {
        let mut copy = self.clone();
        copy.expose();
        copy.tree
    }

    /// What identifies it now.
    pub fn id(&self) -> &ResId {
        self.id.get_or_init(|| {
            let root = self.tree.root();
            // A null counts as what it is written as there, and in `metadata` as nothing (kyaml 0.21.1, `GetApiVersion`).
            let written = |key| self.tree.get(root, key).map_or("", |node| self.tree.text(node));
            ResId::new(written("apiVersion"), written("kind"), self.name(), self.namespace())
        })
    }

    /// What identifies it now, and nothing else of it.
    pub fn into_id(self) -> ResId {
        self.id();
        self.id.into_inner().unwrap_or_else(|| ResId::new("", "", "", ""))
    }

    /// What identified it before, oldest first.
    pub fn previous_ids(&self) -> impl DoubleEndedIterator<Item = ResId> + '_ {
        let gvk = &self.id().gvk;
        self.notes.previous.iter().map(|former| ResId {
            gvk: crate::kube::Gvk { kind: former.kind.clone(), ..gvk.clone() },
            name: former.name.clone(),
            namespace: former.namespace.clone(),
            // The namespace that was noted is the effective one.
            is_cluster_scoped: false,
        })
    }

    /// What identified it at first.
    pub fn original_id(&self) -> ResId {
        self.previous_ids().next().unwrap_or_else(|| self.id().clone())
    }

    /// Whether it has or had that identity.
    pub fn had_id(&self, id: &ResId) -> bool {
        self.id() == id || self.previous_ids().any(|former| former == *id)
    }

    /// Notes what identifies it now, before that changes.
    pub fn store_previous_id(&mut self) {
        let id = self.id();
        let former = Previous {
            kind: id.gvk.kind.clone(),
            name: id.name.clone(),
            namespace: id.effective_namespace().into(),
        };
        self.notes.previous.push(former);
        // Upstream leaves empty ones out of its lists and parts those by commas, so that they may not fit together.
        let parts = |text: &str| if text.is_empty() { 0 } else { text.split(',').count() };
        let count =
            |part: fn(&Previous) -> &str| self.notes.previous.iter().map(|p| parts(part(p))).sum::<usize>();
        let (names, kinds, all) = (count(|p| &p.name), count(|p| &p.kind), self.notes.previous.len());
        self.notes.is_inconsistent |= names > 0 && (names != all || kinds != all);
    }

    /// `kind`
    pub fn kind(&self) -> &str {
        &self.id().gvk.kind
    }

    /// `metadata.name`; empty where there is none.
    pub fn name(&self) -> &str {
        self.metadata().map_or("", |metadata| self.text(metadata, "name"))
    }

    /// `metadata.namespace`; empty where there is none.
    pub fn namespace(&self) -> &str {
        self.metadata().map_or("", |metadata| self.text(metadata, "namespace"))
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        let annotations = self.tree.get(self.metadata()?, "annotations")?;
        self.tree.get(annotations, key).map(|value| self.tree.text(value))
    }

    /// Sets an annotation to a string.
    pub fn set_annotation(&mut self, key: &str, value: &str, origin: OriginId) {
        set_annotation(&mut self.tree, key, value, origin);
    }

    /// Takes an annotation away.
    pub fn remove_annotation(&mut self, key: &str, by: OriginId) {
        if let Some(annotations) = self.metadata().and_then(|m| self.tree.get(m, "annotations")) {
            self.tree.remove(annotations, key, by);
        }
    }

    /// `metadata`, where it is a map.
    pub fn metadata(&self) -> Option<NodeId> {
        self.tree.get(self.tree.root(), "metadata").filter(|m| self.tree.kind(*m) == Kind::Map)
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        let root = self.tree.root();
        self.tree.is_null(root) || self.tree.children(root).is_empty()
    }

    /// Where to point for the object as a whole: at its name, else at its beginning.
    pub fn place(&self) -> Place {
        let name = self.metadata().and_then(|m| self.tree.get(m, "name"));
        self.tree.origin(name.unwrap_or(self.tree.root())).into()
    }

    fn text(&self, map: NodeId, key: &str) -> &str {
        match self.tree.get(map, key) {
            Some(value) if !self.tree.is_null(value) => self.tree.text(value),
            _ => "",
        }
    }

    /// Writes the notes into the annotations.
    fn expose(&mut self) {
        let mut written: Vec<(&str, String)> = Vec::new();
        let notes = &self.notes;
        if !notes.previous.is_empty() {
            let list =
                |part: fn(&Previous) -> &str| notes.previous.iter().map(part).collect::<Vec<_>>().join(",");
            written.push((PREVIOUS_KINDS, list(|p| &p.kind)));
            written.push((PREVIOUS_NAMES, list(|p| &p.name)));
            written.push((PREVIOUS_NAMESPACES, list(|p| &p.namespace)));
        }
        for (key, list) in [(PREFIXES, &notes.prefixes), (SUFFIXES, &notes.suffixes)] {
            if !list.is_empty() {
                written.push((key, list.join(",")));
            }
        }
        if let Some(behavior) = notes.behavior {
            written.push((BEHAVIOR, behavior.word().to_owned()));
        }
        for (key, is_on) in [
            (NEEDS_HASH, notes.needs_hash),
            (ALLOW_NAME_CHANGE, notes.allows_name_change),
            (ALLOW_KIND_CHANGE, notes.allows_kind_change),
        ] {
            if is_on {
                written.push((key, ENABLED.to_owned()));
            }
        }
        if notes.is_from_helm {
            written.push((FROM_HELM, "true".to_owned()));
        }
        for (key, value) in written {
            set_annotation(&mut self.tree, key, &value, OriginId::UNKNOWN);
        }
    }

    /// Reads the notes from the annotations and takes them out there.
    fn absorb(&mut self) {
        self.notes = Notes::default();
        let Some(annotations) = self.metadata().and_then(|m| self.tree.get(m, "annotations")) else { return };
        let has_any =
            |tree: &Tree| tree.entries(annotations).any(|(key, _)| tree.text(key).starts_with(DOMAIN));
        if !has_any(&self.tree) {
            return;
        }
        let tree = &mut self.tree;
        let mut take = |key: &str| {
            let value = tree.get(annotations, key)?;
            let text = tree.text(value).to_owned();
            tree.forget(annotations, key);
            Some(text)
        };
        let list = |text: Option<String>| -> Vec<Box<str>> {
            text.map_or_else(Vec::new, |text| text.split(',').map(Into::into).collect())
        };
        let kinds = list(take(PREVIOUS_KINDS));
        let names = list(take(PREVIOUS_NAMES));
        let namespaces = list(take(PREVIOUS_NAMESPACES));
        let is_inconsistent =
            !names.is_empty() && (names.len() != kinds.len() || names.len() != namespaces.len());
        let is_on = |text: Option<String>| text.as_deref() == Some(ENABLED);
        let former = names.into_iter().zip(kinds).zip(namespaces);
        self.notes = Notes {
            previous: former.map(|((name, kind), namespace)| Previous { kind, name, namespace }).collect(),
            prefixes: list(take(PREFIXES)),
            suffixes: list(take(SUFFIXES)),
            is_inconsistent,
            needs_hash: is_on(take(NEEDS_HASH)),
            behavior: take(BEHAVIOR).map(|word| Behavior::parse(&word)),
            allows_name_change: is_on(take(ALLOW_NAME_CHANGE)),
            allows_kind_change: is_on(take(ALLOW_KIND_CHANGE)),
            is_from_helm: take(FROM_HELM).as_deref() == Some("true"),
        };
        // The notes may have been all that there was: then the map was made for them.
        let is_made = tree.children(annotations).is_empty()
            && tree.origin(annotations) == OriginId::UNKNOWN
            && tree.removed(annotations).is_empty();
        if is_made && let Some(metadata) = self.metadata() {
            self.tree.forget(metadata, "annotations");
        }
    }
}

fn set_annotation(tree: &mut Tree, key: &str, value: &str, origin: OriginId) {
    let mut map = tree.root();
    for name in ["metadata", "annotations"] {
        map = match tree.get(map, name).filter(|found| tree.kind(*found) == Kind::Map) {
            Some(found) => found,
            None => {
                let made = tree.map(origin);
                tree.set(map, name, made);
                made
            }
        };
    }
    let value = tree.string(value, origin);
    tree.set(map, key, value);
}

const DOMAIN: &str = "internal.config.kubernetes.io/";
const PREVIOUS_KINDS: &str = "internal.config.kubernetes.io/previousKinds";
const PREVIOUS_NAMES: &str = "internal.config.kubernetes.io/previousNames";
const PREVIOUS_NAMESPACES: &str = "internal.config.kubernetes.io/previousNamespaces";
const PREFIXES: &str = "internal.config.kubernetes.io/prefixes";
const SUFFIXES: &str = "internal.config.kubernetes.io/suffixes";
const BEHAVIOR: &str = "internal.config.kubernetes.io/generatorBehavior";
const NEEDS_HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";
const ALLOW_NAME_CHANGE: &str = "internal.config.kubernetes.io/allowNameChange";
const ALLOW_KIND_CHANGE: &str = "internal.config.kubernetes.io/allowKindChange";
const FROM_HELM: &str = "internal.config.kubernetes.io/helm-generated";
const ENABLED: &str = "enabled";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::resource;

    #[test]
    fn notes_are_seen_while_it_is_edited_and_gone_after() {
        let mut map = resource("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        map.store_previous_id();
        map.notes.prefixes.push("p-".into());
        let seen = map.edit(|tree| {
            let metadata = tree.get(tree.root(), "metadata").unwrap();
            let annotations = tree.get(metadata, "annotations").unwrap();
            tree.entries(annotations)
                .map(|(k, v)| format!("{}={}", tree.text(k), tree.text(v)))
                .collect::<Vec<_>>()
        });
        assert_eq!(
            seen,
            [
                "internal.config.kubernetes.io/previousKinds=ConfigMap",
                "internal.config.kubernetes.io/previousNames=a",
                "internal.config.kubernetes.io/previousNamespaces=default",
                "internal.config.kubernetes.io/prefixes=p-",
            ]
        );
        assert!(map.tree().get(map.metadata().unwrap(), "annotations").is_none());
        assert_eq!(map.notes.previous.len(), 1);
        assert_eq!(&*map.notes.prefixes[0], "p-");
    }

    #[test]
    fn who_removes_all_annotations_removes_the_notes() {
        let mut map = resource("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        map.store_previous_id();
        map.edit(|tree| {
            let metadata = tree.get(tree.root(), "metadata").unwrap();
            tree.remove(metadata, "annotations", OriginId::UNKNOWN)
        });
        assert_eq!(map.original_id(), *map.id());
        assert!(map.notes.previous.is_empty());
    }

    #[test]
    fn a_new_name_is_a_new_identity_and_the_old_one_is_known() {
        let mut map = resource("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        let old = map.id().clone();
        map.store_previous_id();
        let metadata = map.metadata().unwrap();
        let tree = map.tree_mut();
        let name = tree.get(metadata, "name").unwrap();
        tree.set_text(name, "b", OriginId::UNKNOWN);
        assert_eq!((map.name(), &*map.original_id().name), ("b", "a"));
        assert!(map.had_id(&old) && *map.id() != old);
    }
}
