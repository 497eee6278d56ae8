//! Names of other objects, mended after those were renamed.
//!
//! Every field of the table that holds the name of an object of some kind is looked at once, at the very end of a build. An
//! object is meant if it was called so before, and if namespace, kind and the history of prefixes and suffixes fit
//! (api 0.21.1, `filters/nameref`).

use std::collections::{HashMap, HashSet};

use source::{OriginId, Place};
use yaml::{Kind, NodeId, Tree};

use super::codes::NAME_AMBIGUOUS;
use super::config::TransformerConfig;
use super::context::Cx;
use super::error::BuildError;
use super::field_spec::{Make, Walk, wrong_kind};
use super::res_id::{NOT_A_NAMESPACE, ResId};
use super::res_map::ResMap;
use super::resource::Resource;
use crate::kube::Gvk;

/// Mends all names.
///
/// # Errors
/// A name fits several objects, or a field of the table is no name.
pub fn fix(all: &mut ResMap, config: &TransformerConfig, cx: &mut Cx<'_>) -> Result<(), BuildError> {
    for resource in &*all {
        if resource.notes.is_inconsistent {
            let upstream =
                "number of previous names, number of previous namespaces, number of previous kinds not equal";
            let message =
                "annotations under internal.config.kubernetes.io/ tell former names that do not fit together";
            return Err(BuildError::new(&NAME_AMBIGUOUS, resource.place(), message, upstream));
        }
        account_namespaces(resource)?;
    }
    // Where nothing was renamed the fields are looked at all the same, as some of them are no names and fail for it.
    let renamed = Renamed::new(all);
    let specs: Vec<(Gvk, Walk)> = config
        .name_references
        .iter()
        .flat_map(|named| named.fields.iter().map(|spec| (named.gvk.clone(), Walk::new(spec.clone()))))
        .collect();
    let mut by_type: HashMap<Gvk, Vec<usize>> = HashMap::new();
    for at in 0..all.len() {
        let Some(referrer) = all.get(at) else { continue };
        let (id, original) = (referrer.id().clone(), referrer.original_id());
        let fitting = by_type.entry(original.gvk.clone()).or_insert_with(|| {
            (0..specs.len()).filter(|&spec| specs[spec].1.selects(&original.gvk)).collect()
        });
        if fitting.is_empty() {
            continue;
        }
        confirm(referrer)?;
        let search = Search::new(referrer, &renamed)?;
        // The walk takes the object out of the list while the others are looked at.
        let mut tree = all.take_tree(at);
        let mut result = Ok(());
        for &spec in &*fitting {
            let (target, walk) = &specs[spec];
            // Its type at first decides, whatever it is now.
            result =
                walk.visit_selected(&mut tree, &id, Make::Nothing, OriginId::UNKNOWN, &mut |tree, node| {
                    search.set(tree, node, target, walk, all, cx)
                });
            if let Err(text) = &mut result {
                let path = &walk.spec().path;
                *text = format!("updating name reference in '{path}' field of '{id}': {text}");
                break;
            }
        }
        all.put_tree(at, tree);
        if let Err(upstream) = result {
            let place = all.get(at).map_or(Place::Origin(OriginId::UNKNOWN), Resource::place);
            let message = format!("a name in {} `{}` cannot be mended", id.gvk.kind, id.name);
            return Err(BuildError::new(&NAME_AMBIGUOUS, place, message, upstream));
        }
    }
    Ok(())
}

/// The objects that were renamed, by what they were called.
struct Renamed {
    by_name: HashMap<Box<str>, Vec<u32>>,
    /// The same by name and namespace of now, so that one name in many namespaces is no burden.
    by_both: HashMap<(Box<str>, Box<str>), Vec<u32>>,
    /// Which namespaces of now have objects of which original namespaces.
    namespaces: HashSet<(Box<str>, Box<str>)>,
}

