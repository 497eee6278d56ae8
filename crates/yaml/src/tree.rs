//! A tree that can be changed: what Kustomize, defaults and fixes work on.

use std::collections::HashMap;
use std::sync::Arc;

use source::OriginId;

use crate::comments::{DocComments, NodeComments};
use crate::doc::{self, Doc, NodeId, Resolved, Style};
use crate::node::{Kind, Node};
use crate::resolve::resolve;

/// A document that can be changed, by node id.
///
/// A node keeps what it was written as: tag, style, text, anchor, comments; and where it came from. Ids stay valid
/// whatever is changed: sorting permutes a node's children, removing takes them out of the list of children and
/// remembers who did it. Nothing is freed before the tree is, so dropping one is as cheap as dropping some
/// vectors.
///
/// ```
/// use std::sync::Arc;
/// use source::OriginId;
/// use yaml::{Options, Profile, Tree, read};
///
/// let text: Arc<str> = "# a map\nb: [1, 2] # kept\na: x\n".into();
/// let mut out = source::Diagnostics::new();
/// let docs = read(source::SourceId(0), &text, &Options::new(Profile::Kustomize), &mut out);
/// let mut tree = Tree::of_doc(&docs[0], OriginId::UNKNOWN).unwrap();
///
/// let root = tree.root();
/// let three = tree.plain("3", OriginId::UNKNOWN);
/// let list = tree.get(root, "b").unwrap();
/// tree.push(list, three);
/// tree.remove(root, "a", OriginId::UNKNOWN);
/// assert_eq!(tree.node(list).items().count(), 3);
/// assert_eq!(yaml::emit::tree(&tree).unwrap(), "# a map\nb: [1, 2, 3] # kept\n");
/// ```
#[derive(Clone)]
pub struct Tree {
    nodes: Vec<Slot>,
    root: NodeId,
    /// The texts that were read: scalars are ranges of them, so that a tree does not hold the documents.
    texts: Vec<Arc<str>>,
    /// Of the nodes that say so in their flags.
    extras: HashMap<NodeId, Box<Extra>>,
    /// Above the document, parted from it by an empty line.
    pub head: String,
    /// Below the document.
    pub foot: String,
}

/// A node in 32 bytes; builds hold millions of them.
#[derive(Clone)]
struct Slot {
    origin: OriginId,
    kind: Kind,
    style: Style,
    resolved: Resolved,
    flags: u8,
    content: Content,
}

const ALIAS: u8 = 1;
/// There is more in [`Tree::extras`].
const EXTRA: u8 = 2;
/// A scalar that is what its text looks like, also after the text changes: go-yaml's nodes without a tag.
const UNTYPED: u8 = 4;

/// A scalar's text, an alias' name, or what is in a collection.
#[derive(Clone)]
enum Content {
    /// A range of one of the texts.
    Read {
        text: u32,
        start: u32,
        end: u32,
    },
    Own(Box<str>),
    /// Items, or keys and values in turn.
    Children(Vec<NodeId>),
}

impl Slot {
    fn is_alias(&self) -> bool {
        self.flags & ALIAS != 0
    }

    /// A copy without what is in it and beside it; texts are told from those of another tree that come behind so many.
    fn bare_copy(&self, base: u32) -> Slot {
        let content = match &self.content {
            Content::Read { text, start, end } => {
                Content::Read { text: text + base, start: *start, end: *end }
            }
            Content::Own(text) => Content::Own(text.clone()),
            Content::Children(_) => Content::Children(Vec::new()),
        };
        Slot { flags: self.flags & (ALIAS | UNTYPED), content, ..*self }
    }

    fn children(&self) -> &[NodeId] {
        match &self.content {
            Content::Children(children) => children,
            _ => &[],
        }
    }

    /// What is in a collection; `None` for a scalar, and for an alias, which holds nothing itself.
    fn children_mut(&mut self) -> Option<&mut Vec<NodeId>> {
        match &mut self.content {
            Content::Children(children) => Some(children),
            _ => None,
        }
    }
}

/// What few nodes have.
#[derive(Clone, Default)]
struct Extra {
    tag: Option<Box<str>>,
    anchor: Option<Box<str>>,
    comments: NodeComments,
    removed: Vec<Removed>,
    /// What an alias stands for.
    target: Option<NodeId>,
}

