//! One document as a flat arena over the bytes that it was read from.

use std::sync::Arc;

use source::{LineColumn, LineIndex, OriginId, Origins, SourceId, SpanTable};

use crate::check::ODD_KEYS;
use crate::node::{Kind, Node};

/// Index of a node in its document's arena; the root is 0, parents stand before their children.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

/// How a node is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Style {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// `[...]` and `{...}`
    Flow,
    /// Collections by indentation.
    Block,
}

/// A comment: its bytes, the `#` included, and the node that it stands before or beside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// First byte: the `#`.
    pub start: u32,
    /// One past the last byte; the line break is outside.
    pub end: u32,
    /// The node read last before the comment; `None` before the first.
    pub after: Option<NodeId>,
    /// Whether something else stands before it on its line.
    pub trailing: bool,
}

/// What a plain scalar is by its text, or any node by its tag.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Resolved {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Timestamp,
    Binary,
    Merge,
    Map,
    Seq,
}

/// A node in 16 bytes: 2.5 million of them describe 50 MB of manifests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    /// First byte of the value in the source; quotes, `|` and brackets are inside, tag and anchor outside.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The first node that is not below this one.
    pub next: u32,
    pub kind: Kind,
    pub style: Style,
    pub resolved: Resolved,
    pub flags: u8,
}

pub(crate) const DECODED: u8 = 1; // its text differs from its bytes and stands in `Doc::decoded`
pub(crate) const ALIAS: u8 = 2; // `*name`; what it names stands in `Doc::aliases`
pub(crate) const TAGGED: u8 = 4; // its tag stands in `Doc::tags`
pub(crate) const ANCHORED: u8 = 8; // its anchor stands in `Doc::anchors`
pub(crate) const MERGES: u8 = 16; // a map with a `<<` key

/// One document of a stream.
///
/// The arena is in document order: a map's children alternate key and value, a sequence's are its items, and
/// `next` leads past a whole subtree. Tags, anchors, aliases, decoded texts and comments stand in tables beside
/// it, sorted by node, because few nodes have any.
pub struct Doc {
    pub(crate) source: SourceId,
    pub(crate) text: Arc<str>,
    /// The document's bytes in the text: from its `---` (or its first line) up to the next document's.
    pub(crate) span: (u32, u32),
    pub(crate) nodes: Vec<Raw>,
    /// (node, start, end) in `buffer`.
    pub(crate) decoded: Vec<(u32, u32, u32)>,
    pub(crate) buffer: String,
    /// (alias, the anchored node)
    pub(crate) aliases: Vec<(u32, u32)>,
    /// (node, resolved tag such as `!!str` or `!Ref`)
    pub(crate) tags: Vec<(u32, Box<str>)>,
    /// (node, start, end) of the name in the source
    pub(crate) anchors: Vec<(u32, u32, u32)>,
    pub(crate) comments: Vec<Comment>,
    /// `!!binary` scalars whose text is no base64.
    pub(crate) invalid_binary: Vec<u32>,
    /// Whether equal keys, merges and tags are go-yaml v3's.
    pub(crate) v3: bool,
    /// Whether it has a mistake for which its readers refuse it.
    pub(crate) broken: bool,
    /// What [`check`](crate::check) has to look for.
    pub(crate) odd: u8,
    /// Whether it is known that no map has two keys of one text.
    pub(crate) is_unique: bool,
}

impl Doc {
    /// The source that it was read from.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The whole text of the source, of which this document may be a part.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The document's byte range in the source: from its `---` (or the first line of the text) up to the next
    /// document's `---`.
    pub fn span(&self) -> (u32, u32) {
        self.span
    }

