//! Why a build failed: one diagnostic, with kustomize's own text beside it.

use std::fmt::Display;

use source::{Code, Diagnostic, Place, Span};

/// The mistake that stopped a build.
///
/// Kustomize wraps an error once a layer ("accumulating resources: ..."), and some of its branches ask what kind of error
/// was wrapped; both live here, so that a caller never looks into the text.
#[derive(Debug, Clone)]
pub struct BuildError {
    /// What is told; its `upstream` is kustomize's text without the leading `Error: `.
    pub diagnostic: Box<Diagnostic>,
    /// What its callers may do about it.
    pub kind: ErrorKind,
}

/// What kind of error it is, where kustomize's callers ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ErrorKind {
    /// Nobody asks.
    #[default]
    Plain,
    /// A file that is no YAML: whether it might be a directory is then not told.
    MalformedYaml,
    /// Something of the network, which is not tried another way.
    Remote,
}

impl BuildError {
    /// At a place: what is wrong in our words, and in kustomize's.
    pub fn new(
        code: &'static Code,
        at: impl Into<Place>,
        message: impl Into<String>,
        upstream: impl Into<String>,
    ) -> BuildError {
        let diagnostic = Diagnostic::new(code, at, message).class(source::Class::Render).upstream(upstream);
        BuildError { diagnostic: Box::new(diagnostic), kind: ErrorKind::Plain }
    }

    /// Of another kind.
    #[must_use]
    pub fn kind(mut self, kind: ErrorKind) -> BuildError {
        self.kind = kind;
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> BuildError {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// With one more place: the chain of overlays grows by one entry a layer.
    #[must_use]
    pub fn via(mut self, at: impl Into<Place>, text: impl Into<String>) -> BuildError {
        self.diagnostic.related.push(source::Label::new(at, text));
        self
    }

    /// As upstream wraps an error: `prefix: text`.
    #[must_use]
    pub fn wrap(self, prefix: impl Display) -> BuildError {
        self.map_upstream(|text| format!("{prefix}: {text}"))
    }

    /// With upstream's text changed.
    #[must_use]
    pub fn map_upstream(mut self, change: impl FnOnce(String) -> String) -> BuildError {
        self.diagnostic.upstream = self.diagnostic.upstream.take().map(change);
        self
    }

    /// Kustomize's text, without the leading `Error: `.
    pub fn upstream(&self) -> &str {
        self.diagnostic.upstream.as_deref().unwrap_or_default()
    }

    /// Says where it is unless that is known better already.
    #[must_use]
    pub fn at(mut self, at: Option<Span>) -> BuildError {
        if let (Place::Origin(source::OriginId::UNKNOWN), Some(span)) = (self.diagnostic.primary.at, at) {
            self.diagnostic.primary.at = span.into();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use source::{OriginId, SourceId};

    use super::*;
    use crate::render::kustomize::codes::KUSTOMIZATION_INVALID;

    #[test]
    fn layers_wrap_the_text_and_keep_the_place() {
        let at = Span::top(SourceId(3));
        let error = BuildError::new(&KUSTOMIZATION_INVALID, OriginId::UNKNOWN, "no", "bad field")
            .at(Some(at))
            .at(Some(Span::top(SourceId(4))))
            .wrap("couldn't make target");
        assert_eq!(error.upstream(), "couldn't make target: bad field");
        assert_eq!(error.diagnostic.primary.at, at.into());
    }
}