/// A child that was taken out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Removed {
    /// Its key; `None` for an item of a list.
    pub key: Option<NodeId>,
    /// The value or item, which the tree still holds.
    pub value: NodeId,
    /// Who took it out.
    pub by: OriginId,
}

impl Tree {
    /// A copy of a document with its comments; `None` where it has no node. `first` is what
    /// [`source::Origins::add_document`] gave for it.
    pub fn of_doc(doc: &Arc<Doc>, first: OriginId) -> Option<Tree> {
        let comments = DocComments::of(doc);
        let mut tree = Tree::bare(doc, first)?;
        for id in 0..doc.len() as u32 {
            if let Some(own) = comments.get(NodeId(id)) {
                tree.extra(NodeId(id)).comments = own.clone();
            }
        }
        tree.head = comments.head;
        tree.foot = comments.foot;
        Some(tree)
    }

    /// A copy of a document without its comments.
    pub fn bare(doc: &Arc<Doc>, first: OriginId) -> Option<Tree> {
        doc.root()?;
        let count = doc.len();
        let mut tree = Tree::without_nodes();
        // A little more is put to most trees, and what is put to a full one moves all of it.
        tree.nodes.reserve_exact(count + count / 8 + 4);
        tree.texts.push(doc.text().clone());
        // Ids of the tree are the document's; a node's children follow from where its subtree ends.
        let mut open: Vec<(NodeId, u32)> = Vec::new();
        for id in (0..count as u32).map(NodeId) {
            let raw = doc.raw(id);
            while open.last().is_some_and(|(_, end)| id.0 >= *end) {
                open.pop();
            }
            if let Some((parent, _)) = open.last()
                && let Some(children) = tree.nodes[parent.0 as usize].children_mut()
            {
                children.push(id);
            }
            let is_alias = raw.flags & doc::ALIAS != 0;
            // To go-yaml's nodes this is a merge wherever it stands.
            let merge = raw.kind == Kind::Scalar && raw.style == Style::Plain && doc.scalar(id) == "<<";
            let resolved = if merge && doc.tag(id).is_none() { Resolved::Merge } else { raw.resolved };
            tree.nodes.push(Slot {
                origin: doc.origin(first, id),
                kind: raw.kind,
                style: raw.style,
                resolved,
                flags: if is_alias { ALIAS } else { 0 },
                content: match raw.kind {
                    _ if is_alias => Content::Own(doc.scalar(id).trim_start_matches('*').into()),
                    Kind::Scalar => read(doc, id),
                    _ => Content::Children(Vec::with_capacity(children_of(doc, id))),
                },
            });
            if let Some(tag) = doc.tag(id).filter(|t| *t != "!") {
                tree.extra(id).tag = Some(tag.into());
            }
            if let Some(name) = doc.anchor(id) {
                tree.extra(id).anchor = Some(name.into());
            }
            if is_alias {
                tree.extra(id).target = Some(doc.follow(id));
            } else if raw.kind != Kind::Scalar {
                open.push((id, raw.next));
            }
        }
        Some(tree)
    }

    fn without_nodes() -> Tree {
        Tree {
            nodes: Vec::new(),
            root: NodeId(0),
            texts: Vec::new(),
            extras: HashMap::new(),
            head: String::new(),
            foot: String::new(),
        }
    }

    /// A tree that is an empty map.
    pub fn new(origin: OriginId) -> Tree {
        let mut tree = Tree::without_nodes();
        tree.root = tree.map(origin);
        tree
    }

    /// The root.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Makes another node the root; what was above it stays in the tree, out of sight.
    pub fn set_root(&mut self, root: NodeId) {
        self.root = root;
    }

