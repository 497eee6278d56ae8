//! What a document is: an object, a piece of one, or something else.

use source::{Class, Diagnostic, Span};
use yaml::{Doc, Kind, Node};

use super::codes::*;

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// Nothing: blanks and comments.
    Nothing,
    /// An object: it has `apiVersion` and `kind`.
    Object,
    /// An object without its `apiVersion`.
    NoApiVersion,
    /// An object without its `kind`.
    NoKind,
    /// Something else.
    Other,
}

/// Looks at the root.
pub(super) fn classify(doc: &Doc) -> Content {
    let Some(root) = doc.root() else { return Content::Nothing };
    match root.kind() {
        Kind::Map => {
            let has = |key| root.get(key).is_some_and(|v| !v.is_null());
            match (has("apiVersion"), has("kind")) {
                (true, true) => Content::Object,
                // One of both is not telling enough in a world full of YAML; with metadata it is.
                (true, false) if has("metadata") => Content::NoKind,
                (false, true) if root.get("metadata").is_some_and(|m| m.kind() == Kind::Map) => {
                    Content::NoApiVersion
                }
                _ => Content::Other,
            }
        }
        Kind::Scalar if root.is_null() => Content::Nothing,
        _ => Content::Other,
    }
}

impl Content {
    /// Whether it is an object or was to be one.
    pub fn is_object(self) -> bool {
        matches!(self, Content::Object)
    }

    /// What is wrong with a document that is no object.
    ///
    /// `among_objects`: the file holds objects; `objects_only`: it was given as manifests to be applied. In any
    /// other file what is no object is left alone.
    pub(super) fn fault(self, doc: &Doc, among_objects: bool, objects_only: bool) -> Option<Diagnostic> {
        let root = doc.root()?;
        let (start, end) = first_line(root, doc);
        let at = Span::new(doc.source(), start, end);
        let incomplete = |field: &'static str, example: &str| {
            Diagnostic::new(&OBJECT_INCOMPLETE, at, format!("this object has no `{field}`"))
                .label(format!("no `{field}` here"))
                .help(format!("say what it is, for example `{field}: {example}`"))
                .class(Class::Server { reason: "Decode", field: field.to_owned() })
        };
        match self {
            Content::Nothing | Content::Object => None,
            Content::NoApiVersion => Some(incomplete("apiVersion", "apps/v1")),
            Content::NoKind => Some(incomplete("kind", "Deployment")),
            Content::Other if among_objects => Some(fragment(at)),
            Content::Other if objects_only => Some(
                Diagnostic::new(
                    &NOT_AN_OBJECT,
                    at,
                    "this document is not a Kubernetes object: it has no `apiVersion` and no `kind`",
                )
                .label("no object")
                .help("an object begins with `apiVersion`, `kind` and `metadata`")
                .class(Class::Server { reason: "Decode", field: String::new() }),
            ),
            Content::Other => None,
        }
    }
}

/// What is said of a piece of an object among objects.
pub(super) fn fragment(at: Span) -> Diagnostic {
    Diagnostic::new(
        &NOT_AN_OBJECT,
        at,
        "this document is a fragment, not a Kubernetes object: it has no `apiVersion` and no `kind`",
    )
    .label("a fragment among objects")
    .help("move it to where it belongs in the object that it is a piece of, or remove it")
}

/// The document's first line with content.
fn first_line(root: Node<'_>, doc: &Doc) -> (u32, u32) {
    let (start, end) = root.span().unwrap_or_else(|| doc.span());
    let text = doc.text().get(start as usize..end as usize).unwrap_or("");
    let line = text.lines().next().map_or(0, str::len) as u32;
    (start, start + line)
}
