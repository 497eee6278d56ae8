//! The view through which every stage reads a tree, whatever holds it.

use std::borrow::Cow;

use source::OriginId;

use crate::doc::{ALIAS, Doc, MERGES, NodeId, Resolved, Style};
use crate::number::{Number, number};
use crate::tree::Tree;

/// Scalar, sequence or map.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A single value.
    Scalar,
    /// A list.
    Seq,
    /// A map.
    Map,
}

/// What a node holds, typed as its profile types it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Value<'a> {
    /// `null`, `~`, or nothing at all.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer within `i64`.
    Int(i64),
    /// An integer past `i64` and within `u64`.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// A string, and what JSON has only as a string (timestamps, binary).
    Str(&'a str),
    /// A list: see [`Node::items`].
    Seq,
    /// A map: see [`Node::entries`].
    Map,
}

/// A node of a tree: two words, free to copy.
///
/// Aliases are followed and `<<` merges are applied by every method but [`Node::is_alias`], [`Node::span`] and
/// [`Node::id`], which speak of the node as it is written.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    repr: Repr<'a>,
}

// An enum and not a generic parameter: two hundred rules stay plain functions, compiled once.
#[derive(Clone, Copy)]
enum Repr<'a> {
    Doc(&'a Doc, NodeId),
    Tree(&'a Tree, NodeId),
}

impl<'a> Node<'a> {
    pub(crate) fn of_doc(doc: &'a Doc, id: NodeId) -> Self {
        Node { repr: Repr::Doc(doc, id) }
    }

    pub(crate) fn of_tree(tree: &'a Tree, id: NodeId) -> Self {
        Node { repr: Repr::Tree(tree, id) }
    }

    /// What an alias stands for; other nodes stand for themselves.
    #[inline]
    fn followed(self) -> Repr<'a> {
        match self.repr {
            Repr::Doc(doc, id) => Repr::Doc(doc, doc.follow(id)),
            Repr::Tree(tree, id) => Repr::Tree(tree, tree.follow(id)),
        }
    }

    #[inline]
    pub(crate) fn resolved(self) -> Resolved {
        match self.followed() {
            Repr::Doc(doc, id) => doc.raw(id).resolved,
            Repr::Tree(tree, id) => tree.resolved(id),
        }
    }

    /// Scalar, sequence or map.
    #[inline]
    pub fn kind(self) -> Kind {
        match self.followed() {
            Repr::Doc(doc, id) => doc.raw(id).kind,
            Repr::Tree(tree, id) => tree.kind(id),
        }
    }

    /// What it holds.
    #[inline]
    pub fn value(self) -> Value<'a> {
        let resolved = self.resolved();
        match resolved {
            Resolved::Null => Value::Null,
            Resolved::Map => Value::Map,
            Resolved::Seq => Value::Seq,
            Resolved::Bool => Value::Bool(crate::resolve::is_true(self.text())),
            Resolved::Int | Resolved::Float => {
                let text = self.text();
                let float = resolved == Resolved::Float;
                match number(text) {
                    Some(Number::Int(i)) if float => Value::Float(i as f64),
                    Some(Number::UInt(u)) if float => Value::Float(u as f64),
                    Some(Number::Int(i)) => Value::Int(i),
                    Some(Number::UInt(u)) => Value::UInt(u),
                    Some(Number::Float(f)) => Value::Float(f),
                    None => Value::Str(text),
                }
            }
            Resolved::Str | Resolved::Timestamp | Resolved::Binary | Resolved::Merge => {
                Value::Str(self.text())
            }
        }
    }

    /// The text of a scalar, whatever its type: `true` for a boolean, `0x1F` for a number written so. Escapes
    /// and folds are undone. Empty for collections.
    #[inline]
    pub fn text(self) -> &'a str {
        match self.followed() {
            Repr::Doc(doc, id) => doc.scalar_text(id),
            Repr::Tree(tree, id) if tree.kind(id) == Kind::Scalar => tree.text(id),
            _ => "",
        }
    }

    /// The string, if it is one.
    pub fn as_str(self) -> Option<&'a str> {
        // A number that does not fit is a string, too; all others are told apart without reading them.
        match self.resolved() {
            Resolved::Null | Resolved::Bool | Resolved::Map | Resolved::Seq => None,
            Resolved::Int | Resolved::Float => match self.value() {
                Value::Str(s) => Some(s),
                _ => None,
            },
            Resolved::Str | Resolved::Timestamp | Resolved::Binary | Resolved::Merge => Some(self.text()),
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        (self.resolved() == Resolved::Bool).then(|| crate::resolve::is_true(self.text()))
    }

    /// The integer, if it is one that fits; floats with an integral value count, as they do for JSON's readers.
    pub fn as_i64(self) -> Option<i64> {
        match self.value() {
            Value::Int(i) => Some(i),
            Value::Float(f) if f.fract() == 0.0 && f.abs() < 9.0e15 => Some(f as i64),
            _ => None,
        }
    }

    /// Whether it is a string, or what JSON has only as a string.
    #[inline]
    pub fn is_str(self) -> bool {
        match self.resolved() {
            Resolved::Str | Resolved::Timestamp | Resolved::Binary | Resolved::Merge => true,
            Resolved::Int | Resolved::Float => self.as_str().is_some(),
            _ => false,
        }
    }

    /// Whether it is `null` (or empty).
    #[inline]
    pub fn is_null(self) -> bool {
        self.resolved() == Resolved::Null
    }

    /// Whether it is `true`.
    pub fn is_true(self) -> bool {
        self.as_bool() == Some(true)
    }

    /// The value under a key of a map; of several equal keys the last, as JSON's readers take it.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key and value of a map's entry.
    pub fn entry(self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        // Without merges the arena can be walked as it is; rules ask for fields all the time.
        if let Repr::Doc(doc, id) = self.followed()
            && doc.raw(id).flags & MERGES == 0
        {
            let (key, value) = doc.entry(id, key)?;
            return Some((Node::of_doc(doc, key), Node::of_doc(doc, value)));
        }
        self.entry_of_any(key)
    }

    /// The same for any tree. Apart, so that the way that is nearly always taken needs next to no registers.
    #[cold]
    #[inline(never)]
    fn entry_of_any(self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        // The last of equal keys wins, so look at all.
        self.entries().filter(|(k, _)| k.text() == key).last()
    }

    /// The value at a dotted path of keys, such as `spec.template.spec`. Keys that hold dots need
    /// [`get`](Node::get).
    pub fn at(self, path: &str) -> Option<Node<'a>> {
        let (mut node, mut rest) = (self, path);
        // By bytes: paths are a few words of ASCII, and searching for a character costs more than the look-up.
        while let Some(dot) = rest.bytes().position(|b| b == b'.') {
            node = node.get(&rest[..dot])?;
            rest = &rest[dot + 1..];
        }
        node.get(rest)
    }

    /// The entries of a map in the order written, those of `<<` merges after them; none for other nodes.
    #[inline]
    pub fn entries(self) -> Entries<'a> {
        if !self.merges() {
            return Entries { written: self.pairs(), merged: None };
        }
        let merged = crate::merge::merged(self.target());
        Entries { written: Pairs { children: Children::None }, merged: Some(Box::new(merged.into_iter())) }
    }

    /// The entries of a map as they are written: `<<` is a key like any other.
    pub fn written_entries(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        self.pairs()
    }

    /// The tag that it has, written or by its text: `!!str`, `!!int`, `!!merge`, `!Ref`.
    pub fn short_tag(self) -> Cow<'a, str> {
        if let Some(tag) = self.tag().filter(|tag| *tag != "!") {
            return tag;
        }
        Cow::Borrowed(match self.resolved() {
            Resolved::Null => "!!null",
            Resolved::Bool => "!!bool",
            Resolved::Int => "!!int",
            Resolved::Float => "!!float",
            Resolved::Str => "!!str",
            Resolved::Timestamp => "!!timestamp",
            Resolved::Binary => "!!binary",
            Resolved::Merge => "!!merge",
            Resolved::Map => "!!map",
            Resolved::Seq => "!!seq",
        })
    }

    /// Whether it is the key `<<` of a merge.
    pub fn is_merge(self) -> bool {
        self.is_merge_key()
    }

    /// The items of a list; none for other nodes.
    #[inline]
    pub fn items(self) -> Items<'a> {
        Items { children: self.children_if(Kind::Seq) }
    }

    /// How it is written.
    pub fn style(self) -> Style {
        match self.followed() {
            Repr::Doc(doc, id) => doc.raw(id).style,
            Repr::Tree(tree, id) => tree.style(id),
        }
    }

    /// The tag as written, resolved to its full or short form; `None` where none is written.
    pub fn tag(self) -> Option<Cow<'a, str>> {
        let tag = match self.followed() {
            Repr::Doc(doc, id) => doc.tag(id),
            Repr::Tree(tree, id) => tree.written_tag(id),
        };
        tag.map(Cow::Borrowed)
    }

    /// The anchor's name, if it has one.
    pub fn anchor(self) -> Option<&'a str> {
        match self.repr {
            Repr::Doc(doc, id) => doc.anchor(id),
            Repr::Tree(tree, id) => tree.anchor(id),
        }
    }

    /// Whether it is written as `*name`.
    pub fn is_alias(self) -> bool {
        match self.repr {
            Repr::Doc(doc, id) => doc.raw(id).flags & ALIAS != 0,
            Repr::Tree(tree, id) => tree.alias_target(id).is_some(),
        }
    }

    /// The name behind the `*` of an alias of a document.
    pub fn alias_name(self) -> Option<&'a str> {
        let Repr::Doc(doc, id) = self.repr else { return None };
        let raw = doc.raw(id);
        (raw.flags & ALIAS != 0).then(|| doc.text.get(raw.start as usize + 1..raw.end as usize))?
    }

    /// The bytes of the source that it is written in; `None` for a node of a [`Tree`], which tells by its origin.
    pub fn span(self) -> Option<(u32, u32)> {
        let Repr::Doc(doc, id) = self.repr else { return None };
        let raw = doc.raw(id);
        Some((raw.start, raw.end))
    }

    /// Its index in its document or tree. In a document it is also the index of its origin.
    pub fn id(self) -> NodeId {
        let (Repr::Doc(_, id) | Repr::Tree(_, id)) = self.repr;
        id
    }

    /// The document that it is a node of; `None` for a node of a [`Tree`].
    pub fn doc(self) -> Option<&'a Doc> {
        match self.repr {
            Repr::Doc(doc, _) => Some(doc),
            Repr::Tree(..) => None,
        }
    }

    /// The tree that it is a node of; `None` for a node of a document.
    pub(crate) fn tree(self) -> Option<&'a Tree> {
        match self.repr {
            Repr::Doc(..) => None,
            Repr::Tree(tree, _) => Some(tree),
        }
    }

    /// Where it came from; `first` is what [`source::Origins::add_document`] gave for its document, which a node
    /// of a [`Tree`] does not need.
    pub fn origin(self, first: OriginId) -> OriginId {
        match self.repr {
            Repr::Doc(doc, id) => doc.origin(first, id),
            Repr::Tree(tree, id) => tree.origin(id),
        }
    }

    /// Whether the other node is this one or stands below it; what an alias names counts as below it.
    pub fn holds(self, other: Node<'_>) -> bool {
        match (self.repr, other.repr) {
            (Repr::Doc(doc, id), Repr::Doc(_, at)) => {
                let within = |id: NodeId| id.0 <= at.0 && at.0 < doc.raw(id).next;
                within(id) || within(doc.follow(id))
            }
            (Repr::Tree(tree, id), Repr::Tree(_, at)) => {
                let mut todo = vec![id, tree.follow(id)];
                while let Some(id) = todo.pop() {
                    if id == at {
                        return true;
                    }
                    todo.extend(tree.children(id));
                }
                false
            }
            _ => false,
        }
    }

    #[inline]
    fn merges(self) -> bool {
        match self.followed() {
            Repr::Doc(doc, id) => doc.raw(id).flags & MERGES != 0,
            Repr::Tree(tree, id) => tree.merges(id),
        }
    }

    pub(crate) fn pairs(self) -> Pairs<'a> {
        Pairs { children: self.children_if(Kind::Map) }
    }

    /// What an alias stands for; other nodes stand for themselves.
    pub(crate) fn target(self) -> Node<'a> {
        Node { repr: self.followed() }
    }

    /// Whether go-yaml v3's rules hold for it.
    pub(crate) fn is_v3(self) -> bool {
        match self.repr {
            Repr::Doc(doc, _) => doc.v3,
            Repr::Tree(..) => true,
        }
    }

    #[inline]
    fn children_if(self, kind: Kind) -> Children<'a> {
        match self.followed() {
            Repr::Doc(doc, id) if doc.raw(id).kind == kind => {
                Children::Doc { doc, at: id.0 + 1, end: doc.raw(id).next }
            }
            Repr::Tree(tree, id) if tree.kind(id) == kind => {
                Children::Tree { tree, rest: tree.children(id).iter() }
            }
            _ => Children::None,
        }
    }

    pub(crate) fn is_merge_key(self) -> bool {
        match self.repr {
            Repr::Doc(doc, id) => doc.raw(id).resolved == Resolved::Merge,
            Repr::Tree(tree, id) => tree.resolved(id) == Resolved::Merge,
        }
    }
}

