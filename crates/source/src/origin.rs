//! Where a node of the output came from, as a number that is free to copy.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::sources::{SourceId, Span};

/// Where one node came from. Ids belong to one [`Origins`] store; they are never compared between stores, nor
/// printed.
///
/// The lower half of the range names nodes of the documents that were read (their spans lie in the documents,
/// so that an origin of what was only read costs nothing); the upper half names interned [`Chain`]s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OriginId(u32);

const CHAINS: u32 = 1 << 31;

impl OriginId {
    /// Not known; never a guess in its place.
    pub const UNKNOWN: OriginId = OriginId(CHAINS);
}

impl Default for OriginId {
    fn default() -> Self {
        OriginId::UNKNOWN
    }
}

/// Names a [`Frame`]; `FrameId::TOP` is the template itself, outside of every include and branch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FrameId(pub u32);

impl FrameId {
    /// Outside of every call and branch.
    pub const TOP: FrameId = FrameId(0);
}

/// How a node came to be, one step; the ids inside lead to the steps before.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Chain {
    /// Not known.
    Unknown,
    /// It stands so in a source.
    Read(Span),
    /// A template action printed it.
    Rendered {
        /// The action, or the literal text.
        action: Span,
        /// The calls and branches that the action stood in.
        frame: FrameId,
        /// What fed it.
        data: OriginId,
    },
    /// A patch, an overlay field or a transformer set it.
    Patched {
        /// The patch's node.
        by: Span,
        /// What stood there before.
        was: OriginId,
    },
    /// A generator or a default made it.
    Generated {
        /// What asked for it.
        by: Span,
        /// What fed it.
        data: OriginId,
    },
    /// Both; flattened only to be shown.
    Union(OriginId, OriginId),
    /// A decision that has two reasons, of which one is enough: only who changes both changes it.
    Either(OriginId, OriginId),
    /// The one, which is there because of the other: what was read to decide on it.
    Given {
        /// What it is.
        data: OriginId,
        /// What decided that it is this.
        cond: OriginId,
    },
    /// Nothing stands here, or something else than could: a condition decided it.
    Branched {
        /// The statement that decided.
        at: Span,
        /// The calls and branches around it.
        frame: FrameId,
        /// What its condition read.
        cond: OriginId,
        /// What it decides over.
        lines: Lines,
    },
}

/// What a condition decides over, as far as its place in the lines goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lines {
    /// A part of a line.
    Part,
    /// Lines of their own; if known, how many columns they begin to the right of the line before them.
    Own(Option<i16>),
}

/// One call or branch that rendered text stood in: an include, a `tpl`, an item of a range, a condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Frame {
    /// The frame around it.
    pub parent: FrameId,
    /// The action that opened it.
    pub call: Span,
    /// What the condition or the range read.
    pub cond: OriginId,
}

/// Gives the spans of one document's nodes; `yaml::Doc` is one.
pub trait SpanTable: Send + Sync {
    /// How many origins the document needs.
    fn len(&self) -> u32;
    /// Whether it needs none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The byte range of one of them.
    fn span(&self, index: u32) -> (u32, u32);
}

/// A place that a diagnostic points at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// A range of a source.
    Span(Span),
    /// A node, by where it came from.
    Origin(OriginId),
    /// A part of a scalar.
    Within {
        /// The scalar.
        node: OriginId,
        /// The first byte in its document's text.
        start: u32,
        /// The byte behind the last.
        end: u32,
    },
    /// A part of an object as a whole, of which nothing in it is wrong but that something is not there: the name that
    /// people know it by, where that stands in the part's own text, else the part's own text. A name that was made
    /// elsewhere, by a helper or a prefix, is no place to add a field at.
    Part {
        /// Where the name came from.
        name: OriginId,
        /// Where the name's key came from, which is written with the part.
        key: OriginId,
    },
}

