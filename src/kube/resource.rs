//! Objects, their identity, and the list of them that flows between the stages.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use source::{Named, OriginId, Origins, Place, SourceId, Subject};
use yaml::{Doc, Node, NodeId};

/// Group, version and kind; the group is empty for the core.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Gvk {
    /// Such as `apps`; empty for the core group.
    pub group: Box<str>,
    /// Such as `v1`.
    pub version: Box<str>,
    /// Such as `Deployment`.
    pub kind: Box<str>,
}

impl Gvk {
    /// From an object's `apiVersion` and `kind`.
    ///
    /// ```
    /// let gvk = plimsoll::kube::Gvk::parse("apps/v1", "Deployment");
    /// assert_eq!((&*gvk.group, &*gvk.version), ("apps", "v1"));
    /// assert_eq!(gvk.to_string(), "apps/v1 Deployment");
    /// ```
    pub fn parse(api_version: &str, kind: &str) -> Gvk {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Gvk { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// As `apiVersion` has it: `apps/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_string()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// Which object of a cluster it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ResourceId {
    /// Its type.
    pub gvk: Gvk,
    /// `metadata.namespace`, where it is set.
    pub namespace: Option<Box<str>>,
    /// `metadata.name`; empty where there is none.
    pub name: Box<str>,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.gvk.kind, self.name)
    }
}

/// One object: its identity and where it stands in a document.
#[derive(Clone)]
pub struct Resource {
    /// Which object it is.
    pub id: ResourceId,
    doc: Arc<Doc>,
    node: NodeId,
    first: OriginId,
    fields: Fields<NodeId>,
    named: OnceLock<Arc<Named>>,
}

/// The fields that every stage and most rules ask for, found in one pass over an object's head.
#[derive(Clone, Copy)]
struct Fields<T> {
    api_version: Option<T>,
    kind: Option<T>,
    metadata: Option<T>,
    spec: Option<T>,
    name: Option<T>,
    namespace: Option<T>,
    labels: Option<T>,
    annotations: Option<T>,
}

impl<'a> Fields<Node<'a>> {
    fn of(root: Node<'a>) -> Self {
        let (mut api_version, mut kind, mut metadata, mut spec) = (None, None, None, None);
        for (key, value) in root.entries() {
            match key.text() {
                "apiVersion" => api_version = Some(value),
                "kind" => kind = Some(value),
                "metadata" => metadata = Some(value),
                "spec" => spec = Some(value),
                _ => {}
            }
        }
        let (mut name, mut namespace, mut labels, mut annotations) = (None, None, None, None);
        for (key, value) in metadata.into_iter().flat_map(Node::entries) {
            match key.text() {
                "name" => name = Some(value),
                "namespace" => namespace = Some(value),
                "labels" => labels = Some(value),
                "annotations" => annotations = Some(value),
                _ => {}
            }
        }
        Fields { api_version, kind, metadata, spec, name, namespace, labels, annotations }
    }

    fn identity(&self) -> ResourceId {
        fn text(node: Option<Node<'_>>) -> &str {
            node.and_then(Node::as_str).unwrap_or("")
        }
        ResourceId {
            gvk: Gvk::parse(text(self.api_version), text(self.kind)),
            namespace: Some(text(self.namespace)).filter(|n| !n.is_empty()).map(Into::into),
            name: text(self.name).into(),
        }
    }

    fn ids(&self) -> Fields<NodeId> {
        let id = |node: Option<Node<'_>>| node.map(Node::id);
        Fields {
            api_version: id(self.api_version),
            kind: id(self.kind),
            metadata: id(self.metadata),
            spec: id(self.spec),
            name: id(self.name),
            namespace: id(self.namespace),
            labels: id(self.labels),
            annotations: id(self.annotations),
        }
    }
}

impl Resource {
    /// The object at a node of a document whose origins begin at `first`.
    pub fn new(doc: Arc<Doc>, node: NodeId, first: OriginId) -> Self {
        let fields = Fields::of(root_of(&doc, node));
        let (id, fields) = (fields.identity(), fields.ids());
        Resource { id, doc, node, first, fields, named: OnceLock::new() }
    }

    /// Its identity as its fields tell it; what is missing or is no string is left empty.
    pub fn identify(root: Node<'_>) -> ResourceId {
        Fields::of(root).identity()
    }