#[derive(Clone)]
enum Children<'a> {
    Doc { doc: &'a Doc, at: u32, end: u32 },
    Tree { tree: &'a Tree, rest: std::slice::Iter<'a, NodeId> },
    None,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;
    fn next(&mut self) -> Option<Node<'a>> {
        match self {
            Children::Doc { doc, at, end } if *at < *end => {
                let node = Node::of_doc(doc, NodeId(*at));
                *at = doc.raw(NodeId(*at)).next;
                Some(node)
            }
            Children::Tree { tree, rest } => Some(Node::of_tree(tree, *rest.next()?)),
            _ => None,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Pairs<'a> {
    children: Children<'a>,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Node<'a>, Node<'a>);
    fn next(&mut self) -> Option<Self::Item> {
        Some((self.children.next()?, self.children.next()?))
    }
}

/// Iterator of [`Node::entries`].
#[derive(Clone)]
pub struct Entries<'a> {
    written: Pairs<'a>,
    /// All entries of a map with merges; apart, because hardly a map has any.
    merged: Option<Box<std::vec::IntoIter<(Node<'a>, Node<'a>)>>>,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Node<'a>, Node<'a>);
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.written.next().or_else(|| self.merged.as_mut()?.next())
    }
}

/// Iterator of [`Node::items`].
#[derive(Clone)]
pub struct Items<'a> {
    children: Children<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Node<'a>;
    fn next(&mut self) -> Option<Node<'a>> {
        self.children.next()
    }
}
