//! Lists whose items are told apart by keys, or by their value.
//!
//! Where every item has every key and no two items of a list have the same, the result is a formula: of one key, the
//! patch's order and then the rest; of several keys, the patch's new items and then the object's. Lists that are not so
//! regular go through kyaml's steps one by one, as what they do to such lists cannot be said otherwise: an item without
//! its key can empty the list.

use std::collections::{HashMap, HashSet};

use source::{OriginId, Origins};
use yaml::{Kind, NodeId, Removed, Tree};

use super::Trace;
use super::decisions::Decisions;
use super::schema::Rules;
use super::walk::{Found, Pair, expect, is_empty, is_null};

/// A list under way.
pub(super) struct Keyed<'s> {
    dest: NodeId,
    patch: Option<NodeId>,
    /// `[""]` for a list of scalars.
    keys: Vec<Box<str>>,
    /// What the items go by.
    pub items: Option<Rules<'s>>,
    /// The object's items, without those that were deleted.
    own: Vec<NodeId>,
    /// The next item to be walked.
    at: usize,
    form: Form,
    /// What the keys decide; where origins are followed.
    decisions: Option<Box<Decisions>>,
}

enum Form {
    Regular {
        pairs: Vec<Pair>,
        /// What became of each.
        found: Vec<Option<NodeId>>,
    },
    Odd {
        /// The values of the keys of each item.
        values: Vec<Vec<String>>,
        /// Which keys have a value in any item.
        valid: Vec<usize>,
        added: Vec<NodeId>,
    },
}

impl<'s> Keyed<'s> {
    /// `None` where there is nothing to be done.
    pub(super) fn new(
        tree: &Tree,
        dest: NodeId,
        patch: Option<NodeId>,
        mut keys: Vec<Box<str>>,
        items: Option<Rules<'s>>,
    ) -> Option<Self> {
        let own = tree.children(dest).to_vec();
        let brought = patch.map_or(&[][..], |patch| tree.children(patch));
        if own.is_empty() && brought.is_empty() {
            return None;
        }
        if keys.is_empty() {
            keys.push("".into());
        }
        let regular = if patch == Some(dest) {
            let itself =
                |pairs: Vec<Pair>| pairs.into_iter().map(|pair| Pair { patch: pair.dest, ..pair }).collect();
            regular(tree, &own, &[], &keys).map(itself)
        } else {
            regular(tree, &own, brought, &keys)
        };
        let form = match regular {
            Some(pairs) => Form::Regular { found: Vec::with_capacity(pairs.len()), pairs },
            None => {
                let values = all_values(tree, &[brought, &own], &keys);
                let mut valid: Vec<usize> =
                    (0..keys.len()).filter(|at| values.iter().any(|v| !v[*at].is_empty())).collect();
                if valid.is_empty() {
                    valid = (0..keys.len()).collect();
                }
                Form::Odd { values, valid, added: Vec::new() }
            }
        };
        Some(Keyed { dest, patch, keys, items, own, at: 0, form, decisions: None })
    }

    /// The next item to be walked.
    pub(super) fn next(&mut self, tree: &Tree) -> Option<Pair> {
        self.at += 1;
        match &self.form {
            Form::Regular { pairs, .. } => pairs.get(self.at - 1).copied(),
            Form::Odd { values, .. } => {
                let values = values.get(self.at - 1)?;
                // An item is looked for by the keys that it has.
                let mut wanted: Vec<usize> =
                    (0..self.keys.len()).filter(|at| !values[*at].is_empty()).collect();
                if wanted.is_empty() {
                    wanted = (0..self.keys.len()).collect();
                }
                let keys: Vec<(&str, &str)> =
                    wanted.into_iter().map(|at| (&*self.keys[at], values[at].as_str())).collect();
                let patch = match self.patch {
                    Some(patch) if patch == self.dest => find(tree, &self.own, &keys),
                    Some(patch) => find(tree, tree.children(patch), &keys),
                    None => None,
                };
                Some(Pair { dest: find(tree, &self.own, &keys), patch })
            }
        }
    }

    /// What became of the item that [`next`](Keyed::next) gave.
    pub(super) fn take(&mut self, tree: &mut Tree, found: Found) -> Result<(), String> {
        let node = found.node().filter(|id| !is_empty(tree, *id));
        let (keys, values, added) = match &mut self.form {
            Form::Regular { found, .. } => {
                found.push(node);
                return Ok(());
            }
            Form::Odd { values, valid, added } => {
                let Some(values) = values.get(self.at - 1) else { return Ok(()) };
                let keys: Vec<&str> = valid.iter().map(|at| &*self.keys[*at]).collect();
                let values: Vec<&str> = valid.iter().map(|at| values[*at].as_str()).collect();
                (keys, values, added)
            }
        };
        let Some(node) = node else {
            for _ in &keys {
                set_element(tree, &mut self.own, None, &keys, &values)?;
            }
            return Ok(());
        };
        for (key, value) in keys.iter().zip(&values).filter(|(_, value)| !value.is_empty()) {
            if tree.kind(node) == Kind::Map && tree.get(node, key).is_none() {
                let quoted = super::quoting::is_other_than_string(value);
                let origin = tree.origin(node);
                let value = if quoted { tree.string(*value, origin) } else { tree.plain(*value, origin) };
                if quoted {
                    tree.set_style(value, yaml::Style::DoubleQuoted);
                }
                tree.set(node, key, value);
            }
        }
        set_element(tree, added, Some(node), &keys, &values)
    }