impl Renamed {
    fn new(all: &ResMap) -> Renamed {
        let mut renamed =
            Renamed { by_name: HashMap::new(), by_both: HashMap::new(), namespaces: HashSet::new() };
        for (at, resource) in all.iter().enumerate() {
            let namespace = resource.id().effective_namespace();
            let original = resource.original_id();
            renamed.namespaces.insert((namespace.into(), original.effective_namespace().into()));
            let mut known: Vec<&str> = Vec::new();
            for former in &resource.notes.previous {
                if known.contains(&&*former.name) {
                    continue;
                }
                known.push(&former.name);
                renamed.by_name.entry(former.name.clone()).or_default().push(at as u32);
                let both = (former.name.clone(), namespace.into());
                renamed.by_both.entry(both).or_default().push(at as u32);
            }
        }
        renamed
    }
}

/// Looks for what one object names.
struct Search<'r> {
    renamed: &'r Renamed,
    referrer: ResId,
    prefixes: Vec<Box<str>>,
    suffixes: Vec<Box<str>>,
    /// The namespaces of the service accounts of a role binding.
    accounts: Vec<Box<str>>,
    /// The type that a role binding's `roleRef` names.
    role: Option<Gvk>,
}

/// What a field takes from the object that it names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Name,
    NameAndNamespace,
}

