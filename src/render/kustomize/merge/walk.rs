//! Object and patch are walked side by side.
//!
//! What only the object has is walked too, because that changes things as well: empty nulls go, equal keys of a
//! keyed list become one, strings that YAML 1.1 knows as something else are quoted. The walk keeps its own stack, as
//! texts nest deeper than the machine's.

use source::{Chain, OriginId};
use yaml::{Kind, NodeComments, NodeId, Removed, Style, Tree};

use super::directive::{Directive, directive};
use super::keyed::Keyed;
use super::quoting;
use super::schema::{Rules, Schemas};
use super::{Merged, Trace};

/// A place of the object and the same place of the patch.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub dest: Option<NodeId>,
    pub patch: Option<NodeId>,
}

/// What a place comes to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    Nothing,
    Node(NodeId),
    /// A list that was put together: a new one has no style of its own.
    List(NodeId),
    /// A null that stays although nulls go.
    Null(NodeId),
}

impl Found {
    pub(super) fn node(self) -> Option<NodeId> {
        match self {
            Found::Nothing => None,
            Found::Node(id) | Found::List(id) | Found::Null(id) => Some(id),
        }
    }
}

/// One field of a map under way.
struct Row {
    /// Its place in the object.
    at: Option<usize>,
    /// The key that names it: the patch's where the object lacks it.
    key: NodeId,
    /// The patch's key, where it has the field.
    patch_key: Option<NodeId>,
    pair: Pair,
}

struct Map<'s> {
    dest: NodeId,
    rules: Option<Rules<'s>>,
    rows: Vec<Row>,
    found: Vec<Found>,
}

