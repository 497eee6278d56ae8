//! How rules speak: a finding is a node and a sentence; path, place and subject follow from the node.

use source::{Class, Diagnostic, OriginId, Place, Severity, Span};
use yaml::{Kind, Node, NodeId};

use super::meter::{Laps, Meter};
use super::{Rule, Settings};
use crate::kube::path::{extend, path_of};
use crate::kube::{Container, PodView, Resource};

/// What a finding is about: an object, the Pod in it, or a container of that.
pub trait Scope<'a> {
    /// The object.
    fn resource(&self) -> &'a Resource;
    /// The part of it: paths given to [`Report::missing`] begin here.
    fn node(&self) -> Node<'a>;
    /// The container's name, if it is one.
    fn container(&self) -> Option<&'a str> {
        None
    }
    /// What to point at where the part as a whole is meant.
    fn head(&self) -> Head<'a>;
    /// The part's path, where it is known.
    fn path(&self) -> Option<&str> {
        None
    }
}

/// What people know a part of an object by: an entry of it, such as its name.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    key: Node<'a>,
    value: Node<'a>,
}

impl<'a> Head<'a> {
    /// The first of these entries that the map has; the map itself, where it has none.
    fn of(map: Node<'a>, keys: &[&str]) -> Head<'a> {
        match keys.iter().find_map(|key| map.entry(key)) {
            Some((key, value)) => Head { key, value },
            None => Head { key: map, value: map },
        }
    }

    fn place(self, resource: &Resource) -> Place {
        Place::Part { name: resource.origin(self.value), key: resource.origin(self.key) }
    }
}

impl<'a> Scope<'a> for &'a Resource {
    fn resource(&self) -> &'a Resource {
        self
    }
    fn node(&self) -> Node<'a> {
        self.root()
    }
    fn head(&self) -> Head<'a> {
        match self.metadata().filter(|_| self.name_node().is_some()) {
            Some(metadata) => Head::of(metadata, &["name"]),
            None => Head::of(self.root(), &["kind"]),
        }
    }
    fn path(&self) -> Option<&str> {
        Some("")
    }
}

impl<'a> Scope<'a> for PodView<'a> {
    fn resource(&self) -> &'a Resource {
        self.resource
    }
    fn node(&self) -> Node<'a> {
        PodView::node(self)
    }
    fn head(&self) -> Head<'a> {
        Scope::head(&self.resource)
    }
    fn path(&self) -> Option<&str> {
        Some(PodView::path(self))
    }
}

impl<'a> Scope<'a> for Container<'a> {
    fn resource(&self) -> &'a Resource {
        self.resource
    }
    fn node(&self) -> Node<'a> {
        self.node
    }
    fn container(&self) -> Option<&'a str> {
        self.name()
    }
    fn head(&self) -> Head<'a> {
        Head::of(self.node, &["name", "image"])
    }
}

/// Collects what one rule after the other has to say.
pub struct Report<'s> {
    settings: &'s Settings,
    rule: &'static Rule,
    findings: Vec<Found>,
    /// The part of an object that was spoken of last, and its path: a container has many findings in a row.
    last: (usize, NodeId, String),
    laps: Option<Laps<'s>>,
}

/// A finding, with what decides whether another rule has said it already.
pub(super) struct Found {
    pub rule: &'static Rule,
    pub at: OriginId,
    pub diagnostic: Diagnostic,
}

impl<'s> Report<'s> {
    pub(super) fn new(settings: &'s Settings, rule: &'static Rule, meter: Option<&'s Meter<'s>>) -> Self {
        let last = (0, NodeId(0), String::new());
        Report { settings, rule, findings: Vec::new(), last, laps: meter.map(Laps::new) }
    }

    pub(super) fn speaks(&mut self, rule: &'static Rule) {
        if let Some(laps) = &mut self.laps {
            laps.turn(Some(rule.id()));
        }
        self.rule = rule;
    }

