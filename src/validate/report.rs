//! Gathers the findings about one object.

use source::{Chain, Class, Code, Diagnostic, Edit, Fix, Place};
use yaml::Node;

use crate::kube::{Bundle, Resource};

/// The findings about one object so far.
pub(super) struct Report<'a> {
    bundle: &'a Bundle,
    resource: &'a Resource,
    found: Vec<Diagnostic>,
    of_decoder: bool,
}

impl<'a> Report<'a> {
    pub fn new(bundle: &'a Bundle, resource: &'a Resource) -> Self {
        Report { bundle, resource, found: Vec::new(), of_decoder: false }
    }

    /// Where a node came from.
    pub fn place(&self, node: Node<'_>) -> Place {
        self.resource.origin(node).into()
    }

    /// Adds a finding that the server would give that reason and field.
    pub fn push(
        &mut self,
        code: &'static Code,
        reason: &'static str,
        node: Node<'_>,
        field: String,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.of_decoder |= super::is_of_decoder(reason);
        let subject = self.resource.subject(field.clone());
        let finding = Diagnostic::new(code, self.place(node), message)
            .class(Class::Server { reason, field: super::said::path(&self.resource.id.gvk.kind, &field) })
            .subject(subject);
        let at = self.found.len();
        self.found.push(finding);
        &mut self.found[at]
    }

    /// Whether the decoder refuses the object, so that a server looks no further.
    pub fn refuses_to_decode(&self) -> bool {
        self.of_decoder
    }

    /// Whether something was found at that path or below it.
    pub fn has_below(&self, path: &str) -> bool {
        self.found.iter().any(|d| is_below(d, path))
    }

    /// Takes back what was found at that path and below it, but for what the decoder refuses.
    pub fn forget_below(&mut self, path: &str) {
        let refused =
            |d: &Diagnostic| matches!(&d.class, Class::Server { reason, .. } if super::is_of_decoder(reason));
        self.found.retain(|d| refused(d) || !is_below(d, path));
    }

    /// Whether nothing was found that a server would refuse.
    pub fn is_clean(&self) -> bool {
        self.found.is_empty()
    }

    /// The change that replaces a node's text; `None` where the node was not read from a text as it stands.
    pub fn replacing(&self, node: Node<'_>, title: String, text: String) -> Option<Box<Fix>> {
        let Chain::Read(span) = self.bundle.origins.chain(self.resource.origin(node)) else { return None };
        Some(Box::new(Fix { title, edits: vec![Edit { span, text }], is_unsafe: false }))
    }

    pub fn into_findings(self) -> Vec<Diagnostic> {
        self.found
    }
}

fn is_below(found: &Diagnostic, path: &str) -> bool {
    let Class::Server { field, .. } = &found.class else { return false };
    field.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
