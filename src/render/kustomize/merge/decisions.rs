//! What the keys of a list's items decide: which item of the patch goes to which of the object.

use std::collections::{HashMap, HashSet};

use source::{OriginId, Origins};
use yaml::{NodeId, Tree};

use super::Trace;

/// Two lists before they become one.
pub(super) struct Decisions {
    /// The object's items that are met, with the origins of their keys and of the patch's.
    met: Vec<Met>,
    /// The keys of all items of the patch, and of those that they meet.
    all: Vec<OriginId>,
    /// Where all that was in the object's list came from.
    own: HashSet<OriginId>,
    items: Vec<NodeId>,
    /// Whether items of one name are known by that whatever else becomes of them.
    are_named: bool,
    /// Whether keys are missing, so that each may decide over all items.
    is_odd: bool,
}

struct Met {
    item: NodeId,
    /// The key's nodes, with their texts.
    keys: Vec<(NodeId, OriginId, Box<str>)>,
    brought: Vec<OriginId>,
    /// Whether an earlier patch met it too: what is in it hangs on a key already.
    is_known: bool,
}

impl Decisions {
    /// Of the object's items and those of the patch.
    pub(super) fn new(
        tree: &Tree,
        names: &[Box<str>],
        own: &[NodeId],
        brought: &[NodeId],
        is_odd: bool,
        origins: &Origins,
    ) -> Decisions {
        let nodes = |item: NodeId| -> Vec<Option<NodeId>> {
            let key = |name: &str| if name.is_empty() { Some(item) } else { tree.get(item, name) };
            names.iter().map(|name| key(name)).collect()
        };
        let texts = |nodes: &[Option<NodeId>]| -> Vec<&str> {
            nodes.iter().map(|node| node.map_or("", |node| tree.text(node))).collect()
        };
        let origin = |node: &Option<NodeId>| node.map(|node| tree.origin(node));
        let by_key: HashMap<Vec<&str>, NodeId> =
            own.iter().map(|item| (texts(&nodes(*item)), *item)).collect();
        let (mut met, mut all) = (Vec::new(), Vec::new());
        for item in brought {
            let keys = nodes(*item);
            let mut brought: Vec<OriginId> = keys.iter().filter_map(origin).collect();
            all.extend(&brought);
            let Some(item) = by_key.get(&texts(&keys)).copied() else { continue };
            let keys = nodes(item).into_iter().flatten();
            let keys: Vec<_> = keys.map(|node| (node, tree.origin(node), tree.text(node).into())).collect();
            let earlier = origins.data(origins.condition(tree.origin(item)));
            let is_known = keys.iter().any(|(_, key, _)| earlier.contains(&origins.unconditional(*key)));
            all.extend(keys.iter().map(|(_, key, _)| *key));
            brought.dedup();
            met.push(Met { item, keys, brought, is_known });
        }
        if is_odd {
            all.extend(own.iter().flat_map(|item| nodes(*item)).filter_map(|node| origin(&node)));
        }
        let mut known = HashSet::new();
        let mut open = own.to_vec();
        while let Some(node) = open.pop() {
            open.extend(tree.children(node));
            known.insert(origins.unconditional(tree.origin(node)));
        }
        let are_named = matches!(names, [one] if &**one == "name");
        Decisions { met, all, own: known, items: own.to_vec(), are_named, is_odd }
    }

    /// Says so of all that is in the list now.
    pub(super) fn mark(self, tree: &mut Tree, list: NodeId, trace: &mut Trace<'_>) {
        let typed = trace.typed;
        let origins = &mut *trace.origins;
        let both = |origins: &mut Origins, all: &[OriginId]| {
            all.iter().fold(OriginId::UNKNOWN, |all, one| origins.union(all, *one))
        };
        let all = both(origins, &self.all);
        let mut open = if typed == OriginId::UNKNOWN { Vec::new() } else { self.items };
        while let Some(node) = open.pop() {
            open.extend(tree.children(node));
            // Without the type's rules the patch's list would take the place of this one.
            if self.own.contains(&origins.unconditional(tree.origin(node))) {
                let origin = origins.given(tree.origin(node), typed);
                tree.set_origin(node, origin);
            }
        }
        for Met { item, keys, brought, is_known } in self.met {
            let own: Vec<OriginId> = keys.iter().map(|(_, key, _)| *key).collect();
            let (own, brought) = (both(origins, &own), both(origins, &brought));
            let together = origins.union(own, brought);
            // The key is the object's still, as long as the patch says the same.
            let named: Vec<NodeId> = keys.iter().map(|(node, ..)| *node).collect();
            for (node, origin, text) in keys {
                if tree.text(node) == &*text {
                    tree.set_origin(node, origin);
                }
            }
            let mut open = vec![item];
            while let Some(node) = open.pop() {
                open.extend(tree.children(node));
                let was = tree.origin(node);
                let is_own = self.own.contains(&origins.unconditional(was));
                // An item keeps what it has under its own name, and the patch's fields go to another one.
                let cond = match is_own {
                    _ if !self.are_named || node == item => together,
                    true if named.contains(&node) => together,
                    true if is_known && origins.condition(was) != OriginId::UNKNOWN => continue,
                    true => own,
                    false => brought,
                };
                let origin = origins.given(was, cond);
                tree.set_origin(node, origin);
            }
        }
        let mut open = if self.is_odd { tree.children(list).to_vec() } else { Vec::new() };
        while let Some(node) = open.pop() {
            open.extend(tree.children(node));
            let origin = origins.given(tree.origin(node), all);
            tree.set_origin(node, origin);
        }
        let origin = origins.given(tree.origin(list), all);
        let origin = origins.given(origin, typed);
        tree.set_origin(list, origin);
    }
}