    /// The root; `None` where there is nothing but blanks and comments, or what stands there cannot be read.
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.nodes.is_empty()).then(|| Node::of_doc(self, NodeId(0)))
    }

    /// The node of that index.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        ((id.0 as usize) < self.nodes.len()).then(|| Node::of_doc(self, id))
    }

    /// The first node that is not below that one: a node and what is below it are `id..end`.
    pub fn end_of(&self, id: NodeId) -> NodeId {
        NodeId(self.nodes.get(id.0 as usize).map_or(id.0, |raw| raw.next))
    }

    /// Whether it has a mistake for which its readers refuse it, so that what it lacks may well be in the text.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether some map may have a `<<` that merges others into it.
    pub fn may_merge(&self) -> bool {
        self.odd & ODD_KEYS != 0
    }

    /// How many nodes there are, keys included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All comments in order.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The origin of a node, given the first that [`Origins::add_document`] gave for this document.
    pub fn origin(&self, first: OriginId, node: NodeId) -> OriginId {
        Origins::node(first, node.0)
    }

    /// The innermost node whose bytes hold that offset of the source.
    pub fn node_at(&self, offset: u32) -> Option<NodeId> {
        let mut found = None;
        let mut at = 0;
        while let Some(raw) = self.nodes.get(at as usize) {
            if raw.start <= offset && offset < raw.end.max(raw.start + 1) {
                found = Some(NodeId(at));
                at += 1;
            } else {
                at = raw.next;
            }
        }
        found
    }

    /// The innermost node at a line and column of the source.
    pub fn at(&self, lines: &LineIndex, place: LineColumn) -> Option<NodeId> {
        let start = lines.line_start(&self.text, place.line)?;
        let line = lines.line_text(&self.text, place.line);
        let before = line.chars().take(place.column.saturating_sub(1) as usize);
        self.node_at(start + before.map(char::len_utf8).sum::<usize>() as u32)
    }

    #[inline]
    pub(crate) fn raw(&self, id: NodeId) -> &Raw {
        &self.nodes[id.0 as usize]
    }

    /// What an alias stands for, through any number of aliases; other nodes stand for themselves.
    #[inline]
    pub(crate) fn follow(&self, id: NodeId) -> NodeId {
        // Every look at a node begins here, and aliases are rare.
        if self.raw(id).flags & ALIAS == 0 { id } else { self.follow_alias(id) }
    }

    #[cold]
    fn follow_alias(&self, mut id: NodeId) -> NodeId {
        while self.raw(id).flags & ALIAS != 0 {
            match self.aliases.binary_search_by_key(&id.0, |a| a.0) {
                // An alias names a node before it, or one of an earlier document's that is none itself: this ends.
                Ok(at)
                    if self.aliases[at].1 < id.0
                        || self.raw(NodeId(self.aliases[at].1)).flags & ALIAS == 0 =>
                {
                    id = NodeId(self.aliases[at].1);
                }
                _ => break,
            }
        }
        id
    }

    /// Key and value of a map's entry, the last of equal ones. Rules ask for fields all the time, so nothing is done
    /// here that a plain key does not need.
    pub(crate) fn entry(&self, map: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        let raw = self.raw(map);
        if raw.kind != Kind::Map {
            return None;
        }
        let nodes = self.nodes.get(..raw.next as usize)?;
        let length = key.len() as u32;
        let (mut at, mut found) = (map.0 + 1, None);
        while let Some(name) = nodes.get(at as usize) {
            let value = name.next;
            // By its length nearly every other key is told apart; quotes are two bytes more.
            let differs = (name.end - name.start).wrapping_sub(length);
            let is_it = match (name.flags & (DECODED | ALIAS), name.style, name.kind) {
                (0, Style::Plain, Kind::Scalar) => differs == 0 && self.is_written(name, key),
                (0, ..) if differs & !2 != 0 => false,
                _ => self.is_text(NodeId(at), key),
            };
            if is_it {
                found = Some((NodeId(at), NodeId(value)));
                if self.is_unique {
                    break;
                }
            }
            at = nodes.get(value as usize)?.next;
        }
        found
    }

    /// Whether the bytes of a node are those of a text of the same length.
    #[inline]
    fn is_written(&self, raw: &Raw, text: &str) -> bool {
        let bytes = self.text.as_bytes().get(raw.start as usize..raw.end as usize);
        bytes.is_some_and(|bytes| is_same(bytes, text.as_bytes()))
    }

    #[cold]
    #[inline(never)]
    fn is_text(&self, id: NodeId, key: &str) -> bool {
        Node::of_doc(self, id).text() == key
    }

    /// The text of a scalar; empty for collections.
    pub(crate) fn scalar_text(&self, id: NodeId) -> &str {
        let raw = self.raw(id);
        if raw.kind != Kind::Scalar {
            return "";
        }
        // Nearly all scalars are plain, and their text is their bytes.
        if raw.flags & DECODED == 0 && raw.style == Style::Plain {
            return self.text.get(raw.start as usize..raw.end as usize).unwrap_or("");
        }
        self.scalar(id)
    }

    /// A scalar's text.
    pub(crate) fn scalar(&self, id: NodeId) -> &str {
        let raw = self.raw(id);
        if raw.flags & DECODED != 0
            && let Ok(at) = self.decoded.binary_search_by_key(&id.0, |d| d.0)
        {
            let (_, start, end) = self.decoded[at];
            return &self.buffer[start as usize..end as usize];
        }
        let (start, end) = match raw.style {
            Style::SingleQuoted | Style::DoubleQuoted if raw.end >= raw.start + 2 => {
                (raw.start + 1, raw.end - 1)
            }
            _ => (raw.start, raw.end),
        };
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    pub(crate) fn tag(&self, id: NodeId) -> Option<&str> {
        if self.raw(id).flags & TAGGED == 0 {
            return None;
        }
        self.tags.binary_search_by_key(&id.0, |t| t.0).ok().map(|at| &*self.tags[at].1)
    }

    pub(crate) fn anchor(&self, id: NodeId) -> Option<&str> {
        if self.raw(id).flags & ANCHORED == 0 {
            return None;
        }
        let at = self.anchors.binary_search_by_key(&id.0, |a| a.0).ok()?;
        let (_, start, end) = self.anchors[at];
        self.text.get(start as usize..end as usize)
    }
}

/// Whether two texts are the same. Names of fields are short: two loads that may overlap cost less than to call `memcmp`.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    match a.len() {
        length if length != b.len() => false,
        8..=16 => a.first_chunk::<8>() == b.first_chunk() && a.last_chunk::<8>() == b.last_chunk(),
        4..=7 => a.first_chunk::<4>() == b.first_chunk() && a.last_chunk::<4>() == b.last_chunk(),
        _ => a == b,
    }
}

impl SpanTable for Doc {
    fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    fn span(&self, index: u32) -> (u32, u32) {
        self.nodes.get(index as usize).map_or((0, 0), |n| (n.start, n.end))
    }
}
