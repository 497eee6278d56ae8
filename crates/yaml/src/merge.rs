//! `<<` applied: the entries that a map has once the maps that it names are merged in.

use std::collections::HashSet;

use crate::doc::NodeId;
use crate::node::{Kind, Node, Value};

/// A key as Go's maps compare them: by type and value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key<'a> {
    Str(&'a str),
    Int(i64),
    UInt(u64),
    Float(u64),
    Bool(bool),
    Null,
    /// A list or map, equal to itself alone.
    Node(NodeId),
}

impl<'a> Key<'a> {
    pub fn of(node: Node<'a>) -> Key<'a> {
        match node.value() {
            Value::Str(s) => Key::Str(s),
            Value::Null => Key::Null,
            Value::Bool(b) => Key::Bool(b),
            Value::Int(i) => Key::Int(i),
            Value::UInt(u) => Key::UInt(u),
            Value::Float(f) => Key::Float(f.to_bits()),
            Value::Seq | Value::Map => Key::Node(node.id()),
        }
    }
}

/// The maps that a merge's value names, in the order of their precedence.
pub(crate) fn sources(value: Node<'_>) -> Vec<Node<'_>> {
    // An alias of a list is refused, so a list is one that stands here.
    if value.is_alias() || value.kind() != Kind::Seq {
        return vec![value.target()];
    }
    value.items().map(Node::target).collect()
}

/// The entries of a map with a `<<` key, equal keys once: those written in it in their order, then the others.
///
/// go-yaml v2 sets entries as it meets them, so that a merge replaces what stands before it and yields to what
/// comes after. To v3 an entry of the map itself always wins, and the last of several merges alone counts.
pub(crate) fn merged(map: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    enum Work<'a> {
        Map(Node<'a>),
        Pair(Node<'a>, Node<'a>),
    }
    let mut seen = HashSet::new();
    let mut own = Vec::new();
    let mut others = Vec::new();
    // Whoever comes first wins, so all is walked in the order of precedence: from the last to the first.
    let mut work: Vec<Work<'_>> = Vec::new();
    let mut first = Some(map);
    while let Some(item) = first.take().map(Work::Map).or_else(|| work.pop()) {
        match item {
            Work::Pair(key, value) if key.is_merge_key() => {
                work.extend(sources(value).into_iter().rev().map(Work::Map));
            }
            Work::Pair(key, value) => {
                if seen.insert(Key::of(key)) {
                    others.push((key, value));
                }
            }
            Work::Map(node) if node.is_v3() => {
                let (merges, written): (Vec<_>, Vec<_>) =
                    node.pairs().partition(|(key, _)| key.is_merge_key());
                work.extend(merges.last().map(|(key, value)| Work::Pair(*key, *value)));
                work.extend(written.into_iter().map(|(key, value)| Work::Pair(key, value)));
            }
            Work::Map(node) => work.extend(node.pairs().map(|(key, value)| Work::Pair(key, value))),
        }
    }
    // What is written in the map itself comes first, as it is written.
    let won: HashSet<NodeId> = others.iter().map(|(key, _)| key.id()).collect();
    let is_own = |key: &Node<'_>| !key.is_merge_key() && won.contains(&key.id());
    own.extend(map.pairs().filter(|(key, _)| is_own(key)));
    let written: HashSet<NodeId> = own.iter().map(|(key, _)| key.id()).collect();
    others.retain(|(key, _)| !written.contains(&key.id()));
    own.append(&mut others);
    own
}
