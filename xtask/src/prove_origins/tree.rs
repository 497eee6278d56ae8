//! A rendering as one tree of nodes that can be compared.

use std::collections::HashSet;

use source::{OriginId, Origins};
use yaml::{Kind, Node, Value};

use super::compare::Change;
use super::masks::{Bits, Masks};
use super::tally::Tally;

/// One node.
pub struct Item {
    /// Leaves that it is said to come from.
    pub bits: Bits,
    /// Its key, or its place in a list.
    pub name: String,
    /// The node that it is in.
    pub parent: Option<usize>,
    pub origin: OriginId,
    /// The origin of its key.
    key: OriginId,
    pub content: Content,
}

/// What a node holds.
#[derive(PartialEq)]
pub enum Content {
    Scalar(String),
    List(Vec<usize>),
    Map(Vec<usize>),
}

/// One document.
pub struct Document {
    /// The template's name.
    pub path: String,
    /// Kind and name.
    pub id: String,
    /// The group and version.
    pub version: String,
    /// The kind alone.
    pub kind: String,
    pub root: usize,
}

/// All documents of a rendering.
#[derive(Default)]
pub struct Tree {
    pub nodes: Vec<Item>,
    pub documents: Vec<Document>,
    unknown: Vec<usize>,
    known: usize,
}

impl Tree {
    /// Adds a document, if it is an object, with the origins of its nodes; `path` is the file that it is told by.
    pub fn add_document(&mut self, path: &str, root: Node<'_>, origin: &dyn Fn(Node<'_>) -> OriginId) {
        if root.kind() != Kind::Map {
            return;
        }
        let text = |path: &str| root.at(path).map_or("", Node::text);
        let kind = text("kind").to_owned();
        let id = format!("{kind}/{}/{}", text("metadata.namespace"), text("metadata.name"));
        let first = self.nodes.len();
        self.add(root, origin);
        let (path, version) = (path.to_owned(), text("apiVersion").to_owned());
        self.documents.push(Document { path, id, version, kind, root: first });
    }

    /// Says of each node what it is said to come from.
    pub fn mark(&mut self, origins: &Origins, masks: &Masks) {
        // Whoever renames a key takes away all that stands under it; parents come before what is in them.
        let mut names: Vec<Bits> = Vec::with_capacity(self.nodes.len());
        for at in 0..self.nodes.len() {
            let item = &mut self.nodes[at];
            let around = item.parent.map_or(Bits::default(), |parent| names[parent]);
            names.push(around | masks.of(origins, item.key));
            item.bits = masks.of(origins, item.origin) | names[at];
            if matches!(item.content, Content::Scalar(_)) {
                let is_typed = !origins.data(item.origin).is_empty();
                self.known += usize::from(is_typed);
                if !is_typed {
                    self.unknown.push(at);
                }
            }
        }
    }

    fn add(&mut self, root: Node<'_>, origin: &dyn Fn(Node<'_>) -> OriginId) {
        let mut open = vec![(root, String::new(), OriginId::UNKNOWN, None::<usize>)];
        while let Some((node, name, key, parent)) = open.pop() {
            let at = self.nodes.len();
            if let Some(parent) = parent {
                match &mut self.nodes[parent].content {
                    Content::List(all) | Content::Map(all) => all.push(at),
                    Content::Scalar(_) => {}
                }
            }
            let content = match node.value() {
                Value::Map => {
                    // Of equal keys the last one counts.
                    let entries: Vec<_> =
                        node.entries().map(|(key, value)| (yaml::json_key(key), key, value)).collect();
                    let mut met = HashSet::new();
                    for (name, key, value) in entries.into_iter().rev() {
                        if met.insert(name.clone()) {
                            open.push((value, name, origin(key), Some(at)));
                        }
                    }
                    Content::Map(Vec::new())
                }
                Value::Seq => {
                    let items: Vec<_> = node.items().collect();
                    for (i, item) in items.into_iter().enumerate().rev() {
                        open.push((item, i.to_string(), OriginId::UNKNOWN, Some(at)));
                    }
                    Content::List(Vec::new())
                }
                Value::Str(text) => Content::Scalar(format!("s{text}")),
                _ => Content::Scalar(format!("v{}", node.text())),
            };
            let bits = Bits::default();
            self.nodes.push(Item { bits, name, parent, origin: origin(node), key, content });
        }
    }

    /// Every node from that one down.
    pub fn below(&self, root: usize) -> Vec<usize> {
        let mut all = vec![root];
        let mut at = 0;
        while at < all.len() {
            if let Content::List(inner) | Content::Map(inner) = &self.nodes[all[at]].content {
                all.extend(inner);
            }
            at += 1;
        }
        all
    }

    /// The nodes around a change: they changed with it.
    pub fn around(&self, change: &Change) -> Vec<usize> {
        let mut at = match change {
            Change::Value(node) | Change::Went(node) => self.nodes[*node].parent,
            Change::Appeared(_, within) => *within,
        };
        let mut all = Vec::new();
        while let Some(node) = at {
            all.push(node);
            at = self.nodes[node].parent;
        }
        all
    }

    /// The way to a node, with its document.
    pub fn path_of(&self, node: usize) -> String {
        let mut names = Vec::new();
        let mut at = node;
        while let Some(parent) = self.nodes[at].parent {
            names.push(self.nodes[at].name.as_str());
            at = parent;
        }
        names.reverse();
        let document = self.documents.iter().rfind(|d| d.root <= at);
        format!("{} {}", document.map_or("", |d| &d.id), names.join("."))
    }

    /// What a change is, in words.
    pub fn describe(&self, change: &Change) -> String {
        match change {
            Change::Value(node) => format!("changed {}", self.path_of(*node)),
            Change::Went(node) => format!("went {}", self.path_of(*node)),
            Change::Appeared(name, Some(within)) => format!("appeared {name} in {}", self.path_of(*within)),
            Change::Appeared(path, None) => format!("appeared a document of {path}"),
        }
    }

    /// The kind of a miss.
    pub fn cause(&self, change: &Change) -> &'static str {
        match change {
            Change::Value(node) if self.unknown.contains(node) => "changed, origin unknown",
            Change::Value(_) => "changed",
            Change::Went(_) => "went",
            Change::Appeared(_, Some(_)) => "appeared in an object",
            Change::Appeared(_, None) => "a document appeared",
        }
    }

    /// Counts the scalars whose chain ends at something that a person typed.
    pub fn count_known(&self, tally: &mut Tally) {
        tally.scalars += self.known + self.unknown.len();
        for node in &self.unknown {
            tally.unknown.push(self.path_of(*node));
        }
    }
}
