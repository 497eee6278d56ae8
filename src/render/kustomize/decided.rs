//! What decided on a change: the fields of a target, the key of a list's item, the kind that a transformer is for.
//!
//! A step that changes an object because of something says so of all that it changed: the tree is looked at before, and
//! what is new or other afterwards is there on that condition. Only builds that follow origins do this.

use std::collections::{HashMap, HashSet};

use source::{OriginId, Origins, Span};
use yaml::{Kind, NodeId, Tree};

use super::context::Cx;
use super::decode::Text;
use super::field_spec::Walk;
use super::kustomization::Selector;
use super::resource::Resource;

/// What stood in a tree before a step.
///
/// A node is told by where it and what it is in came from, and by its text: numbers of nodes do not outlive every step, and
/// the origin alone is not enough, for a copy has the one of what was copied.
pub(super) struct Before {
    known: HashSet<(OriginId, OriginId, Box<str>)>,
    children: HashMap<(OriginId, OriginId), Vec<OriginId>>,
}

impl Before {
    /// All that is below a node now.
    pub(super) fn below(tree: &Tree, top: NodeId, origins: &Origins) -> Before {
        let mut before = Before { known: HashSet::new(), children: HashMap::new() };
        let mut open = vec![(top, OriginId::UNKNOWN)];
        while let Some((node, around)) = open.pop() {
            let own = origins.unconditional(tree.origin(node));
            before.known.insert((around, own, text(tree, node)));
            if tree.kind(node) != Kind::Scalar {
                before.children.entry((around, own)).or_insert_with(|| children(tree, node, origins));
                open.extend(tree.children(node).iter().map(|child| (*child, own)));
            }
        }
        before
    }

    /// All of an object, where origins are followed.
    pub(super) fn of(resource: &Resource, cx: &Cx<'_>) -> Option<Before> {
        let tree = resource.tree();
        cx.options.trace.then(|| Before::below(tree, tree.root(), cx.origins))
    }

    /// What is other below a node now is so on that condition: new nodes with all that is in them, and the maps and lists
    /// that lost some. Where the condition says which node it is, those that got some could have got others.
    pub(super) fn mark(
        &self,
        tree: &mut Tree,
        top: NodeId,
        (cond, says_where): (OriginId, bool),
        origins: &mut Origins,
    ) {
        if cond == OriginId::UNKNOWN {
            return;
        }
        let mut open = vec![(top, OriginId::UNKNOWN, false)];
        while let Some((node, around, is_within_new)) = open.pop() {
            let own = origins.unconditional(tree.origin(node));
            let is_new = is_within_new || !self.known.contains(&(around, own, text(tree, node)));
            open.extend(tree.children(node).iter().map(|child| (*child, own, is_new)));
            let is_other = is_new
                || tree.kind(node) != Kind::Scalar
                    && self.children.get(&(around, own)).is_some_and(|old| {
                        let now = children(tree, node, origins);
                        lacks(&now, old) || says_where && lacks(old, &now)
                    });
            if is_other {
                let origin = origins.given(tree.origin(node), cond);
                tree.set_origin(node, origin);
            }
        }
    }

    /// The same for an object.
    pub(super) fn decided(before: Option<Before>, resource: &mut Resource, cond: OriginId, cx: &mut Cx<'_>) {
        if let Some(before) = before {
            let tree = resource.fields_mut();
            before.mark(tree, tree.root(), (cond, false), cx.origins);
        }
    }

    /// The same where it is said too which fields of the object are meant.
    pub(super) fn decided_at(
        before: Option<Before>,
        resource: &mut Resource,
        (cond, place): (OriginId, OriginId),
        cx: &mut Cx<'_>,
    ) {
        if let Some(before) = before {
            let tree = resource.fields_mut();
            before.mark(tree, tree.root(), (cond, false), cx.origins);
            before.mark(tree, tree.root(), (place, true), cx.origins);
        }
    }
}

fn text(tree: &Tree, node: NodeId) -> Box<str> {
    if tree.kind(node) == Kind::Scalar { tree.text(node).into() } else { "".into() }
}

/// Whether a list lacks any of others.
fn lacks(list: &[OriginId], others: &[OriginId]) -> bool {
    let all: HashSet<&OriginId> = list.iter().collect();
    others.iter().any(|other| !all.contains(other))
}

fn children(tree: &Tree, node: NodeId, origins: &Origins) -> Vec<OriginId> {
    tree.children(node).iter().map(|child| origins.unconditional(tree.origin(*child))).collect()
}

impl Resource {
    /// Says who asked for an annotation that the build put there.
    pub(super) fn asked_for(&mut self, annotation: &str, by: Option<Span>, cx: &mut Cx<'_>) {
        let Some(annotations) = self.metadata().and_then(|metadata| self.tree().get(metadata, "annotations"))
        else {
            return;
        };
        let by = cx.generated(by, OriginId::UNKNOWN);
        let tree = self.fields_mut();
        if let Some((_, key, value)) = tree.entry(annotations, annotation) {
            // What is noted has names of configurations in it.
            let named = tree.origin(value);
            tree.set_origin(key, by);
            let origin = if named == OriginId::UNKNOWN { by } else { cx.given(named, by) };
            tree.set_origin(value, origin);
            let origin = cx.given(tree.origin(annotations), by);
            tree.set_origin(annotations, origin);
        }
    }