enum Frame<'s> {
    Map(Map<'s>),
    List(Keyed<'s>),
}

pub(super) fn walk(
    tree: &mut Tree,
    patch: NodeId,
    schemas: &Schemas,
    trace: Option<Trace<'_>>,
) -> Result<Merged, String> {
    let root = tree.root();
    let mut walk = Walk { tree, schemas, trace };
    let mut stack: Vec<Frame<'_>> = Vec::new();
    let mut done = walk.enter(&mut stack, Pair { dest: Some(root), patch: Some(patch) }, None)?;
    loop {
        if let Some(found) = done.take() {
            match stack.last_mut() {
                None if found == Found::Nothing => return Ok(Merged::Deleted),
                None => return Ok(Merged::Kept),
                Some(Frame::Map(map)) => map.found.push(found),
                Some(Frame::List(list)) => list.take(walk.tree, found)?,
            }
        }
        let next = match stack.last_mut() {
            None => return Ok(Merged::Kept),
            Some(Frame::Map(map)) => map.rows.get(map.found.len()).map(|row| {
                let name = walk.tree.text(row.key);
                let rules = map.rules.as_ref().and_then(|rules| schemas.field(rules, name));
                (row.pair, walk.written_rules(row).or(rules))
            }),
            Some(Frame::List(list)) => list.next(walk.tree).map(|pair| (pair, list.items.clone())),
        };
        done = match next {
            Some((pair, rules)) => walk.enter(&mut stack, pair, rules)?,
            None => match stack.pop() {
                Some(Frame::Map(map)) => Some(walk.finish(map)),
                Some(Frame::List(list)) => Some(list.finish(walk.tree, walk.trace.as_mut())?),
                None => None,
            },
        };
    }
}

struct Walk<'t, 's> {
    tree: &'t mut Tree,
    schemas: &'s Schemas,
    trace: Option<Trace<'t>>,
}

impl<'s> Walk<'_, 's> {
    /// Begins with a place: either it is done at once, or a frame for it is pushed.
    fn enter(
        &mut self,
        stack: &mut Vec<Frame<'s>>,
        pair: Pair,
        rules: Option<Rules<'s>>,
    ) -> Result<Option<Found>, String> {
        let rules = self.rules(pair, rules);
        let first = [pair.dest, pair.patch].into_iter().flatten().find(|id| !is_null(self.tree, *id));
        let kind = first.map_or(Kind::Map, |id| self.tree.kind(id));
        for id in [pair.dest, pair.patch].into_iter().flatten() {
            expect(self.tree, id, kind)?;
        }
        self.carry_over(pair);
        let keys = rules.as_ref().filter(|_| kind == Kind::Seq).and_then(Rules::merge_keys);
        match (kind, keys) {
            (Kind::Map, _) => self.enter_map(stack, pair, rules),
            (Kind::Seq, Some(keys)) => self.enter_list(stack, pair, rules, keys),
            (Kind::Seq, None) | (Kind::Scalar, _) => {
                Ok(Some(pair.patch.or(pair.dest).map_or(Found::Nothing, Found::Node)))
            }
        }
    }

    fn enter_map(
        &mut self,
        stack: &mut Vec<Frame<'s>>,
        pair: Pair,
        rules: Option<Rules<'s>>,
    ) -> Result<Option<Found>, String> {
        let dest = match pair.dest.filter(|id| !is_null(self.tree, *id)) {
            None => {
                if matches!(directive(self.tree, pair.patch), Ok(Directive::Delete)) {
                    return Ok(Some(Found::Nothing));
                }
                match (pair.patch, pair.dest) {
                    (None, Some(null)) if !self.tree.text(null).is_empty() => {
                        self.tree.set_comments(null, NodeComments::default());
                        return Ok(Some(Found::Null(null)));
                    }
                    (None, _) => return Ok(Some(Found::Nothing)),
                    (Some(patch), _) => patch,
                }
            }
            Some(dest) => {
                if pair.patch.is_some_and(|id| is_null(self.tree, id)) {
                    return Ok(Some(Found::Nothing));
                }
                match (directive(self.tree, pair.patch)?, pair.patch) {
                    (Directive::Delete, _) => return Ok(Some(Found::Nothing)),
                    (Directive::Replace, Some(patch)) => patch,
                    _ => dest,
                }
            }
        };
        // What comes from the patch as a whole is walked against itself: its directives and nulls are to go.
        let rows = self.rows(dest, pair.patch);
        let found = Vec::with_capacity(rows.len());
        stack.push(Frame::Map(Map { dest, rules, rows, found }));
        Ok(None)
    }

    fn enter_list(
        &mut self,
        stack: &mut Vec<Frame<'s>>,
        pair: Pair,
        rules: Option<Rules<'s>>,
        keys: Vec<Box<str>>,
    ) -> Result<Option<Found>, String> {
        let dest = match pair.dest.filter(|id| !is_null(self.tree, *id)) {
            None => match pair.patch {
                None => return Ok(Some(Found::Nothing)),
                Some(patch) => patch,
            },
            Some(dest) => {
                if pair.patch.is_some_and(|id| is_null(self.tree, id)) {
                    return Ok(Some(Found::Nothing));
                }
                match (directive(self.tree, pair.patch)?, pair.patch) {
                    (Directive::Delete, _) => return Ok(Some(Found::Nothing)),
                    (Directive::Replace, Some(patch)) => patch,
                    _ => dest,
                }
            }
        };
        let items = rules.as_ref().and_then(|rules| self.schemas.items(rules));
        match Keyed::new(self.tree, dest, pair.patch, keys, items) {
            None => Ok(Some(Found::Node(dest))),
            Some(mut list) => {
                if let Some(trace) = &self.trace
                    && pair.patch.is_some_and(|patch| patch != dest)
                {
                    list.decide(self.tree, trace.origins);
                }
                stack.push(Frame::List(list));
                Ok(None)
            }
        }
    }

    /// The fields of both, each once and sorted by name.
    fn rows(&self, dest: NodeId, patch: Option<NodeId>) -> Vec<Row> {
        let sorted = |map: NodeId| {
            let mut entries: Vec<(usize, NodeId, NodeId)> =
                self.tree.entries(map).enumerate().map(|(at, (key, value))| (at, key, value)).collect();
            // Stable: of equal names the first counts.
            entries.sort_by(|a, b| self.tree.text(a.1).cmp(self.tree.text(b.1)));
            entries.dedup_by(|b, a| self.tree.text(a.1) == self.tree.text(b.1));
            entries
        };
        let own = sorted(dest);
        let row = |&(at, key, value): &(usize, NodeId, NodeId), patch: Option<(NodeId, NodeId)>| Row {
            at: Some(at),
            key,
            patch_key: patch.map(|(key, _)| key),
            pair: Pair { dest: Some(value), patch: patch.map(|(_, value)| value) },
        };
        let Some(patch) = patch.filter(|patch| *patch != dest) else {
            return own.iter().map(|entry| row(entry, patch.map(|_| (entry.1, entry.2)))).collect();
        };
        let brought = sorted(patch);
        let mut rows = Vec::with_capacity(own.len() + brought.len());
        let (mut own, mut brought) = (own.iter().peekable(), brought.iter().peekable());
        loop {
            let order = match (own.peek(), brought.peek()) {
                (None, None) => return rows,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(a), Some(b)) => self.tree.text(a.1).cmp(self.tree.text(b.1)),
            };
            let a = own.next_if(|_| order.is_le());
            let b = brought.next_if(|_| order.is_ge());
            match (a, b) {
                (Some(a), b) => rows.push(row(a, b.map(|b| (b.1, b.2)))),
                (None, Some(&(_, key, value))) => {
                    let pair = Pair { dest: None, patch: Some(value) };
                    rows.push(Row { at: None, key, patch_key: Some(key), pair });
                }
                (None, None) => return rows,
            }
        }
    }

    /// What a comment at a field says, beside its value or its key: the object's first.
    fn written_rules(&self, row: &Row) -> Option<Rules<'s>> {
        let at = |value: Option<NodeId>, key: Option<NodeId>| {
            let value = self.schemas.of_comments(self.tree.comments(value?));
            value.or_else(|| self.schemas.of_comments(self.tree.comments(key?)))
        };
        at(row.pair.dest, Some(row.key)).or_else(|| at(row.pair.patch, row.patch_key))
    }

    /// The rules of a place: a comment's, those that lead here, or those of the kind that a nested object names.
    fn rules(&self, pair: Pair, rules: Option<Rules<'s>>) -> Option<Rules<'s>> {
        let there = || [pair.dest, pair.patch].into_iter().flatten().filter(|id| !is_null(self.tree, *id));
        let mut written = there().map(|id| self.schemas.of_comments(self.tree.comments(id)));
        if let Some(written) = written.find_map(|found| found) {
            return Some(written);
        }
        if rules.is_some() {
            return rules;
        }
        there().find_map(|id| {
            let text = |key: &str| {
                let value = self.tree.get(id, key).filter(|value| !is_null(self.tree, *value));
                value.map_or("", |value| self.tree.text(value))
            };
            let kind = text("kind");
            let api_version = if kind.is_empty() { "" } else { text("apiVersion") };
            if api_version.is_empty() { None } else { self.schemas.kind(api_version, kind) }
        })
    }

    /// The patch's comments win, and an empty collection takes the style of what fills it.
    fn carry_over(&mut self, pair: Pair) {
        let (Some(dest), Some(patch)) = (pair.dest, pair.patch) else { return };
        if dest == patch {
            return;
        }
        if let Some(brought) = self.tree.comments(patch).cloned() {
            let mut own = self.tree.comments(dest).cloned().unwrap_or_default();
            for (own, brought) in
                [(&mut own.head, brought.head), (&mut own.line, brought.line), (&mut own.foot, brought.foot)]
            {
                if !brought.is_empty() {
                    *own = brought;
                }
            }
            self.tree.set_comments(dest, own);
        }
        if self.tree.kind(dest) != Kind::Scalar && self.tree.children(dest).is_empty() {
            self.tree.set_style(dest, self.tree.style(patch));
        }
    }

    /// Puts what was found into the map.
    fn finish(&mut self, map: Map<'s>) -> Found {
        let own = self.tree.children(map.dest).to_vec();
        let mut children: Vec<Option<NodeId>> = own.iter().copied().map(Some).collect();
        let mut removed = Vec::new();
        for (row, found) in map.rows.iter().zip(&map.found) {
            let value = match found {
                Found::Null(id) => Some(*id),
                found => found.node().filter(|id| !is_null(self.tree, *id)),
            };
            if let Some(value) = value {
                self.quote(value);
            }
            let Some(at) = row.at else {
                if let Some(value) = value {
                    let key = self.new_key(row.key, value == row.pair.patch.unwrap_or(value));
                    if matches!(found, Found::List(_)) {
                        self.tree.set_style(value, Style::Block);
                    }
                    children.extend([Some(key), Some(value)]);
                }
                continue;
            };
            let (Some(&key), Some(&was)) = (own.get(2 * at), own.get(2 * at + 1)) else { continue };
            match value {
                None => {
                    let by = row.pair.patch.map_or(OriginId::UNKNOWN, |patch| self.tree.origin(patch));
                    removed.push(Removed { key: Some(key), value: was, by });
                    if let Some(pair) = children.get_mut(2 * at..2 * at + 2) {
                        pair.fill(None);
                    }
                }
                Some(value) if value != was => {
                    self.take_place(value, was);
                    // In place, because the value may stand elsewhere too: then it changes there as well.
                    self.tree.become_node(was, value);
                }
                Some(_) => {}
            }
        }
        let children: Vec<NodeId> = children.into_iter().flatten().collect();
        if !removed.is_empty() || children != own {
            self.tree.set_children(map.dest, children, removed);
        }
        Found::Node(map.dest)
    }

    /// A value stands where another stood: it is written as that one was, and knows of it.
    fn take_place(&mut self, value: NodeId, was: NodeId) {
        let style = match (self.tree.kind(value), self.tree.style(was)) {
            (Kind::Scalar, Style::Flow | Style::Block) => Style::Plain,
            (Kind::Scalar, style) => style,
            (_, Style::Flow) => Style::Flow,
            (_, _) => Style::Block,
        };
        self.tree.set_style(value, style);
        let Some(Trace { origins, .. }) = &mut self.trace else { return };
        if let Some(by) = origins.primary(self.tree.origin(value)) {
            let was = self.tree.origin(was);
            self.tree.set_origin(value, origins.intern(Chain::Patched { by, was }));
        }
    }

    /// A key is written anew: its text and, with the patch's own value, its quotes.
    fn new_key(&mut self, key: NodeId, with_style: bool) -> NodeId {
        let (text, origin, style) =
            (self.tree.text(key).to_owned(), self.tree.origin(key), self.tree.style(key));
        if with_style && matches!(style, Style::SingleQuoted | Style::DoubleQuoted) {
            let new = self.tree.string(text, origin);
            self.tree.set_style(new, style);
            return new;
        }
        self.tree.plain(text, origin)
    }

    fn quote(&mut self, value: NodeId) {
        let plain = self.tree.kind(value) == Kind::Scalar && self.tree.style(value) == Style::Plain;
        if plain && self.tree.tag(value) == "!!str" && quoting::is_other_than_string(self.tree.text(value)) {
            self.tree.set_style(value, Style::DoubleQuoted);
        }
    }
}

