//! The comments of a document, hung to its nodes as go-yaml v3 hangs them.

use crate::doc::{Doc, NodeId};
use crate::parse::{EventKind, Parser};
use crate::scan::{Cursor, EventComments, Scanner};

/// The comments of one node, each with its `#` and without the last line break; empty where there is none.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct NodeComments {
    /// On lines of their own before the node.
    pub head: String,
    /// On the node's line, behind it.
    pub line: String,
    /// On lines of their own after the node, and parted from what follows.
    pub foot: String,
}

impl NodeComments {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.line.is_empty() && self.foot.is_empty()
    }
}

/// All comments of a document with the nodes that they belong to.
///
/// ```
/// use std::sync::Arc;
/// let text: Arc<str> = "# head\na: 1 # line\n# foot\n\nb: 2\n".into();
/// let mut out = source::Diagnostics::new();
/// let options = yaml::Options::new(yaml::Profile::Kustomize);
/// let docs = yaml::read(source::SourceId(0), &text, &options, &mut out);
/// let comments = yaml::DocComments::of(&docs[0]);
/// let (key, value) = docs[0].root().unwrap().entry("a").unwrap();
/// assert_eq!(comments.get(key.id()).unwrap().head, "# head");
/// assert_eq!(comments.get(key.id()).unwrap().foot, "# foot");
/// assert_eq!(comments.get(value.id()).unwrap().line, "# line");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct DocComments {
    /// Above the document, parted from it by an empty line.
    pub head: String,
    /// Below the document.
    pub foot: String,
    /// Sorted by node.
    nodes: Vec<(u32, NodeComments)>,
}

impl DocComments {
    /// Reads a document's text once more, this time for its comments; nothing is read where it has none.
    pub fn of(doc: &Doc) -> DocComments {
        if doc.comments().is_empty() {
            return DocComments::default();
        }
        let text = doc.text();
        // What stands above the first document is read with it.
        let (start, end) = doc.span();
        let above = text.trim_start_matches('\u{FEFF}');
        let mark = (text.len() - above.len()) as u32;
        let above = above.get(..start.saturating_sub(mark) as usize).unwrap_or("").lines();
        let first = above.map(str::trim_start).all(|line| line.is_empty() || line.starts_with(['#', '%']));
        let from = if first { mark } else { start };
        // A comment before `---` is another one than a comment before the end, so the marker is read too.
        let rest = text.as_bytes().get(end as usize..).unwrap_or_default();
        let end = end as usize + if rest.starts_with(b"---") { 3 } else { 0 };
        let bytes = text.as_bytes().get(..end).unwrap_or_default();
        let mut scanner = Scanner::new(Cursor::new(bytes, from), true, u32::MAX);
        scanner.attach = Some(Box::default());
        hang(Parser::new(scanner))
    }

    /// The comments of a node; `None` where it has none.
    pub fn get(&self, node: NodeId) -> Option<&NodeComments> {
        let at = self.nodes.binary_search_by_key(&node.0, |n| n.0).ok()?;
        Some(&self.nodes[at].1)
    }
}

struct Open {
    /// Its place in the list of comments.
    node: u32,
    map: bool,
    block: bool,
    children: u32,
    /// A map's last key and the one before.
    key: u32,
    key_before: Option<u32>,
}

fn hang(mut parser: Parser<'_>) -> DocComments {
    let mut doc = DocComments::default();
    // All nodes have a place at first; few have comments, but a foot moves to a node that was passed.
    let mut all: Vec<NodeComments> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut started = false;
    while let Ok(event) = parser.next() {
        let EventComments { head, line, foot } =
            parser.scanner.attach.as_mut().map(|a| a.of_event()).unwrap_or_default();
        let done = match event.kind {
            EventKind::StreamEnd => break,
            EventKind::DocumentStart if started => break,
            EventKind::DocumentStart => {
                started = true;
                doc.head = head;
                continue;
            }
            EventKind::DocumentEnd => {
                doc.foot = foot;
                break;
            }
            EventKind::Alias | EventKind::Scalar(_) => {
                all.push(NodeComments { head, line, foot });
                all.len() as u32 - 1
            }
            EventKind::SequenceStart(style) | EventKind::MappingStart(style) => {
                // Line and foot of a collection are those of its end.
                all.push(NodeComments { head, ..NodeComments::default() });
                open.push(Open {
                    node: all.len() as u32 - 1,
                    map: matches!(event.kind, EventKind::MappingStart(_)),
                    block: style != crate::Style::Flow,
                    children: 0,
                    key: 0,
                    key_before: None,
                });
                continue;
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                let Some(ended) = open.pop() else { break };
                let own = &mut all[ended.node as usize];
                own.line = line;
                own.foot = foot;
                if ended.map && ended.block && ended.children > 0 && !own.foot.is_empty() {
                    let foot = std::mem::take(&mut own.foot);
                    all[ended.key as usize].foot = foot;
                }
                ended.node
            }
        };
        let Some(parent) = open.last_mut() else { continue };
        parent.children += 1;
        if !parent.map {
            continue;
        }
        if parent.children % 2 == 1 {
            parent.key_before = (parent.children > 1).then_some(parent.key);
            parent.key = done;
            // Further left than its key: it is the foot of what stands before.
            if let (true, Some(before)) = (parent.block, parent.key_before)
                && !all[done as usize].foot.is_empty()
            {
                all[before as usize].foot = std::mem::take(&mut all[done as usize].foot);
            }
        } else if all[parent.key as usize].foot.is_empty() {
            all[parent.key as usize].foot = std::mem::take(&mut all[done as usize].foot);
        }
    }
    doc.nodes = all.into_iter().zip(0..).filter(|(c, _)| !c.is_empty()).map(|(c, node)| (node, c)).collect();
    doc
}
