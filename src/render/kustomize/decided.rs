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
pub(super) struct Before {
    known: HashSet<OriginId>,
    children: HashMap<OriginId, Vec<OriginId>>,
}

impl Before {
    /// All that is below a node now.
    pub(super) fn below(tree: &Tree, top: NodeId) -> Before {
        let mut before = Before { known: HashSet::new(), children: HashMap::new() };
        let mut open = vec![top];
        while let Some(node) = open.pop() {
            let origin = tree.origin(node);
            before.known.insert(origin);
            if tree.kind(node) != Kind::Scalar {
                before.children.entry(origin).or_insert_with(|| origins_of_children(tree, node));
                open.extend(tree.children(node));
            }
        }
        before
    }

    /// All of an object, where origins are followed.
    pub(super) fn of(resource: &Resource, cx: &Cx<'_>) -> Option<Before> {
        let tree = resource.tree();
        cx.options.trace.then(|| Before::below(tree, tree.root()))
    }

    /// What is other below a node now is so on that condition: new nodes, and the maps and lists that lost or got some.
    pub(super) fn mark(&self, tree: &mut Tree, top: NodeId, cond: OriginId, origins: &mut Origins) {
        if cond == OriginId::UNKNOWN {
            return;
        }
        let mut open = vec![top];
        while let Some(node) = open.pop() {
            let origin = tree.origin(node);
            open.extend(tree.children(node));
            let is_other = !self.known.contains(&origin)
                || tree.kind(node) != Kind::Scalar
                    && self.children.get(&origin).is_some_and(|old| *old != origins_of_children(tree, node));
            if is_other {
                let origin = origins.given(origin, cond);
                tree.set_origin(node, origin);
            }
        }
    }

    /// The same for an object.
    pub(super) fn decided(before: Option<Before>, resource: &mut Resource, cond: OriginId, cx: &mut Cx<'_>) {
        if let Some(before) = before {
            let tree = resource.fields_mut();
            before.mark(tree, tree.root(), cond, cx.origins);
        }
    }
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
            tree.set_origin(key, by);
            tree.set_origin(value, by);
            let origin = cx.given(tree.origin(annotations), by);
            tree.set_origin(annotations, origin);
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

fn origins_of_children(tree: &Tree, node: NodeId) -> Vec<OriginId> {
    tree.children(node).iter().map(|child| tree.origin(*child)).collect()
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

    /// Both of two origins.
    pub(super) fn both(&mut self, a: OriginId, b: OriginId) -> OriginId {
        if self.options.trace { self.origins.union(a, b) } else { a }
    }

    /// What a value is on a condition.
    pub(super) fn given(&mut self, data: OriginId, cond: OriginId) -> OriginId {
        if self.options.trace { self.origins.given(data, cond) } else { data }
    }

    /// The fields of an object that a selector looked at, and what the selector says.
    pub(super) fn selected_by(&mut self, selector: &Selector, resource: &Resource) -> OriginId {
        if !self.options.trace {
            return OriginId::UNKNOWN;
        }
        let s = selector;
        let mut all = self.said_by([
            &s.group,
            &s.version,
            &s.kind,
            &s.name,
            &s.namespace,
            &s.label_selector,
            &s.annotation_selector,
        ]);
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