pub(super) fn is_null(tree: &Tree, id: NodeId) -> bool {
    tree.is_null(id)
}

/// Null, nothing, or a map without entries.
pub(super) fn is_empty(tree: &Tree, id: NodeId) -> bool {
    is_null(tree, id) || (tree.kind(id) == Kind::Map && tree.children(id).is_empty())
}

/// Kinds must agree; null goes with all of them.
pub(in crate::render::kustomize) fn expect(tree: &Tree, id: NodeId, kind: Kind) -> Result<(), String> {
    let name = |kind: Kind| match kind {
        Kind::Map => "MappingNode",
        Kind::Seq => "SequenceNode",
        Kind::Scalar => "ScalarNode",
    };
    if is_null(tree, id) || tree.kind(id) == kind {
        return Ok(());
    }
    let (expected, got) = (name(kind), name(tree.kind(id)));
    Err(format!("wrong node kind: expected {expected} but got {got}: node contents:\n{}", contents(tree, id)))
}

/// A node as kyaml prints it.
pub(in crate::render::kustomize) fn contents(tree: &Tree, id: NodeId) -> String {
    let mut part = Tree::new(OriginId::UNKNOWN);
    let top = part.graft(tree, id);
    part.set_root(top);
    yaml::emit::tree(&part).unwrap_or_default()
}
