//! Which lists and maps something missing could have been a part of.

use crate::{Doc, Kind, NodeId};

/// Where the nodes of a document begin and end, in their order, with what they are in.
pub struct Extents {
    nodes: Vec<Extent>,
}

struct Extent {
    start: u32,
    end: u32,
    parent: Option<u32>,
    is_collection: bool,
}

impl Extents {
    /// Of all nodes of a document.
    pub fn of(doc: &Doc) -> Extents {
        let mut nodes = Vec::with_capacity(doc.len());
        let mut open: Vec<u32> = Vec::new();
        for i in 0..doc.len() as u32 {
            while open.last().is_some_and(|&at| doc.end_of(NodeId(at)).0 <= i) {
                open.pop();
            }
            let parent = open.last().copied();
            let Some(node) = doc.node(NodeId(i)) else {
                nodes.push(Extent { start: 0, end: 0, parent, is_collection: false });
                continue;
            };
            let (start, end) = node.span().unwrap_or((0, 0));
            let is_collection = node.kind() != Kind::Scalar && !node.is_alias();
            nodes.push(Extent { start, end, parent, is_collection });
            if is_collection {
                open.push(i);
            }
        }
        Extents { nodes }
    }

    /// Where a node begins.
    pub fn start(&self, id: NodeId) -> u32 {
        self.nodes.get(id.0 as usize).map_or(0, |node| node.start)
    }

    /// The collections that could have one entry more between two texts, of which one ends and the other begins there:
    /// those that end or begin between them, and the innermost of those that go on behind.
    ///
    /// ```
    /// use yaml::{Extents, Options, Profile, read};
    /// let text = "a:\n- 1\n\nb: 2\n";
    /// let mut found = source::Diagnostics::new();
    /// let docs = read(source::SourceId(0), &text.into(), &Options::new(Profile::HelmValues), &mut found);
    /// let extents = Extents::of(&docs[0]);
    /// // Between `- 1` and `b`: the list, and the map around it.
    /// let starts: Vec<u32> = extents.between(6, 8).into_iter().map(|id| extents.start(id)).collect();
    /// assert_eq!(starts, [3, 0]);
    /// ```
    pub fn between(&self, before: u32, behind: u32) -> Vec<NodeId> {
        let last = |limit: u32| self.nodes.partition_point(|node| node.start < limit).checked_sub(1);
        let mut all = Vec::new();
        for from in [last(before), last(behind + 1)] {
            let mut at = from;
            while let Some(node) = at.and_then(|index| self.nodes.get(index)) {
                let id = NodeId(at.unwrap_or(0) as u32);
                at = node.parent.map(|parent| parent as usize);
                if !node.is_collection || node.end < before {
                    continue;
                }
                if !all.contains(&id) {
                    all.push(id);
                }
                if node.start < before && node.end > behind {
                    break;
                }
            }
        }
        all
    }
}