impl Place {
    /// The range of a source, once it is known.
    pub fn span(self) -> Option<Span> {
        match self {
            Place::Span(span) => Some(span),
            Place::Origin(_) | Place::Within { .. } | Place::Part { .. } => None,
        }
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Place {
        Place::Span(span)
    }
}

impl From<OriginId> for Place {
    fn from(origin: OriginId) -> Place {
        Place::Origin(origin)
    }
}

struct Block {
    first: u32,
    nodes: Nodes,
}

enum Nodes {
    /// They stand in a text that a person wrote.
    Read { source: SourceId, table: Arc<dyn SpanTable> },
    /// They stand in a text that was made; each came from elsewhere.
    Made(Made),
}

/// Where the nodes of a document came from whose text was made.
#[derive(Clone, Default, Debug)]
pub struct Made {
    /// By the nodes' numbers.
    pub nodes: Vec<OriginId>,
    /// The parts of those scalars that are made of several, in the order of the text.
    pub pieces: Vec<Piece>,
}

impl From<Vec<OriginId>> for Made {
    fn from(nodes: Vec<OriginId>) -> Made {
        Made { nodes, pieces: Vec::new() }
    }
}

/// A part of a scalar; without a length where something could stand and does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The first byte in the document's text.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
    /// Where it came from.
    pub origin: OriginId,
}

/// What a step tells of the place that a person would edit.
enum Edited {
    /// It is that.
    At(Span),
    /// An action printed what another one had made: it is where that says.
    Behind(Span, OriginId),
    /// Nothing is known.
    Nowhere,
}

/// The origins of one target.
pub struct Origins {
    blocks: Vec<Block>,
    next: u32,
    chains: Vec<Chain>,
    known: HashMap<Chain, u32>,
    frames: Vec<Frame>,
    known_frames: HashMap<Frame, u32>,
    trail: u64,
}

impl Default for Origins {
    fn default() -> Self {
        Origins::new()
    }
}

impl Origins {
    /// Without any.
    pub fn new() -> Self {
        let top = Frame { parent: FrameId::TOP, call: Span::top(SourceId(0)), cond: OriginId::UNKNOWN };
        Origins {
            blocks: Vec::new(),
            next: 0,
            chains: vec![Chain::Unknown],
            known: HashMap::from([(Chain::Unknown, 0)]),
            frames: vec![top],
            known_frames: HashMap::new(),
            trail: 0,
        }
    }