    /// Where an annotation came from.
    pub(super) fn origin_of_annotation(&self, annotation: &str) -> Option<OriginId> {
        let tree = self.tree();
        let annotations = tree.get(self.metadata()?, "annotations")?;
        tree.get(annotations, annotation).map(|value| tree.origin(value))
    }

    /// Says of all that is in it that it is there on that condition.
    pub(super) fn is_wholly(&mut self, cond: OriginId, cx: &mut Cx<'_>) {
        let tree = self.fields_mut();
        let mut open = vec![tree.root()];
        while let Some(node) = open.pop() {
            open.extend(tree.children(node));
            let origin = cx.given(tree.origin(node), cond);
            tree.set_origin(node, origin);
        }
    }

    /// Says of the metadata, and of some fields in it, that a step left them alone on that condition.
    pub(super) fn is_kept(&mut self, fields: &[&str], cond: OriginId, cx: &mut Cx<'_>) {
        let Some(metadata) = self.metadata().filter(|_| cx.options.trace) else { return };
        let tree = self.fields_mut();
        let fields = fields.iter().filter_map(|field| tree.get(metadata, field));
        let nodes: Vec<NodeId> = std::iter::once(metadata).chain(fields).collect();
        for node in nodes {
            let origin = cx.given(tree.origin(node), cond);
            tree.set_origin(node, origin);
        }
    }
}

impl Cx<'_> {
    /// The origin of what texts of a kustomization say together; nothing where origins are not followed.
    pub(super) fn said_by<'t>(&mut self, texts: impl IntoIterator<Item = &'t Text>) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            let read = self.read(text.at);
            all = self.both(all, read);
        }
        all
    }

    /// The origin of what stands at places of a kustomization.
    pub(super) fn all_of(&mut self, places: &[Span]) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        for at in places {
            let read = self.read(Some(*at));
            all = self.both(all, read);
        }
        all
    }

    /// Both of two origins.
    pub(super) fn both(&mut self, a: OriginId, b: OriginId) -> OriginId {
        if self.options.trace { self.origins.union(a, b) } else { a }
    }

    /// What a value is on a condition.
    pub(super) fn given(&mut self, data: OriginId, cond: OriginId) -> OriginId {
        if self.options.trace { self.origins.given(data, cond) } else { data }
    }

    /// The origin of what a selector says.
    pub(super) fn said_of(&mut self, selector: &Selector) -> OriginId {
        let s = selector;
        self.said_by([
            &s.group,
            &s.version,
            &s.kind,
            &s.name,
            &s.namespace,
            &s.label_selector,
            &s.annotation_selector,
        ])
    }

    /// The fields of an object that a selector looked at, and what the selector says.
    pub(super) fn selected_by(&mut self, selector: &Selector, resource: &Resource) -> OriginId {
        if !self.options.trace {
            return OriginId::UNKNOWN;
        }
        let s = selector;
        let mut all = self.said_of(selector);
        let (tree, root) = (resource.tree(), resource.tree().root());
        let mut fields = Vec::new();
        for (wanted, map, field) in [
            (!s.group.is_empty() || !s.version.is_empty(), Some(root), "apiVersion"),
            (!s.kind.is_empty(), Some(root), "kind"),
            (!s.name.is_empty(), resource.metadata(), "name"),
            (!s.namespace.is_empty(), resource.metadata(), "namespace"),
        ] {
            fields.extend(map.filter(|_| wanted).and_then(|map| tree.get(map, field)));
        }
        for (selector, field) in [(&s.label_selector, "labels"), (&s.annotation_selector, "annotations")] {
            let map = resource.metadata().and_then(|metadata| tree.get(metadata, field));
            for (key, value) in map.into_iter().flat_map(|map| tree.entries(map)) {
                if selector.contains(tree.text(key)) {
                    fields.push(value);
                }
            }
        }
        for node in fields {
            all = self.origins.union(all, tree.origin(node));
        }
        all
    }

    /// The origin of an object's name.
    pub(super) fn origin_of_name(&mut self, resource: &Resource) -> OriginId {
        match resource.place() {
            source::Place::Origin(name) if self.options.trace => name,
            _ => OriginId::UNKNOWN,
        }
    }

    /// The type of an object, where a field is one of some types only.
    pub(super) fn typed_for(&mut self, walk: &Walk, resource: &Resource) -> OriginId {
        let spec = walk.spec();
        let (group, kind) = (!spec.group.is_empty() || !spec.version.is_empty(), !spec.kind.is_empty());
        self.typed(resource, group, kind)
    }

    /// The origin of an object's apiVersion and kind, or of one of the two.
    pub(super) fn typed(&mut self, resource: &Resource, api_version: bool, kind: bool) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        let tree = resource.tree();
        for (_, field) in
            [(api_version, "apiVersion"), (kind, "kind")].into_iter().filter(|(wanted, _)| *wanted)
        {
            if let Some(node) = tree.get(tree.root(), field) {
                all = self.both(all, tree.origin(node));
            }
        }
        all
    }
}