    /// The list as it is in the end: the object's node with other items.
    pub(super) fn finish(mut self, tree: &mut Tree, trace: Option<&mut Trace<'_>>) -> Result<Found, String> {
        let (decisions, list) = (self.decisions.take(), self.dest);
        let found = self.put_together(tree)?;
        if let (Some(decisions), Some(trace)) = (decisions, trace) {
            decisions.mark(tree, list, trace);
        }
        Ok(found)
    }

    /// Looks at both lists before they are merged, for what their keys decide.
    pub(super) fn decide(&mut self, tree: &Tree, origins: &Origins) {
        let brought = self.patch.map_or(&[][..], |patch| tree.children(patch));
        let is_odd = matches!(self.form, Form::Odd { .. });
        let decisions = Decisions::new(tree, &self.keys, &self.own, brought, is_odd, origins);
        self.decisions = Some(Box::new(decisions));
    }

    fn put_together(self, tree: &mut Tree) -> Result<Found, String> {
        let before: Vec<NodeId> = tree.children(self.dest).to_vec();
        let after = match self.form {
            Form::Regular { pairs, found } if self.keys.len() == 1 => {
                // An item of the object stays its own even where the patch said to replace it.
                let kept =
                    pairs.iter().zip(found).filter_map(|(pair, found)| found.map(|f| pair.dest.unwrap_or(f)));
                kept.collect()
            }
            Form::Regular { pairs, found } => {
                let mut new = Vec::new();
                let mut gone = HashSet::new();
                for (pair, found) in pairs.iter().zip(found) {
                    match (pair.dest, found) {
                        (None, Some(found)) => new.push(found),
                        (Some(dest), None) => drop(gone.insert(dest)),
                        _ => {}
                    }
                }
                new.extend(self.own.iter().filter(|item| !gone.contains(item)));
                new
            }
            Form::Odd { valid, mut added, .. } => {
                let keys: Vec<&str> = valid.iter().map(|at| &*self.keys[*at]).collect();
                append(tree, &mut added, &self.own, &keys)?;
                added
            }
        };
        let by = self.patch.map_or(OriginId::UNKNOWN, |patch| tree.origin(patch));
        let kept: HashSet<NodeId> = after.iter().copied().collect();
        let gone = before.iter().filter(|item| !kept.contains(item));
        let removed: Vec<Removed> = gone.map(|&value| Removed { key: None, value, by }).collect();
        if tree.comments(self.dest).is_some() {
            tree.set_comments(self.dest, yaml::NodeComments::default());
        }
        tree.set_children(self.dest, after, removed);
        Ok(Found::List(self.dest))
    }
}

/// The items of both lists in the order in which they are walked: the patch's, then what only the object has.
/// `None` where the lists are not regular.
fn regular(tree: &Tree, own: &[NodeId], brought: &[NodeId], keys: &[Box<str>]) -> Option<Vec<Pair>> {
    let values = |item: NodeId| -> Option<Vec<&str>> {
        if keys.len() == 1 && keys[0].is_empty() {
            let is_scalar = tree.kind(item) == Kind::Scalar && !is_null(tree, item);
            // kyaml writes such items anew, which is seen where they are tagged or have comments.
            let is_bare = tree.comments(item).is_none() && tree.written_tag(item).is_none();
            return Some(vec![tree.text(item)]).filter(|v| is_scalar && is_bare && !v[0].is_empty());
        }
        if tree.kind(item) != Kind::Map {
            return None;
        }
        let value = |key: &str| {
            let value = tree.get(item, key)?;
            let usable = tree.kind(value) == Kind::Scalar && !is_null(tree, value);
            Some(tree.text(value)).filter(|text| usable && !text.is_empty())
        };
        keys.iter().map(|key| value(key)).collect()
    };
    let mut places: HashMap<Vec<&str>, usize> = HashMap::with_capacity(own.len() + brought.len());
    let mut pairs: Vec<Pair> = Vec::with_capacity(own.len() + brought.len());
    for &item in brought {
        if places.insert(values(item)?, pairs.len()).is_some() {
            return None;
        }
        pairs.push(Pair { dest: None, patch: Some(item) });
    }
    let mut seen = HashSet::with_capacity(own.len());
    for &item in own {
        let values = values(item)?;
        if !seen.insert(values.clone()) {
            return None;
        }
        match places.get(&values) {
            Some(&at) => pairs[at].dest = Some(item),
            None => pairs.push(Pair { dest: Some(item), patch: None }),
        }
    }
    Some(pairs)
}