    pub(super) fn take(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.findings)
    }

    /// What the user has set.
    pub fn settings(&self) -> &'s Settings {
        self.settings
    }

    /// Something is wrong with a field: its node, and what, in one sentence without a full stop.
    pub fn at<'a>(
        &mut self,
        scope: &impl Scope<'a>,
        node: Node<'a>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        let base = scope.node();
        let root = scope.resource().root();
        // From the part downwards where the node is below it: an alias may lead to one node from many containers.
        let path = if base.holds(node) {
            let mut path = self.path_to(scope, 32);
            extend(&mut path, base, node);
            path
        } else {
            path_of(root, node)
        };
        self.push(scope, node, path, message.into())
    }

    /// The same of a part of the field's text, such as the tag of an image: `part` is a slice of the node's text.
    pub fn at_part<'a>(
        &mut self,
        scope: &impl Scope<'a>,
        node: Node<'a>,
        part: &str,
        message: impl Into<String>,
    ) -> Finding<'_> {
        let place = scope.resource().place_of_part(node, part);
        let finding = self.at(scope, node, message);
        finding.diagnostic.primary.at = place;
        finding
    }

    /// A field is not set: its path below the scope. The place is the deepest part of the path that exists, by its
    /// key, and the scope's name where none does.
    pub fn missing<'a>(
        &mut self,
        scope: &impl Scope<'a>,
        path: &str,
        message: impl Into<String>,
    ) -> Finding<'_> {
        let base = scope.node();
        let mut at = base;
        let mut place = None;
        for key in path.split('.') {
            let Some((name, value)) = at.entry(key) else { break };
            // Of a map, a list or nothing the key: it is one line, and a person who adds a field looks there.
            let is_scalar = value.kind() == Kind::Scalar && !value.is_null();
            place = Some(if is_scalar { value } else { name });
            at = value;
        }
        let mut full = self.path_to(scope, path.len() + 1);
        if !full.is_empty() {
            full.push('.');
        }
        full.push_str(path);
        // `metadata:` alone tells a person less than the object's name, which stands below it.
        match place.filter(|p| p.text() != "metadata") {
            Some(place) => self.push(scope, place, full, message.into()),
            None => self.push_head(scope, full, message.into()),
        }
    }

    /// Something is wrong with an object or a container as a whole.
    pub fn on<'a>(&mut self, scope: &impl Scope<'a>, message: impl Into<String>) -> Finding<'_> {
        let path = self.path_to(scope, 0);
        self.push_head(scope, path, message.into())
    }

    /// Something is wrong in a text that is no object's: a chart's metadata, a template.
    pub fn place(&mut self, at: Span, message: impl Into<String>) -> Finding<'_> {
        let diagnostic = Diagnostic::new(&self.rule.code, at, message).class(Class::Policy);
        self.findings.push(Found { rule: self.rule, at: OriginId::UNKNOWN, diagnostic });
        let last = self.findings.len() - 1;
        Finding { diagnostic: &mut self.findings[last].diagnostic }
    }

    /// The path of a scope, with room for more.
    fn path_to<'a>(&mut self, scope: &impl Scope<'a>, more: usize) -> String {
        let (resource, node) = (scope.resource(), scope.node());
        // Objects stand still while rules run, so that an address names one.
        let address = std::ptr::from_ref(resource).addr();
        let known = scope.path().unwrap_or_else(|| {
            if (self.last.0, self.last.1) != (address, node.id()) {
                self.last = (address, node.id(), path_of(resource.root(), node));
            }
            &self.last.2
        });
        let mut path = String::with_capacity(known.len() + more);
        path.push_str(known);
        path
    }

    fn push<'a>(
        &mut self,
        scope: &impl Scope<'a>,
        place: Node<'a>,
        path: String,
        message: String,
    ) -> Finding<'_> {
        let at = scope.resource().origin(place);
        self.push_at(scope, at, at.into(), path, message)
    }

    fn push_head<'a>(&mut self, scope: &impl Scope<'a>, path: String, message: String) -> Finding<'_> {
        let (head, resource) = (scope.head(), scope.resource());
        self.push_at(scope, resource.origin(head.value), head.place(resource), path, message)
    }

    fn push_at<'a>(
        &mut self,
        scope: &impl Scope<'a>,
        at: OriginId,
        place: Place,
        path: String,
        message: String,
    ) -> Finding<'_> {
        let mut subject = scope.resource().subject(path);
        subject.container = scope.container().map(Into::into);
        let diagnostic =
            Diagnostic::new(&self.rule.code, place, message).class(Class::Policy).subject(subject);
        self.findings.push(Found { rule: self.rule, at, diagnostic });
        let last = self.findings.len() - 1;
        Finding { diagnostic: &mut self.findings[last].diagnostic }
    }
}

/// A finding that was just made, to which more can be added.
pub struct Finding<'r> {
    diagnostic: &'r mut Diagnostic,
}

impl Finding<'_> {
    /// With a remark at the place.
    pub fn label(self, text: impl Into<String>) -> Self {
        self.diagnostic.primary.text = text.into();
        self
    }

    /// With better help than the rule's own.
    pub fn help(self, text: impl Into<String>) -> Self {
        self.diagnostic.help = Some(text.into());
        self
    }

    /// With another place that explains it.
    pub fn related<'a>(self, resource: &'a Resource, node: Node<'a>, text: impl Into<String>) -> Self {
        self.diagnostic.related.push(source::Label::new(resource.origin(node), text));
        self
    }

    /// With another place in a text that explains it.
    pub fn also(self, at: Span, text: impl Into<String>) -> Self {
        self.diagnostic.related.push(source::Label::new(at, text));
        self
    }

    /// With another object that explains it.
    pub fn related_object(self, resource: &Resource, text: impl Into<String>) -> Self {
        let place = Scope::head(&resource).place(resource);
        self.diagnostic.related.push(source::Label::new(place, text));
        self
    }

    /// As a note, unless it is known to be so: what is not among the objects may be in the cluster.
    pub fn note_unless(self, is_known: bool) -> Self {
        if is_known { self } else { self.severity(Severity::Note) }
    }

    /// With another severity than the rule's.
    pub fn severity(self, severity: Severity) -> Self {
        self.diagnostic.severity = severity;
        self
    }
}