    /// Notes which way an execution went.
    pub fn follow(&mut self, step: u64) {
        self.trail = (self.trail.rotate_left(5) ^ step).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    /// A digest of all that [`Origins::follow`] was told: executions that went the same way have the same.
    pub fn trail(&self) -> u64 {
        self.trail
    }

    /// All steps in the order in which they were interned: what a step leads to stands before it.
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// All frames in the order in which they were interned, the outermost first.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The index of a step in [`Origins::chains`]; `None` for a node that was read, and for a made one the
    /// step that it came from.
    pub fn chain_index(&self, id: OriginId) -> Option<usize> {
        self.resolve(id).0.checked_sub(CHAINS).map(|at| at as usize)
    }

    /// What a made node came from; any other id stays as it is.
    pub fn resolve(&self, mut id: OriginId) -> OriginId {
        while id.0 < CHAINS {
            let Some(block) = self.block(id) else { return OriginId::UNKNOWN };
            match &block.nodes {
                Nodes::Read { .. } => return id,
                // What a made node came from was there before it, so this ends.
                Nodes::Made(made) => match made.nodes.get((id.0 - block.first) as usize) {
                    Some(from) if from.0 >= CHAINS || from.0 < block.first => id = *from,
                    _ => return OriginId::UNKNOWN,
                },
            }
        }
        id
    }

    fn block(&self, id: OriginId) -> Option<&Block> {
        let block = self.blocks.partition_point(|b| b.first <= id.0);
        block.checked_sub(1).map(|b| &self.blocks[b])
    }

    /// Takes in a document; the node with index `i` has the origin `first + i`, see [`Origins::node`].
    ///
    /// Returns the first id, to be kept beside the document.
    pub fn add_document(&mut self, source: SourceId, table: Arc<dyn SpanTable>) -> OriginId {
        let first = self.next;
        self.next = first.saturating_add(table.len()).min(CHAINS - 1);
        self.blocks.push(Block { first, nodes: Nodes::Read { source, table } });
        OriginId(first)
    }

    /// Takes in a document whose text was made, such as a rendered template: node `i` came from `nodes[i]`.
    ///
    /// ```
    /// use source::{Chain, Origins, SourceId, Span};
    /// let mut origins = Origins::new();
    /// let typed = origins.intern(Chain::Read(Span::new(SourceId(0), 3, 5)));
    /// let first = origins.add_made(vec![typed]);
    /// assert_eq!(origins.primary(Origins::node(first, 0)), Some(Span::new(SourceId(0), 3, 5)));
    /// ```
    pub fn add_made(&mut self, made: impl Into<Made>) -> OriginId {
        let (first, made) = (self.next, made.into());
        self.next = first.saturating_add(made.nodes.len() as u32).min(CHAINS - 1);
        self.blocks.push(Block { first, nodes: Nodes::Made(made) });
        OriginId(first)
    }

    /// The parts of a made scalar that lie in a range of its document's text or touch an empty one; none where it is of one
    /// piece.
    pub fn pieces(&self, node: OriginId, start: u32, end: u32) -> &[Piece] {
        let Some(Block { nodes: Nodes::Made(Made { pieces, .. }), .. }) = self.block(node) else {
            return &[];
        };
        // What is empty is asked for from both sides.
        let (low, high) = if start == end { (start, end) } else { (start + 1, end - 1) };
        let first = pieces.partition_point(|piece| piece.end < low);
        let count = pieces[first..].partition_point(|piece| piece.start <= high);
        &pieces[first..first + count]
    }

    /// The origin of a document's node.
    pub fn node(first: OriginId, index: u32) -> OriginId {
        if first.0 >= CHAINS { OriginId::UNKNOWN } else { OriginId((first.0 + index).min(CHAINS - 1)) }
    }

    /// Interns a step.
    pub fn intern(&mut self, chain: Chain) -> OriginId {
        if let Some(&at) = self.known.get(&chain) {
            return OriginId(CHAINS + at);
        }
        let at = self.chains.len() as u32;
        self.chains.push(chain);
        self.known.insert(chain, at);
        OriginId(CHAINS + at)
    }

    /// Both of two origins; `UNKNOWN` and repetition add nothing.
    pub fn union(&mut self, a: OriginId, b: OriginId) -> OriginId {
        if a == b || b == OriginId::UNKNOWN {
            a
        } else if a == OriginId::UNKNOWN {
            b
        } else {
            self.intern(Chain::Union(a.min(b), a.max(b)))
        }
    }

    /// What has both for a reason, of which one is enough. Where nothing is known of one it may be enough at any time.
    pub fn either(&mut self, a: OriginId, b: OriginId) -> OriginId {
        match (a, b) {
            (OriginId::UNKNOWN, _) | (_, OriginId::UNKNOWN) => OriginId::UNKNOWN,
            _ if a == b => a,
            _ => self.intern(Chain::Either(a.min(b), a.max(b))),
        }
    }

    /// What a value that is of that origin has become by a decision.
    pub fn given(&mut self, data: OriginId, cond: OriginId) -> OriginId {
        if cond == OriginId::UNKNOWN || data == cond {
            return data;
        }
        match self.chain(data) {
            Chain::Given { cond: known, .. } if known == cond => data,
            Chain::Given { data, cond: known } => {
                let cond = self.union(known, cond);
                self.intern(Chain::Given { data, cond })
            }
            _ => self.intern(Chain::Given { data, cond }),
        }
    }

    /// The same without what decided on it.
    ///
    /// ```
    /// use source::{Chain, Origins, SourceId, Span};
    /// let mut origins = Origins::new();
    /// let [a, b] = [0, 5].map(|at| origins.intern(Chain::Read(Span::new(SourceId(0), at, at + 1))));
    /// let chosen = origins.given(a, b);
    /// assert_eq!(origins.unconditional(chosen), a);
    /// assert_eq!(origins.unconditional(a), a);
    /// ```
    pub fn unconditional(&self, id: OriginId) -> OriginId {
        let id = self.resolve(id);
        match self.chain(id) {
            Chain::Given { data, .. } => self.resolve(data),
            _ => id,
        }
    }

    /// What decided on it; `UNKNOWN` where nothing did.
    pub fn condition(&self, id: OriginId) -> OriginId {
        match self.chain(id) {
            Chain::Given { cond, .. } => cond,
            _ => OriginId::UNKNOWN,
        }
    }

    /// What stood there before each of the changes that replaced it, the last one first.
    pub fn formers(&self, id: OriginId) -> Vec<OriginId> {
        let mut all = Vec::new();
        let mut at = self.unconditional(id);
        while let Chain::Patched { was, .. } = self.chain(at) {
            if was == OriginId::UNKNOWN {
                break;
            }
            all.push(was);
            at = self.unconditional(was);
        }
        all
    }

    /// What a value was made of before anything was put to it.
    pub fn first(&self, id: OriginId) -> OriginId {
        let mut at = self.unconditional(id);
        while let Chain::Generated { data, .. } = self.chain(at) {
            if data == OriginId::UNKNOWN {
                break;
            }
            at = self.unconditional(data);
        }
        at
    }

    /// Interns a frame.
    pub fn frame(&mut self, frame: Frame) -> FrameId {
        let frames = &mut self.frames;
        let at = *self.known_frames.entry(frame).or_insert_with(|| {
            frames.push(frame);
            frames.len() as u32 - 1
        });
        FrameId(at)
    }

    /// The frame of that name; `None` for the outermost.
    pub fn frame_of(&self, id: FrameId) -> Option<Frame> {
        if id == FrameId::TOP { None } else { self.frames.get(id.0 as usize).copied() }
    }

    /// How many frames there are around a frame, itself included.
    pub fn depth(&self, mut id: FrameId) -> usize {
        let mut depth = 0;
        while let Some(frame) = self.frame_of(id) {
            (id, depth) = (frame.parent, depth + 1);
        }
        depth
    }

    /// The step that an id stands for.
    pub fn chain(&self, id: OriginId) -> Chain {
        let block_of = |id: OriginId| (id.0 < CHAINS).then(|| self.block(id)).flatten();
        let (mut id, mut block) = (id, block_of(id));
        // Nearly all nodes were read, and their block is looked up but once.
        if block.is_some_and(|block| matches!(block.nodes, Nodes::Made(_))) {
            id = self.resolve(id);
            block = block_of(id);
        }
        if id.0 >= CHAINS {
            return self.chains.get((id.0 - CHAINS) as usize).copied().unwrap_or(Chain::Unknown);
        }
        match block.map(|block| (id.0 - block.first, &block.nodes)) {
            Some((index, Nodes::Read { source, table })) if index < table.len() => {
                let (start, end) = table.span(index);
                Chain::Read(Span::new(*source, start, end))
            }
            _ => Chain::Unknown,
        }
    }

    /// The place that a person would edit first: the value, where it stands as it was read, else the template's
    /// action; the patch or the generator; `None` where nothing is known.
    pub fn primary(&self, place: impl Into<Place>) -> Option<Span> {
        /// Actions that fed one another: templates can put a value back where they found it any number of times.
        const MOST: usize = 1024;
        let mut id = match self.shown(place.into()) {
            Place::Span(span) => return Some(span),
            Place::Origin(id) | Place::Within { node: id, .. } | Place::Part { name: id, .. } => id,
        };
        let mut outermost = None;
        for _ in 0..MOST {
            // Of plain manifests all nodes are so.
            if let Chain::Read(span) = self.chain(id) {
                return Some(span);
            }
            match self.edited(id) {
                Edited::At(span) => return Some(span),
                Edited::Nowhere => return None,
                Edited::Behind(action, behind) => {
                    outermost = outermost.or(Some(action));
                    id = behind;
                }
            }
        }
        outermost
    }

    /// One step on the way to the place that a person would edit.
    fn edited(&self, id: OriginId) -> Edited {
        let mut actions: Vec<(Span, OriginId)> = Vec::new();
        let mut branch = None;
        for id in self.data(id) {
            match self.chain(id) {
                Chain::Read(span) | Chain::Patched { by: span, .. } | Chain::Generated { by: span, .. } => {
                    return Edited::At(span);
                }
                Chain::Rendered { action, data, .. } => actions.push((action, data)),
                Chain::Branched { at, .. } => branch = Some(at),
                _ => {}
            }
        }
        let Some(&(action, _)) = actions.first() else {
            return branch.map_or(Edited::Nowhere, Edited::At);
        };
        if actions.iter().any(|(other, _)| *other != action) {
            return Edited::At(action);
        }
        let mut value = None;
        for (_, data) in &actions {
            let found = match self.data(*data).as_slice() {
                [one] => match self.chain(*one) {
                    // What is only known to be of a file, such as a chart's name, is not edited for one field.
                    Chain::Read(Span { start: 0, end: 0, .. }) => return Edited::At(action),
                    Chain::Read(span) | Chain::Patched { by: span, .. } => span,
                    Chain::Rendered { .. } => return Edited::Behind(action, *one),
                    _ => return Edited::At(action),
                },
                _ => return Edited::At(action),
            };
            if value.is_some_and(|known| known != found) {
                return Edited::At(action);
            }
            value = Some(found);
        }
        Edited::At(value.unwrap_or(action))
    }

    /// The place of a part as that of the one node or piece that stands for it; all other places as they are.
    pub fn shown(&self, place: Place) -> Place {
        match place {
            Place::Within { node, start, end } => {
                // Of nothing what could stand there, of text what does.
                let counts = |piece: &&Piece| (piece.start == piece.end) == (start == end);
                let pieces = self.pieces(node, start, end).iter().filter(counts);
                let mut pieces = pieces.map(|piece| piece.origin);
                let first = pieces.next().filter(|first| pieces.all(|other| other == *first));
                Place::Origin(first.unwrap_or(node))
            }
            Place::Part { name, key } => match self.chain(name) {
                Chain::Read(_) => Place::Origin(name),
                _ if key == OriginId::UNKNOWN => Place::Origin(name),
                _ => Place::Origin(key),
            },
            other => other,
        }
    }

    /// The parts of what a node is made of, without what decided on them; in the order in which they were noted first,
    /// and no more than a person could look at.
    pub fn data(&self, id: OriginId) -> Vec<OriginId> {
        const MOST: usize = 256;
        let (mut all, mut open) = (Vec::new(), vec![self.resolve(id)]);
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if all.len() >= MOST || !seen.insert(id) {
                continue;
            }
            match self.chain(id) {
                Chain::Unknown => {}
                Chain::Union(a, b) | Chain::Either(a, b) => {
                    open.extend([self.resolve(a), self.resolve(b)]);
                }
                Chain::Given { data, .. } => open.push(self.resolve(data)),
                _ => all.push(id),
            }
        }
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each level is an action that printed what the one before had made.
    #[test]
    fn a_value_that_was_put_back_any_number_of_times_leads_to_a_place() {
        let at = |n: u32| Span::new(SourceId(0), n, n + 1);
        for (levels, primary) in [(3, at(0)), (200_000, at(200_000))] {
            let mut origins = Origins::new();
            let mut id = origins.intern(Chain::Read(at(0)));
            for n in 1..=levels {
                id = origins.intern(Chain::Rendered { action: at(n), frame: FrameId::TOP, data: id });
            }
            assert_eq!(origins.primary(id), Some(primary), "{levels} levels");
        }
    }
}