    /// What people call it: its name, or what begins the name that the server will make.
    pub fn name(&self) -> Cow<'_, str> {
        if !self.id.name.is_empty() {
            return Cow::Borrowed(&self.id.name);
        }
        match self.metadata().and_then(|m| m.get("generateName")).and_then(Node::as_str) {
            Some(prefix) if !prefix.is_empty() => Cow::Owned(format!("{prefix}…")),
            _ => Cow::Borrowed("(no name)"),
        }
    }

    /// The object itself.
    pub fn root(&self) -> Node<'_> {
        root_of(&self.doc, self.node)
    }

    /// `apiVersion`.
    pub fn api_version_node(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.api_version?)
    }

    /// `kind`.
    pub fn kind_node(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.kind?)
    }

    /// `metadata`.
    pub fn metadata(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.metadata?)
    }

    /// `metadata.name`.
    pub fn name_node(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.name?)
    }

    /// `metadata.namespace`.
    pub fn namespace_node(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.namespace?)
    }

    /// `metadata.labels`.
    pub fn labels(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.labels?)
    }

    /// `metadata.annotations`.
    pub fn annotations(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.annotations?)
    }

    /// `spec`.
    pub fn spec(&self) -> Option<Node<'_>> {
        self.doc.node(self.fields.spec?)
    }

    /// The value at a dotted path below `spec`.
    pub fn in_spec(&self, path: &str) -> Option<Node<'_>> {
        self.spec()?.at(path)
    }

    /// The document that it stands in.
    pub fn doc(&self) -> &Arc<Doc> {
        &self.doc
    }

    /// Its place in the document: the root, or an item of a `kind: List`.
    pub fn node_id(&self) -> NodeId {
        self.node
    }

    /// The first node of the document that is behind it.
    pub fn end_id(&self) -> NodeId {
        self.doc.end_of(self.node)
    }

    /// The text that it was read from.
    pub fn source(&self) -> SourceId {
        self.doc.source()
    }

    /// Where one of its nodes came from.
    pub fn origin(&self, node: Node<'_>) -> OriginId {
        Origins::node(self.first, node.id().0)
    }

    /// The place of a part of a scalar's text, which `part` is a slice of. One that is written otherwise than it reads, with
    /// escapes or over several lines, is shown as a whole.
    pub fn place_of_part(&self, node: Node<'_>, part: &str) -> Place {
        let (origin, text) = (self.origin(node), node.text());
        let offset = part.as_ptr().addr().checked_sub(text.as_ptr().addr());
        let (Some(offset), Some((first, last))) =
            (offset.filter(|at| at + part.len() <= text.len()), node.span())
        else {
            return origin.into();
        };
        let written = self.doc.text().get(first as usize..last as usize).unwrap_or("");
        match written.find(text).filter(|lead| *lead <= 1 && written.len() == text.len() + 2 * lead) {
            Some(lead) => {
                let start = first + (lead + offset) as u32;
                Place::Within { node: origin, start, end: start + part.len() as u32 }
            }
            None => origin.into(),
        }
    }

    /// From now on the origins of its document begin at `first`: it goes over to another bundle.
    pub fn set_origins(&mut self, first: OriginId) {
        self.first = first;
    }

    /// For a diagnostic about the field at `path`.
    pub fn subject(&self, path: impl Into<String>) -> Subject {
        // Findings are many and each names its object.
        let named = self.named.get_or_init(|| {
            let ResourceId { gvk, namespace, name } = self.id.clone();
            let Gvk { group, version, kind } = gvk;
            Arc::new(Named { group, version, kind, namespace: namespace.unwrap_or_default(), name })
        });
        Subject { object: Arc::clone(named), path: path.into(), container: None }
    }
}

fn root_of(doc: &Doc, node: NodeId) -> Node<'_> {
    // Ids are of the document only; should one not fit, the document's root is the nearest truth.
    doc.node(node).or_else(|| doc.root()).expect("a resource stands at a node of its document")
}

/// The objects of one target in their order, with the store that knows where their nodes came from.
#[derive(Default)]
pub struct Bundle {
    /// In the order of the input, or of the renderer.
    pub resources: Vec<Resource>,
    /// Where their nodes came from.
    pub origins: Origins,
}

#[cfg(test)]
mod tests {
    use source::Diagnostics;
    use yaml::{Options, Profile, read_first};

    use super::*;

    #[test]
    fn an_object_is_called_by_its_name_or_by_how_that_begins() {
        let name = |metadata: &str| {
            let text = format!("apiVersion: batch/v1\nkind: Job\nmetadata: {metadata}\n");
            let options = Options::new(Profile::Kubernetes);
            let doc = read_first(SourceId(0), &text.into(), &options, &mut Diagnostics::new()).unwrap();
            let node = doc.root().unwrap().id();
            Resource::new(doc, node, OriginId::UNKNOWN).name().into_owned()
        };
        assert_eq!(name("{name: a, generateName: b-}"), "a");
        assert_eq!(name("{generateName: b-}"), "b-…");
        assert_eq!(name("{}"), "(no name)");
    }
}