impl<'r> Search<'r> {
    fn new(referrer: &Resource, renamed: &'r Renamed) -> Result<Search<'r>, BuildError> {
        Ok(Search {
            renamed,
            referrer: referrer.id().clone(),
            prefixes: referrer.notes.prefixes.clone(),
            suffixes: referrer.notes.suffixes.clone(),
            accounts: account_namespaces(referrer)?,
            role: role_of(referrer.tree()),
        })
    }

    fn set(
        &self,
        tree: &mut Tree,
        node: NodeId,
        target: &Gvk,
        walk: &Walk,
        all: &ResMap,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        if tree.is_null(node) {
            return Ok(());
        }
        match tree.kind(node) {
            Kind::Scalar => self.set_scalar(tree, node, target, walk, all, cx),
            Kind::Map => self.set_map(tree, node, target, walk, all, cx),
            Kind::Seq => {
                for item in tree.children(node).to_vec() {
                    if tree.is_null(item) {
                        continue;
                    }
                    match tree.kind(item) {
                        Kind::Scalar => self.set_scalar(tree, item, target, walk, all, cx)?,
                        Kind::Map => self.set_map(tree, item, target, walk, all, cx)?,
                        Kind::Seq => {
                            return Err(
                                "a list is expected to be either a string or a map of string".to_owned()
                            );
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn set_scalar(
        &self,
        tree: &mut Tree,
        node: NodeId,
        target: &Gvk,
        walk: &Walk,
        all: &ResMap,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        let old = tree.text(node);
        let found = self.candidates(old);
        let Some(object) = self.select(old, found, target, walk, Takes::Name, all)? else {
            self.missed(tree, node, target, all, cx);
            return Ok(());
        };
        let new = &*object.id().name;
        if new != old {
            let reference = Reference { object, target, walk, map: None };
            let origin = reference.name(self, tree, node, cx);
            tree.set_untyped(node, new, origin);
        }
        Ok(())
    }

    fn set_map(
        &self,
        tree: &mut Tree,
        node: NodeId,
        target: &Gvk,
        walk: &Walk,
        all: &ResMap,
        cx: &mut Cx<'_>,
    ) -> Result<(), String> {
        let Some(name) = tree.get(node, "name") else {
            return Err("path config error; no 'name' field in node".to_owned());
        };
        let old = tree.text(name).to_owned();
        let mut found = self.candidates(&old);
        if let Some(namespace) = tree.get(node, "namespace") {
            self.keep_namespace(&mut found, tree.text(namespace), all);
        }
        let object = self.select(&old, found, target, walk, Takes::NameAndNamespace, all)?;
        let Some(object) = object else { return Ok(()) };
        let (new, namespace) = (&*object.id().name, &*object.id().namespace);
        if new == old && namespace.is_empty() {
            return Ok(());
        }
        let reference = Reference { object, target, walk, map: Some(node) };
        let (of_name, of_namespace) =
            (reference.name(self, tree, name, cx), reference.namespace(self, tree, node, cx));
        set_field(tree, node, ("name", new), of_name);
        if !namespace.is_empty() {
            set_field(tree, node, ("namespace", namespace), of_namespace);
        }
        Ok(())
    }

    /// Says of a name that objects in other namespaces would be meant in this one.
    fn missed(&self, tree: &mut Tree, node: NodeId, target: &Gvk, all: &ResMap, cx: &mut Cx<'_>) {
        if !cx.options.trace {
            return;
        }
        let called = self.renamed.by_name.get(tree.text(node)).into_iter().flatten();
        let far = called.filter_map(|at| all.get(*at as usize)).filter(|object| was_of(object, target));
        for object in far {
            let namespace = object.metadata().and_then(|map| said_namespace(object.tree(), map, cx));
            let origin = cx.given(tree.origin(node), namespace.unwrap_or_default());
            tree.set_origin(node, origin);
        }
    }

    /// The renamed objects of that former name which the referrer can see, in order.
    fn candidates(&self, old: &str) -> Vec<u32> {
        if self.referrer.is_cluster_scoped {
            return self.renamed.by_name.get(old).cloned().unwrap_or_default();
        }
        if !self.renamed.by_name.contains_key(old) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let own = [self.referrer.effective_namespace(), NOT_A_NAMESPACE];
        for namespace in own.into_iter().chain(self.accounts.iter().map(|a| &**a)) {
            let key = (Box::from(old), Box::from(namespace));
            found.extend(self.renamed.by_both.get(&key).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Keeps those whose original namespace is that one, if any object that can be seen has it; else those that are in
    /// it now.
    fn keep_namespace(&self, found: &mut Vec<u32>, namespace: &str, all: &ResMap) {
        let visible = |now: &str| self.renamed.namespaces.contains(&(Box::from(now), Box::from(namespace)));
        let is_original = if self.referrer.is_cluster_scoped {
            self.renamed.namespaces.iter().any(|(_, original)| &**original == namespace)
        } else {
            visible(self.referrer.effective_namespace())
                || visible(NOT_A_NAMESPACE)
                || self.accounts.iter().any(|account| visible(account))
        };
        found.retain(|&at| {
            let Some(resource) = all.get(at as usize) else { return false };
            let has = |id: &ResId| id.effective_namespace() == namespace && namespace != NOT_A_NAMESPACE;
            if is_original { has(&resource.original_id()) } else { has(resource.id()) }
        });
    }

    /// The one object that is meant, if there is one.
    fn select<'m>(
        &self,
        old: &str,
        found: Vec<u32>,
        target: &Gvk,
        walk: &Walk,
        takes: Takes,
        all: &'m ResMap,
    ) -> Result<Option<&'m Resource>, String> {
        let mut found: Vec<&Resource> = found.iter().filter_map(|at| all.get(*at as usize)).collect();
        found.retain(|resource| {
            resource.notes.previous.iter().any(|former| &*former.name == old) && was_of(resource, target)
        });
        if walk.spec().path.ends_with("roleRef/name")
            && let Some(role) = &self.role
        {
            found.retain(|resource| was_of(resource, role));
        }
        if !self.referrer.is_cluster_scoped {
            found.retain(|resource| {
                let id = resource.id();
                id.is_cluster_scoped
                    || &*id.gvk.kind == "ServiceAccount"
                    || id.effective_namespace() == self.referrer.effective_namespace()
            });
        }
        if found.len() != 1 {
            found.retain(|resource| self.grew_alike(resource, true));
        }
        if found.len() > 1 {
            found.retain(|resource| self.grew_alike(resource, false));
        }
        let Some(first) = found.first() else { return Ok(None) };
        let is_same = |resource: &&Resource| {
            let (id, first) = (resource.id(), first.id());
            id.name == first.name && (takes == Takes::Name || id.namespace == first.namespace)
        };
        if found.iter().all(is_same) {
            return Ok(Some(first));
        }
        let ids: Vec<String> = found.iter().map(|resource| resource.id().to_string()).collect();
        Err(format!("found multiple possible referrals: {}", ids.join(", ")))
    }

    /// Whether an object's name grew as the referrer's did. With `lenient`, none at all is like any.
    fn grew_alike(&self, resource: &Resource, lenient: bool) -> bool {
        let alike = |own: &[Box<str>], other: &[Box<str>]| {
            lenient && (own.is_empty() || other.is_empty()) || same_ending(own, other)
        };
        alike(&self.prefixes, &resource.notes.prefixes) && alike(&self.suffixes, &resource.notes.suffixes)
    }
}

/// Whether an object ever was of that type. Its former types are those that count, not the one of now.
fn was_of(resource: &Resource, target: &Gvk) -> bool {
    let gvk = &resource.id().gvk;
    let fits = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
    fits(&target.group, &gvk.group)
        && fits(&target.version, &gvk.version)
        && resource.notes.previous.iter().any(|former| fits(&target.kind, &former.kind))
}

/// Whether one of the lists ends with the other; an empty one ends nothing but an empty one.
fn same_ending(a: &[Box<str>], b: &[Box<str>]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}

/// What a name, or the namespace beside it, follows.
struct Reference<'a> {
    object: &'a Resource,
    target: &'a Gvk,
    walk: &'a Walk,
    /// The map that holds the name, if it is one.
    map: Option<NodeId>,
}

impl Reference<'_> {
    /// The origin of a name that follows an object: what it is now, on the condition of all that made them meet.
    fn name(&self, search: &Search<'_>, tree: &Tree, node: NodeId, cx: &mut Cx<'_>) -> OriginId {
        let was = tree.origin(node);
        if !cx.options.trace {
            return was;
        }
        let name = cx.origin_of_name(self.object);
        let cond = self.met(search, tree, node, cx);
        let both = cx.origins.union(name, was);
        cx.origins.given(both, cond)
    }

    /// The origin of a namespace that follows an object; of the names only what they were at first counts.
    fn namespace(&self, search: &Search<'_>, tree: &Tree, node: NodeId, cx: &mut Cx<'_>) -> OriginId {
        let was = tree.get(node, "namespace").map_or(OriginId::UNKNOWN, |node| tree.origin(node));
        if !cx.options.trace {
            return was;
        }
        let own = self.object.metadata().and_then(|metadata| self.object.tree().get(metadata, "namespace"));
        let own = own.map_or(OriginId::UNKNOWN, |own| self.object.tree().origin(own));
        let name = cx.origin_of_name(self.object);
        let first = cx.origins.first(name);
        let met = self.met(search, tree, node, cx);
        let cond = cx.origins.union(met, first);
        let cond = cx.origins.union(cond, was);
        cx.origins.given(own, cond)
    }

    /// What made the field name the object: both types, both namespaces, and what stands beside the name.
    fn met(&self, search: &Search<'_>, tree: &Tree, node: NodeId, cx: &mut Cx<'_>) -> OriginId {
        let Reference { object, target, walk, map } = self;
        let mut cond = cx.typed(object, !target.group.is_empty() || !target.version.is_empty(), true);
        let spec = walk.spec();
        let root = tree.root();
        let get = |map: Option<NodeId>, key: &str| map.and_then(|map| tree.get(map, key));
        // An object in no namespace sees all of them, and would not if it were of a kind that is in one.
        let is_far = search.referrer.is_cluster_scoped
            && !object.id().is_cluster_scoped
            && object.id().effective_namespace() != "default";
        let typed = is_far || !spec.group.is_empty() || !spec.version.is_empty();
        let role = tree.get(root, "roleRef").filter(|role| tree.get(*role, "name") == Some(node));
        let beside = [
            get(Some(root), "apiVersion").filter(|_| typed),
            get(Some(root), "kind").filter(|_| typed || !spec.kind.is_empty()),
            get(role, "kind"),
            get(role, "apiGroup"),
            get(*map, "name").filter(|name| *name != node),
            get(*map, "namespace"),
        ];
        for origin in beside.into_iter().flatten().map(|node| tree.origin(node)) {
            cond = cx.both(cond, origin);
        }
        for subject in accounts(tree, object.id().effective_namespace()) {
            for node in [get(Some(subject), "kind"), get(Some(subject), "namespace")].into_iter().flatten() {
                cond = cx.both(cond, tree.origin(node));
            }
        }
        let own = get(Some(root), "metadata").and_then(|metadata| said_namespace(tree, metadata, cx));
        let other = object.metadata().and_then(|metadata| said_namespace(object.tree(), metadata, cx));
        if map.is_some() {
            // It is looked for by the namespaces that it had, too.
            for former in other.map_or(Vec::new(), |other| cx.origins.formers(other)) {
                cond = cx.both(cond, former);
            }
        }
        // One field that moves both of them moves neither away from the other.
        let is_one =
            own.and_then(|own| cx.origins.primary(own)) == other.and_then(|other| cx.origins.primary(other));
        let counts = map.is_some() || !search.referrer.is_cluster_scoped && !object.id().is_cluster_scoped;
        for origin in [own, other].into_iter().flatten().filter(|_| counts && !is_one) {
            cond = cx.both(cond, origin);
        }
        cond
    }
}

/// The origin of an object's namespace, or of what took it away.
fn said_namespace(tree: &Tree, metadata: NodeId, cx: &Cx<'_>) -> Option<OriginId> {
    match tree.get(metadata, "namespace") {
        Some(node) => Some(tree.origin(node)),
        None => Some(cx.origins.condition(tree.origin(metadata))).filter(|cond| *cond != OriginId::UNKNOWN),
    }
}

/// The service accounts of that namespace that a role binding is for: for them it sees what is there.
fn accounts(tree: &Tree, namespace: &str) -> Vec<NodeId> {
    let text = |map: NodeId, key: &str| tree.get(map, key).map_or("", |node| tree.text(node));
    let root = tree.root();
    let subjects = tree
        .get(root, "subjects")
        .filter(|s| text(root, "kind") == "RoleBinding" && tree.kind(*s) == Kind::Seq);
    let all = subjects.map_or(&[][..], |subjects| tree.children(subjects)).iter().copied();
    all.filter(|subject| tree.kind(*subject) == Kind::Map && text(*subject, "namespace") == namespace)
        .collect()
}

fn set_field(tree: &mut Tree, map: NodeId, (key, text): (&str, &str), origin: OriginId) {
    match tree.get(map, key) {
        Some(node) => tree.set_untyped(node, text, origin),
        None => {
            let (key, value) = (tree.plain(key, origin), tree.plain(text, origin));
            tree.insert_entry(map, usize::MAX, key, value);
        }
    }
}

/// Refuses a referrer whose type reads otherwise as a field than as an identity: a null is nothing there and its text here
/// (api 0.21.1, `confirmNodeMatchesReferrer`).
fn confirm(referrer: &Resource) -> Result<(), BuildError> {
    let (tree, gvk) = (referrer.tree(), &referrer.id().gvk);
    let field = |key| tree.get(tree.root(), key).filter(|node| !tree.is_null(*node));
    let read = |key| field(key).map_or("", |node| tree.text(node));
    for (what, key, known) in
        [("APIVersion", "apiVersion", &*gvk.api_version()), ("Kind", "kind", &*gvk.kind)]
    {
        if read(key) != known {
            let upstream = format!("node-referrerOriginal '{what}' mismatch '{}' != '{known}'", read(key));
            let message = format!("`{key}` of {} `{}` is no text", gvk.kind, referrer.name());
            return Err(BuildError::new(&NAME_AMBIGUOUS, referrer.place(), message, upstream));
        }
    }
    Ok(())
}

/// The namespaces of the service accounts that a RoleBinding names: objects there can be named by it too.
fn account_namespaces(resource: &Resource) -> Result<Vec<Box<str>>, BuildError> {
    let mut namespaces: Vec<Box<str>> = Vec::new();
    let tree = resource.tree();
    if resource.kind() != "RoleBinding" {
        return Ok(namespaces);
    }
    let Some(subjects) = tree.get(tree.root(), "subjects").filter(|s| tree.kind(*s) == Kind::Seq) else {
        return Ok(namespaces);
    };
    for &subject in tree.children(subjects) {
        if tree.kind(subject) != Kind::Map {
            let upstream = wrong_kind(tree, subject, "MappingNode");
            let message = "a subject of a role binding is a map";
            return Err(BuildError::new(&NAME_AMBIGUOUS, tree.origin(subject), message, upstream));
        }
        let kind = tree.get(subject, "kind").map_or("", |kind| tree.text(kind));
        let Some(namespace) = tree.get(subject, "namespace").filter(|_| kind == "ServiceAccount") else {
            continue;
        };
        if tree.tag(namespace) != "!!str" {
            let upstream = format!(
                "Invalid Input: namespace is blank for resource {}\n",
                gotmpl::strconv::quote(resource.id().to_string().as_bytes())
            );
            let message = "the namespace of this service account is no string";
            return Err(BuildError::new(&NAME_AMBIGUOUS, tree.origin(namespace), message, upstream));
        }
        namespaces.push(tree.text(namespace).into());
    }
    namespaces.sort_unstable();
    namespaces.dedup();
    Ok(namespaces)
}

/// The type that `roleRef` names; `None` where it is not whole.
fn role_of(tree: &Tree) -> Option<Gvk> {
    let role = tree.get(tree.root(), "roleRef")?;
    let text = |key: &str| tree.get(role, key).map(|node| tree.text(node));
    Some(Gvk { group: text("apiGroup")?.into(), version: "".into(), kind: text("kind")?.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::step::Transformer;
    use crate::render::kustomize::testing::transformed;
    use crate::render::kustomize::transform::{Affix, AffixTransformer};

    /// Prefixes all names and mends what named them.
    struct Prefixed;

    impl Transformer for Prefixed {
        fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
            let config = TransformerConfig::builtin();
            AffixTransformer::new(Affix::Prefix, "p-", None, &config.name_prefix).transform(all, cx)?;
            fix(all, &config, cx)
        }
    }

    const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n";

    #[test]
    fn names_follow() {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{configMap: {name: m}}, {configMap: {name: other}}]}\n";
        let all = transformed(&format!("{MAP}---\n{pod}"), &mut Prefixed).unwrap();
        assert!(all.contains("[{configMap: {name: p-m}}, {configMap: {name: other}}]"), "{all}");
        let far = pod.replace("{name: a}", "{name: a, namespace: far}");
        let all = transformed(&format!("{MAP}---\n{far}"), &mut Prefixed).unwrap();
        assert!(all.contains("{configMap: {name: m}}"), "{all}");
    }

    #[test]
    fn bindings_name_roles_by_their_type_and_accounts_with_their_namespace() {
        let text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: n}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}\nsubjects: [{kind: ServiceAccount, name: s, namespace: n}]\n";
        let all = transformed(text, &mut Prefixed).unwrap();
        assert!(all.contains("kind: ClusterRole, name: p-r}"), "{all}");
        assert!(all.contains("[{kind: ServiceAccount, name: p-s, namespace: n}]"), "{all}");
    }

    #[test]
    fn endings() {
        let list = |text: &str| text.chars().map(|c| c.to_string().into()).collect::<Vec<Box<str>>>();
        assert!(same_ending(&list("abc"), &list("bc")) && same_ending(&[], &[]));
        assert!(!same_ending(&list("abc"), &list("ab")) && !same_ending(&list("a"), &[]));
    }
}