/// What the items of the lists have under the keys, each combination once; then those that differ only in what one of
/// them lacks are made equal.
fn all_values(tree: &Tree, lists: &[&[NodeId]], keys: &[Box<str>]) -> Vec<Vec<String>> {
    let value = |item: NodeId, key: &str| -> String {
        if key.is_empty() {
            return tree.text(item).to_owned();
        }
        let value = if tree.kind(item) == Kind::Map { tree.get(item, key) } else { None };
        let empty =
            |id: NodeId| is_null(tree, id) || (tree.kind(id) != Kind::Scalar && tree.children(id).is_empty());
        value.filter(|id| !empty(*id)).map_or("", |id| tree.text(id)).to_owned()
    };
    let mut seen = HashSet::new();
    let mut all: Vec<Vec<String>> = Vec::new();
    for &item in lists.iter().copied().flatten() {
        let values: Vec<String> = keys.iter().map(|key| value(item, key)).collect();
        if seen.insert(values.clone()) {
            all.push(values);
        }
    }
    if keys.len() > 1 && all.iter().any(|values| values.iter().any(String::is_empty)) {
        for i in 0..all.len() {
            for j in 0..all.len() {
                if let Some(values) = matched(&all[i], &all[j]) {
                    all[i].clone_from(&values);
                    all[j] = values;
                }
            }
        }
    }
    all
}

/// Both in one where they share a value and differ only in what one of them lacks.
fn matched(a: &[String], b: &[String]) -> Option<Vec<String>> {
    let fits = a.iter().zip(b).all(|(a, b)| a == b || a.is_empty() || b.is_empty());
    let shares = a.iter().zip(b).any(|(a, b)| a == b);
    (fits && shares && a != b)
        .then(|| a.iter().zip(b).map(|(a, b)| if a.is_empty() { b.clone() } else { a.clone() }).collect())
}

/// The first item that has all those values.
fn find(tree: &Tree, items: &[NodeId], keys: &[(&str, &str)]) -> Option<NodeId> {
    let has = |item: NodeId, (key, value): (&str, &str)| {
        tree.get(item, key).is_some_and(|found| tree.text(found) == value)
    };
    let mut items = items.iter().copied();
    match keys.first() {
        Some(("", value)) => items.find(|item| tree.text(*item) == *value),
        _ => items.find(|item| tree.kind(*item) == Kind::Map && keys.iter().all(|key| has(*item, *key))),
    }
}

/// kyaml's `ElementSetter`: puts an element in place of those that match, or last; takes them out where there is none.
/// Empty elements go on the way, and with too few values more than that.
pub(super) fn set_element(
    tree: &Tree,
    items: &mut Vec<NodeId>,
    element: Option<NodeId>,
    keys: &[&str],
    values: &[&str],
) -> Result<(), String> {
    let wants_maps =
        keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|v| !v.is_empty());
    let mut placed = false;
    let mut kept = Vec::with_capacity(items.len() + 1);
    for &item in items.iter() {
        if is_empty(tree, item) {
            continue;
        }
        if wants_maps && tree.kind(item) != Kind::Map {
            kept.push(item);
            continue;
        }
        let mut matches = false;
        for (at, key) in keys.iter().enumerate() {
            // A key without a value goes by what the key before it came to.
            if let Some(value) = values.get(at) {
                matches = has_field(tree, item, key, value)?;
            }
            if !matches {
                break;
            }
        }
        match (matches, element) {
            (false, _) if !values.is_empty() => kept.push(item),
            (true, Some(element)) => {
                placed = true;
                kept.push(element);
            }
            _ => {}
        }
    }
    *items = kept;
    if let Some(element) = element.filter(|element| !placed && !is_null(tree, *element)) {
        items.push(element);
    }
    Ok(())
}

/// Whether an item has a field of that value; any value will do where none is asked for. Without a key the item itself
/// is compared.
fn has_field(tree: &Tree, item: NodeId, key: &str, value: &str) -> Result<bool, String> {
    if key.is_empty() {
        expect(tree, item, Kind::Scalar)?;
        return Ok(tree.text(item) == value);
    }
    expect(tree, item, Kind::Map)?;
    Ok(tree.get(item, key).is_some_and(|found| value.is_empty() || tree.text(found) == value))
}

/// Puts the object's items to those that were walked.
fn append(tree: &Tree, items: &mut Vec<NodeId>, own: &[NodeId], keys: &[&str]) -> Result<(), String> {
    for &item in own {
        if keys.first().is_some_and(|key| key.is_empty()) {
            set_element(tree, items, Some(item), &[""], &[tree.text(item)])?;
            continue;
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            let found = if is_null(tree, item) {
                None
            } else {
                expect(tree, item, Kind::Map)?;
                tree.get(item, key)
            };
            match found {
                Some(value) => values.push(tree.text(value)),
                None => items.push(item),
            }
        }
        if keys.len() > 1 {
            set_element(tree, items, None, keys, &values)?;
        }
        set_element(tree, items, Some(item), keys, &values)?;
    }
    Ok(())
}