    /// How many nodes there are, removed ones and keys included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: a tree has a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The view through which everything reads. Ids are the tree's own; others give its root.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node::of_tree(self, if (id.0 as usize) < self.nodes.len() { id } else { self.root })
    }

    // --- reading by id ------------------------------------------------------------------------------------

    /// Where a node came from.
    pub fn origin(&self, id: NodeId) -> OriginId {
        self.slot(id).map_or(OriginId::UNKNOWN, |s| s.origin)
    }

    /// The items of a list, or the keys and values of a map in turn; as written, so without merges.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        self.slot(id).map_or(&[], Slot::children)
    }

    /// The entries of a map as they are written: key and value.
    pub fn entries(&self, map: NodeId) -> impl ExactSizeIterator<Item = (NodeId, NodeId)> + '_ {
        let children = if self.kind(map) == Kind::Map { self.children(map) } else { &[] };
        children.chunks_exact(2).map(|pair| (pair[0], pair[1]))
    }

    /// The same of a list too, of which each two items are an entry: Kustomize reads annotations so, whatever they are. A last
    /// item that has no partner is left out.
    pub fn pairs(&self, node: NodeId) -> impl ExactSizeIterator<Item = (NodeId, NodeId)> + '_ {
        self.children(node).chunks_exact(2).map(|pair| (pair[0], pair[1]))
    }

    /// The value under a key of a map, as written; the first of equal keys.
    pub fn get(&self, map: NodeId, key: &str) -> Option<NodeId> {
        self.entry(map, key).map(|(_, _, value)| value)
    }

    /// Which entry has that key, its key and its value.
    pub fn entry(&self, map: NodeId, key: &str) -> Option<(usize, NodeId, NodeId)> {
        let mut entries = self.entries(map).enumerate();
        entries.find(|(_, (k, _))| self.text(*k) == key).map(|(at, (k, v))| (at, k, v))
    }

    /// The text of a scalar; the name of an alias.
    pub fn text(&self, id: NodeId) -> &str {
        match self.slot(id).map(|s| &s.content) {
            Some(Content::Own(text)) => text,
            Some(Content::Read { text, start, end }) => {
                let text = self.texts.get(*text as usize);
                text.and_then(|text| text.get(*start as usize..*end as usize)).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The tag in its short form, as go-yaml's nodes have it: written, or resolved from the text.
    pub fn tag(&self, id: NodeId) -> &str {
        match (self.written_tag(id), self.slot(id)) {
            (Some(tag), _) => tag,
            (None, Some(slot)) => match slot.resolved {
                Resolved::Null => "!!null",
                Resolved::Bool => "!!bool",
                Resolved::Int => "!!int",
                Resolved::Float => "!!float",
                Resolved::Timestamp => "!!timestamp",
                Resolved::Binary => "!!binary",
                Resolved::Merge => "!!merge",
                Resolved::Str => "!!str",
                Resolved::Map => "!!map",
                Resolved::Seq => "!!seq",
            },
            _ => "",
        }
    }

    /// Whether it is a null by a tag or by what was read: not a text that merely looks like one, such as a name that was
    /// set to `null`.
    pub fn is_null(&self, id: NodeId) -> bool {
        self.tag(id) == "!!null" && self.slot(id).is_some_and(|slot| slot.flags & UNTYPED == 0)
    }

    /// Whether it is a text, or a scalar whose type was never settled: to kyaml both are strings.
    pub fn is_text(&self, id: NodeId) -> bool {
        self.slot(id).is_some_and(|slot| {
            slot.kind == Kind::Scalar && (slot.flags & UNTYPED != 0 || self.tag(id) == "!!str")
        })
    }

    /// The tag that is written; `None` where the text or the form tells.
    pub fn written_tag(&self, id: NodeId) -> Option<&str> {
        self.more(id)?.tag.as_deref()
    }

    /// The anchor's name.
    pub fn anchor(&self, id: NodeId) -> Option<&str> {
        self.more(id)?.anchor.as_deref()
    }

    /// What an alias stands for; `None` for other nodes.
    pub fn alias_target(&self, id: NodeId) -> Option<NodeId> {
        if self.slot(id)?.is_alias() { self.more(id)?.target } else { None }
    }

    /// How a node is written.
    pub fn style(&self, id: NodeId) -> Style {
        self.slot(id).map_or(Style::Plain, |s| s.style)
    }

    /// Scalar, list or map; of an alias, what it stands for.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.slot(id).map_or(Kind::Scalar, |s| s.kind)
    }

    /// A node's comments; `None` where it has none.
    pub fn comments(&self, id: NodeId) -> Option<&NodeComments> {
        self.more(id).map(|e| &e.comments).filter(|c| !c.is_empty())
    }

    /// What was taken out of a list or map, in the order in which it went.
    pub fn removed(&self, id: NodeId) -> &[Removed] {
        self.more(id).map_or(&[], |e| &e.removed)
    }

    // --- making nodes -------------------------------------------------------------------------------------

    /// A string: it will be quoted where its text, written plain, would be something else.
    pub fn string(&mut self, text: impl Into<Box<str>>, origin: OriginId) -> NodeId {
        self.add_scalar(text.into(), Resolved::Str, origin)
    }

    /// What a plain text is by itself: `3` a number, `true` a boolean, `~` null. With another text it is what that one is.
    pub fn plain(&mut self, text: impl Into<Box<str>>, origin: OriginId) -> NodeId {
        let text = text.into();
        let resolved = resolve(&text, true);
        let id = self.add_scalar(text, resolved, origin);
        self.nodes[id.0 as usize].flags |= UNTYPED;
        id
    }

    /// An empty map.
    pub fn map(&mut self, origin: OriginId) -> NodeId {
        self.add(Kind::Map, Resolved::Map, Content::Children(Vec::new()), origin)
    }

    /// An empty list.
    pub fn seq(&mut self, origin: OriginId) -> NodeId {
        self.add(Kind::Seq, Resolved::Seq, Content::Children(Vec::new()), origin)
    }

    fn add_scalar(&mut self, text: Box<str>, resolved: Resolved, origin: OriginId) -> NodeId {
        self.add(Kind::Scalar, resolved, Content::Own(text), origin)
    }

    fn add(&mut self, kind: Kind, resolved: Resolved, content: Content, origin: OriginId) -> NodeId {
        let style = if kind == Kind::Scalar { Style::Plain } else { Style::Block };
        self.push_slot(Slot { origin, kind, style, resolved, flags: 0, content })
    }

    fn push_slot(&mut self, slot: Slot) -> NodeId {
        if self.nodes.len() == self.nodes.capacity() {
            // Twice as much would mostly stay empty.
            self.nodes.reserve_exact(self.nodes.len() / 4 + 8);
        }
        self.nodes.push(slot);
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// A copy of a node with all that is below it, comments and origins included; what was removed there is not
    /// copied. Aliases go on naming what they named.
    pub fn copy(&mut self, id: NodeId) -> NodeId {
        let copy = self.copy_one(id);
        let mut todo = vec![(id, copy)];
        while let Some((from, to)) = todo.pop() {
            let children: Vec<NodeId> = self.children(from).to_vec();
            let copies: Vec<NodeId> = children.iter().map(|child| self.copy_one(*child)).collect();
            todo.extend(children.into_iter().zip(copies.iter().copied()));
            self.fill(to, copies);
        }
        copy
    }

    /// Makes copies of nodes that stand in several places, so that each place has its own.
    pub fn unshare(&mut self) {
        let mut seen = vec![false; self.nodes.len()];
        let mut todo = vec![self.root];
        while let Some(id) = todo.pop() {
            for at in 0..self.children(id).len() {
                let Some(&child) = self.children(id).get(at) else { break };
                match seen.get_mut(child.0 as usize) {
                    Some(seen) if !*seen => {
                        *seen = true;
                        todo.push(child);
                    }
                    // A copy shares nothing with anything.
                    Some(_) => {
                        let copy = self.copy(child);
                        self.replace_child(id, at, copy);
                    }
                    None => {}
                }
            }
        }
    }

    fn copy_one(&mut self, id: NodeId) -> NodeId {
        let Some(slot) = self.slot(id) else { return self.root };
        let copy = slot.bare_copy(0);
        let extra = self.more(id).map(|extra| Extra { removed: Vec::new(), ..extra.clone() });
        let copy = self.push_slot(copy);
        if let Some(extra) = extra {
            *self.extra(copy) = extra;
        }
        copy
    }

    fn fill(&mut self, id: NodeId, children: Vec<NodeId>) {
        if let Some(known) = self.slot_mut(id).and_then(Slot::children_mut) {
            *known = children;
        }
    }

    /// A copy of a node of another tree with all that is below it, as [`copy`](Tree::copy) makes one; aliases
    /// become what they stand for.
    pub fn graft(&mut self, other: &Tree, id: NodeId) -> NodeId {
        let base = self.texts.len() as u32;
        self.texts.extend(other.texts.iter().cloned());
        let top = self.graft_one(other, id, base);
        let mut todo = vec![(id, top, 0u32)];
        while let Some((from, to, depth)) = todo.pop() {
            // An alias to what holds it would never end.
            if depth as usize > crate::emit::DEPTH {
                continue;
            }
            let from = other.alias_target(from).unwrap_or(from);
            let children: Vec<NodeId> = other.children(from).to_vec();
            let copies: Vec<NodeId> =
                children.iter().map(|child| self.graft_one(other, *child, base)).collect();
            todo.extend(children.into_iter().zip(copies.iter().copied()).map(|(f, t)| (f, t, depth + 1)));
            self.fill(to, copies);
        }
        top
    }

    fn graft_one(&mut self, other: &Tree, id: NodeId, base: u32) -> NodeId {
        let id = other.alias_target(id).unwrap_or(id);
        let Some(slot) = other.slot(id) else { return self.root };
        let copy = self.push_slot(slot.bare_copy(base));
        if let Some(extra) = other.more(id) {
            *self.extra(copy) = Extra { removed: Vec::new(), anchor: None, ..extra.clone() };
        }
        copy
    }

    /// A copy of a node of any tree or document with all that is below it, without comments; aliases become what
    /// they stand for. `origin` tells where each node came from.
    pub fn take_in(&mut self, node: Node<'_>, origin: &dyn Fn(Node<'_>) -> OriginId) -> NodeId {
        let top = self.take_in_one(node, origin);
        let mut todo = vec![(node, top, 0)];
        while let Some((from, to, depth)) = todo.pop() {
            if depth > crate::emit::DEPTH {
                continue;
            }
            let pairs = from.entries().flat_map(|(key, value)| [key, value]);
            for child in from.items().chain(pairs) {
                let copy = self.take_in_one(child, origin);
                if let Some(children) = self.slot_mut(to).and_then(Slot::children_mut) {
                    children.push(copy);
                }
                todo.push((child, copy, depth + 1));
            }
        }
        top
    }

    fn take_in_one(&mut self, node: Node<'_>, origin: &dyn Fn(Node<'_>) -> OriginId) -> NodeId {
        let content = match node.kind() {
            Kind::Scalar => Content::Own(node.text().into()),
            _ => Content::Children(Vec::new()),
        };
        let id = self.add(node.kind(), node.resolved(), content, origin(node));
        self.nodes[id.0 as usize].style = node.style();
        if let Some(tag) = node.tag().filter(|tag| tag != "!") {
            self.extra(id).tag = Some(tag.into());
        }
        id
    }

    // --- changing nodes -----------------------------------------------------------------------------------

    /// Gives a scalar another text and another origin. Its type stays, unless it never was settled.
    ///
    /// ```
    /// # use source::OriginId;
    /// # let mut tree = yaml::Tree::new(OriginId::UNKNOWN);
    /// let (text, name) = (tree.string("web", OriginId::UNKNOWN), tree.plain("web", OriginId::UNKNOWN));
    /// tree.set_text(text, "80", OriginId::UNKNOWN);
    /// tree.set_text(name, "80", OriginId::UNKNOWN);
    /// assert_eq!((tree.tag(text), tree.tag(name)), ("!!str", "!!int"));
    /// ```
    pub fn set_text(&mut self, id: NodeId, text: impl Into<Box<str>>, origin: OriginId) {
        if let Some(slot) = self.slot_mut(id) {
            if slot.kind == Kind::Scalar {
                slot.content = Content::Own(text.into());
            }
            slot.origin = origin;
            if slot.flags & UNTYPED != 0 {
                self.untype(id);
            }
        }
    }

    /// Gives a scalar another text without saying what type it is: in quotes it is a string, plain it is what it looks
    /// like. So go-yaml treats a node whose tag is empty.
    pub fn set_untyped(&mut self, id: NodeId, text: impl Into<Box<str>>, origin: OriginId) {
        if let Some(slot) = self.slot_mut(id) {
            slot.kind = Kind::Scalar;
            slot.content = Content::Own(text.into());
            slot.origin = origin;
            self.untype(id);
        }
    }

    /// Lets the text of a scalar tell its type, from now on and whatever it becomes.
    pub fn untype(&mut self, id: NodeId) {
        let Some(style) = self.slot(id).map(|slot| slot.style) else { return };
        let is_plain = matches!(style, Style::Plain | Style::Block | Style::Flow);
        let resolved = if is_plain { resolve(self.text(id), true) } else { Resolved::Str };
        if let Some(slot) = self.slot_mut(id) {
            slot.resolved = resolved;
            slot.flags |= UNTYPED;
            self.clear_tag(id);
        }
    }

    /// Keeps a scalar what it is now, also when its text changes.
    pub fn settle(&mut self, id: NodeId) {
        if let Some(slot) = self.slot_mut(id) {
            slot.flags &= !UNTYPED;
        }
    }

    /// Gives a node another origin.
    pub fn set_origin(&mut self, id: NodeId, origin: OriginId) {
        if let Some(slot) = self.slot_mut(id) {
            slot.origin = origin;
        }
    }

    /// Writes a node otherwise: quoted, in brackets.
    pub fn set_style(&mut self, id: NodeId, style: Style) {
        if let Some(slot) = self.slot_mut(id) {
            slot.style = style;
        }
    }

    /// Makes a scalar a string whatever its text looks like, and takes a written tag away.
    pub fn make_string(&mut self, id: NodeId) {
        if let Some(slot) = self.slot_mut(id) {
            slot.resolved = Resolved::Str;
            slot.flags &= !UNTYPED;
            self.clear_tag(id);
        }
    }

    fn clear_tag(&mut self, id: NodeId) {
        if let Some(extra) = self.extras.get_mut(&id) {
            extra.tag = None;
        }
    }

    /// Gives a node other comments.
    pub fn set_comments(&mut self, id: NodeId, comments: NodeComments) {
        if (id.0 as usize) < self.nodes.len() {
            self.extra(id).comments = comments;
        }
    }

    /// Takes a node's anchor away.
    pub fn clear_anchor(&mut self, id: NodeId) {
        if let Some(extra) = self.extras.get_mut(&id) {
            extra.anchor = None;
        }
    }

    /// Puts a value under a key: in place of the value that stands there, or as the last entry, whose key is
    /// then a string of the value's origin. Gives the value that was replaced.
    pub fn set(&mut self, map: NodeId, key: &str, value: NodeId) -> Option<NodeId> {
        if let Some((at, _, old)) = self.entry(map, key) {
            self.replace_child(map, 2 * at + 1, value);
            return Some(old);
        }
        let key = self.string(key, self.origin(value));
        self.insert_entry(map, usize::MAX, key, value);
        None
    }

    /// Puts an entry before the one at that place, or last.
    pub fn insert_entry(&mut self, map: NodeId, at: usize, key: NodeId, value: NodeId) {
        if self.kind(map) == Kind::Map
            && let Some(children) = self.slot_mut(map).and_then(Slot::children_mut)
        {
            let at = at.saturating_mul(2).min(children.len());
            children.splice(at..at, [key, value]);
        }
    }

    /// Takes an entry out; gives its value.
    pub fn remove(&mut self, map: NodeId, key: &str, by: OriginId) -> Option<NodeId> {
        let (at, key, value) = self.entry(map, key)?;
        if let Some(children) = self.slot_mut(map).and_then(Slot::children_mut) {
            children.drain(2 * at..2 * at + 2);
        }
        self.extra(map).removed.push(Removed { key: Some(key), value, by });
        Some(value)
    }

    /// Takes an entry out and remembers nothing of it: for what was put there only to be taken out again.
    pub fn forget(&mut self, map: NodeId, key: &str) -> Option<NodeId> {
        let (at, _, value) = self.entry(map, key)?;
        if let Some(children) = self.slot_mut(map).and_then(Slot::children_mut) {
            children.drain(2 * at..2 * at + 2);
        }
        Some(value)
    }

    /// Adds an item at a list's end.
    pub fn push(&mut self, seq: NodeId, item: NodeId) {
        self.insert_item(seq, usize::MAX, item);
    }

    /// Puts an item before the one at that place, or last.
    pub fn insert_item(&mut self, seq: NodeId, at: usize, item: NodeId) {
        if self.kind(seq) == Kind::Seq
            && let Some(children) = self.slot_mut(seq).and_then(Slot::children_mut)
        {
            let at = at.min(children.len());
            children.insert(at, item);
        }
    }

    /// Takes an item out of a list; gives it.
    pub fn remove_item(&mut self, seq: NodeId, at: usize, by: OriginId) -> Option<NodeId> {
        if self.kind(seq) != Kind::Seq || at >= self.children(seq).len() {
            return None;
        }
        let value = self.slot_mut(seq)?.children_mut()?.remove(at);
        self.extra(seq).removed.push(Removed { key: None, value, by });
        Some(value)
    }

    /// Puts a node in place of the child at that place, counted as [`children`](Tree::children) has them; gives the
    /// one that stood there.
    pub fn replace_child(&mut self, id: NodeId, at: usize, with: NodeId) -> Option<NodeId> {
        let place = self.slot_mut(id)?.children_mut()?.get_mut(at)?;
        Some(std::mem::replace(place, with))
    }

    /// Makes a node what another is, under its own id: kind, text, type, style, comments and children.
    pub fn become_node(&mut self, id: NodeId, other: NodeId) {
        let extra = self.more(other).cloned();
        if let Some(copy) = self.slot(other).cloned()
            && let Some(slot) = self.slot_mut(id)
        {
            *slot = copy;
            match extra {
                Some(extra) => *self.extra(id) = extra,
                None => drop(self.extras.remove(&id)),
            }
        }
    }

    /// Gives a list other items, or a map other keys and values in turn, and remembers what went: what makes a
    /// collection anew does it at once, and not one child at a time.
    pub fn set_children(
        &mut self,
        id: NodeId,
        children: Vec<NodeId>,
        removed: impl IntoIterator<Item = Removed>,
    ) {
        if self.kind(id) == Kind::Scalar || (self.kind(id) == Kind::Map && !children.len().is_multiple_of(2))
        {
            return;
        }
        let removed: Vec<Removed> = removed.into_iter().collect();
        if !removed.is_empty() {
            self.extra(id).removed.extend(removed);
        }
        self.fill(id, children);
    }

    /// Orders the items of a list or the entries of a map: `order[i]` is the place of what comes to stand at `i`.
    /// What is no permutation of them changes nothing.
    pub fn reorder(&mut self, id: NodeId, order: &[usize]) {
        let width = if self.kind(id) == Kind::Map { 2 } else { 1 };
        let Some(children) = self.slot_mut(id).and_then(Slot::children_mut) else { return };
        let count = children.len() / width;
        let mut seen = vec![false; count];
        let fits = order.iter().all(|&at| at < count && !std::mem::replace(&mut seen[at], true));
        if !fits || order.len() != count {
            return;
        }
        *children = order.iter().flat_map(|&at| children[at * width..][..width].to_vec()).collect();
    }

    // --- for the view -------------------------------------------------------------------------------------

    pub(crate) fn follow(&self, id: NodeId) -> NodeId {
        self.alias_target(id).unwrap_or(id)
    }

    pub(crate) fn resolved(&self, id: NodeId) -> Resolved {
        self.slot(id).map_or(Resolved::Null, |s| s.resolved)
    }

    pub(crate) fn merges(&self, id: NodeId) -> bool {
        self.entries(id).any(|(key, _)| self.resolved(key) == Resolved::Merge)
    }

    fn slot(&self, id: NodeId) -> Option<&Slot> {
        self.nodes.get(id.0 as usize)
    }

    fn slot_mut(&mut self, id: NodeId) -> Option<&mut Slot> {
        self.nodes.get_mut(id.0 as usize)
    }

    /// What few nodes have, where this one has it.
    fn more(&self, id: NodeId) -> Option<&Extra> {
        self.slot(id).filter(|slot| slot.flags & EXTRA != 0)?;
        self.extras.get(&id).map(|extra| &**extra)
    }

    fn extra(&mut self, id: NodeId) -> &mut Extra {
        if let Some(slot) = self.slot_mut(id) {
            slot.flags |= EXTRA;
        }
        self.extras.entry(id).or_default()
    }
}

/// The text of a scalar: a range of what was read, unless that is written with escapes or in lines.
fn read(doc: &Doc, id: NodeId) -> Content {
    let (all, text) = (doc.text(), doc.scalar(id));
    let start = (text.as_ptr() as usize).wrapping_sub(all.as_ptr() as usize);
    let end = start.wrapping_add(text.len());
    if start <= end && end <= all.len() {
        Content::Read { text: 0, start: start as u32, end: end as u32 }
    } else {
        Content::Own(text.into())
    }
}

/// How many nodes are in a collection itself.
fn children_of(doc: &Doc, id: NodeId) -> usize {
    let (mut at, end) = (id.0 + 1, doc.raw(id).next);
    let mut count = 0;
    while at < end {
        count += 1;
        at = doc.raw(NodeId(at)).next;
    }
    count
}
