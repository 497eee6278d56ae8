//! Anchors of earlier documents, which go-yaml v3's decoder keeps for the rest of a stream.
//!
//! A document's arena stands for itself: what an alias borrows from an earlier document is copied behind the document's
//! own nodes, outside of its root, and the alias leads there. Places stay those of the first writing.

use std::collections::HashMap;
use std::sync::Arc;

use crate::doc::{ALIAS, ANCHORED, DECODED, Doc, NodeId, Raw, TAGGED};

/// Where the last of each name is, among the documents read so far.
#[derive(Default)]
pub(crate) struct Earlier(HashMap<Box<str>, (Arc<Doc>, NodeId)>);

impl Earlier {
    /// Notes a document's anchors for those that follow it.
    pub fn note(&mut self, doc: &Arc<Doc>) {
        // Of what the document itself borrowed, the first writing is known already.
        let own = doc.nodes.first().map_or(0, |root| root.next);
        for (node, start, end) in doc.anchors.iter().filter(|anchor| anchor.0 < own) {
            let name = doc.text.get(*start as usize..*end as usize).unwrap_or("");
            self.0.insert(name.into(), (doc.clone(), NodeId(*node)));
        }
    }

    /// The node of that name.
    pub fn find(&self, name: &str) -> Option<(Arc<Doc>, NodeId)> {
        self.0.get(name).cloned()
    }
}

/// Gives an alias of a finished document what it stands for in an earlier one.
pub(crate) fn lend(doc: &mut Doc, alias: u32, from: &Doc, node: NodeId) {
    let mut wanted = vec![(alias, from.follow(node))];
    while let Some((alias, node)) = wanted.pop() {
        let (first, copy) = (node.0, doc.nodes.len() as u32);
        let end = from.raw(node).next;
        let moved = |id: u32| id - first + copy;
        doc.aliases.push((alias, copy));
        for id in first..end {
            let raw = from.raw(NodeId(id));
            doc.nodes.push(Raw { next: moved(raw.next), ..*raw });
            let (at, id) = (moved(id), NodeId(id));
            if raw.flags & DECODED != 0 {
                let start = doc.buffer.len() as u32;
                doc.buffer.push_str(from.scalar(id));
                doc.decoded.push((at, start, doc.buffer.len() as u32));
            }
            if raw.flags & TAGGED != 0 {
                doc.tags.push((at, from.tag(id).unwrap_or_default().into()));
            }
            if raw.flags & ANCHORED != 0
                && let Ok(found) = from.anchors.binary_search_by_key(&id.0, |a| a.0)
            {
                let (_, start, end) = from.anchors[found];
                doc.anchors.push((at, start, end));
            }
            if raw.flags & ALIAS != 0 {
                let target = from.follow(id);
                if (first..end).contains(&target.0) {
                    doc.aliases.push((at, moved(target.0)));
                } else if target != id {
                    wanted.push((at, target));
                }
            }
        }
    }
    doc.aliases.sort_unstable();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::{Diagnostics, SourceId};

    use crate::{Options, Profile, read, to_json};

    fn json(text: &str, profile: Profile) -> (String, usize) {
        let mut found = Diagnostics::new();
        let docs = read(SourceId(0), &Arc::from(text), &Options::new(profile), &mut found);
        let mut out = Vec::new();
        docs.iter().filter_map(|doc| doc.root()).for_each(|root| to_json(root, &mut out));
        (String::from_utf8(out).unwrap(), found.len())
    }

    #[test]
    fn an_alias_of_an_earlier_document() {
        let text =
            "a: &x {b: \"1\\t\", c: &y [z]}\nd: &w [*y, !!str 2]\n---\ne: *x\nf: *w\ng: &x 3\n---\nh: *x\n";
        let (shown, faults) = json(text, Profile::GoYamlV3);
        assert_eq!(faults, 0);
        assert_eq!(
            shown,
            concat!(
                r#"{"a":{"b":"1\t","c":["z"]},"d":[["z"],"2"]}"#,
                r#"{"e":{"b":"1\t","c":["z"]},"f":[["z"],"2"],"g":3}"#,
                r#"{"h":3}"#
            )
        );
    }

    /// kyaml cuts a file into documents before it reads them, and v2 forgets.
    #[test]
    fn the_other_readers_forget() {
        for profile in [Profile::Kustomize, Profile::Kubernetes, Profile::GoYamlV2] {
            assert_eq!(json("a: &x 1\n---\nb: *x\n", profile).1, 1, "{profile:?}");
        }
    }

    /// What is borrowed counts as often as it is borrowed.
    #[test]
    fn borrowing_ends_at_the_limit() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for n in 1..12 {
            let items = vec![format!("*a{}", n - 1); 10].join(", ");
            bomb.push_str(&format!("---\na{n}: &a{n} [{items}]\n"));
        }
        assert_ne!(json(&bomb, Profile::GoYamlV3).1, 0);
    }
}
