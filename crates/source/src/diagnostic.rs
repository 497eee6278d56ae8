//! What is said about an input: a value, made by the stage that found it, shown by `report`.

use std::sync::Arc;

use crate::origin::Place;
use crate::sources::Span;

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Low and informational.
    Note,
    /// Policy of high and medium severity.
    Warning,
    /// It cannot be rendered, a server would reject it, or policy of critical severity.
    Error,
}

impl Severity {
    /// The lower-case word that reports print.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One kind of defect: its name, how much it matters, and what the manual says of it.
///
/// Names are kebab-case and name the defect, so that "allow `privileged-container`" reads as a sentence. There
/// is one namespace for all stages; declare them with [`code!`](crate::code).
#[derive(Debug)]
pub struct Code {
    /// The name.
    pub id: &'static str,
    /// The severity unless a configuration says otherwise.
    pub severity: Severity,
    /// The manual's text, in Markdown: the first paragraph is the summary.
    pub docs: &'static str,
    /// What to do about a finding that has no help of its own; may be empty.
    pub help: &'static str,
}

impl Code {
    /// The first line of the manual's text.
    pub fn summary(&self) -> &'static str {
        self.docs.trim_start().lines().next().unwrap_or("").trim()
    }
}

impl Code {
    /// The manual's text without the blank that documentation comments put in front of each line.
    pub fn manual(&self) -> String {
        let lines = self.docs.trim_end().lines();
        lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.id == other.id
    }
}

/// Declares a [`Code`] whose documentation comment is its manual.
///
/// ```
/// source::code! {
///     /// A tab stands where only spaces may indent.
///     pub static YAML_TAB = "yaml-tab", Error;
/// }
/// assert_eq!(YAML_TAB.summary(), "A tab stands where only spaces may indent.");
/// ```
#[macro_export]
macro_rules! code {
    ($($(#[doc = $docs:literal])+ pub static $name:ident = $id:literal, $severity:ident;)+) => {$(
        $(#[doc = $docs])+
        pub static $name: $crate::Code = $crate::Code {
            id: $id,
            severity: $crate::Severity::$severity,
            docs: concat!($($docs, "\n"),+),
            help: "",
        };
    )+};
}

/// Whose fault it would be, which decides what `render` withholds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Class {
    /// The input cannot be read: broken YAML, an unreadable file.
    Input,
    /// It cannot be rendered.
    Render,
    /// A server would reject it, with this reason and field in the server's words.
    Server {
        /// Such as `UnknownField` or `FieldValueInvalid`.
        reason: &'static str,
        /// Such as `spec.ports[0].port`.
        field: String,
    },
    /// A rule's finding.
    Policy,
}

/// A place with what is to be said there; the text may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub at: Place,
    /// A few words that are printed beside the place.
    pub text: String,
}

impl Label {
    /// A place with a remark.
    pub fn new(at: impl Into<Place>, text: impl Into<String>) -> Self {
        Label { at: at.into(), text: text.into() }
    }
}

/// One replacement in a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A change of the sources that mends what a diagnostic says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as a command: "rename to `maxSurge`".
    pub title: String,
    /// The replacements; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the meaning might change in a way that the author has to judge.
    pub is_unsafe: bool,
}

/// An object in plain words: nothing here knows what a resource is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Named {
    /// Empty for the core group.
    pub group: Box<str>,
    /// Such as `v1`.
    pub version: Box<str>,
    /// Such as `Deployment`.
    pub kind: Box<str>,
    /// Empty where none is set.
    pub namespace: Box<str>,
    /// Empty where it has none.
    pub name: Box<str>,
}

/// The part of an object that a diagnostic is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Subject {
    /// The object, which its many findings share.
    pub object: Arc<Named>,
    /// Path of the field, such as `spec.template.spec.containers[0].image`; empty for the whole object.
    pub path: String,
    /// The container that it is about, if it is about one.
    pub container: Option<Box<str>>,
}

impl std::ops::Deref for Subject {
    type Target = Named;
    fn deref(&self) -> &Named {
        &self.object
    }
}

/// Names one thing that was rendered: a chart with one set of values, an overlay, a folder of manifests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TargetId(pub u32);

/// One thing said about the input.
///
/// The message says what is wrong, the labels where and why, the help what to do.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// What kind of defect.
    pub code: &'static Code,
    /// How much it matters; the code's own unless a configuration changed it.
    pub severity: Severity,
    /// What is wrong, one line.
    pub message: String,
    /// The place to look at.
    pub primary: Label,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// What to do, where more can be said than the code says: see [`Diagnostic::advice`].
    pub help: Option<String>,
    /// A change that does it.
    pub fix: Option<Box<Fix>>,
    /// The object that it is about.
    pub subject: Option<Box<Subject>>,
    /// Whose fault it would be.
    pub class: Class,
    /// What the upstream program prints, where it differs: for `--error-style upstream`.
    pub upstream: Option<String>,
    /// The renders in which it was found; empty where there is but one.
    pub renders: Vec<TargetId>,
}

impl Diagnostic {
    /// A diagnostic of that code at that place, of class [`Class::Input`]; the other parts are added by the
    /// methods below.
    pub fn new(code: &'static Code, at: impl Into<Place>, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity,
            message: message.into(),
            primary: Label::new(at, ""),
            related: Vec::new(),
            help: None,
            fix: None,
            subject: None,
            class: Class::Input,
            upstream: None,
            renders: Vec::new(),
        }
    }

    /// With a remark at the primary place.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// With one more place.
    pub fn related(mut self, at: impl Into<Place>, text: impl Into<String>) -> Self {
        self.related.push(Label::new(at, text));
        self
    }

    /// With what to do.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// With the change that mends it.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// About that object.
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = Some(Box::new(subject));
        self
    }

    /// Of that class.
    pub fn class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }

    /// What to do: its own help, or that of its code.
    pub fn advice(&self) -> Option<&str> {
        self.help.as_deref().or(Some(self.code.help)).filter(|help| !help.is_empty())
    }

    /// With what the upstream program prints.
    pub fn upstream(mut self, text: impl Into<String>) -> Self {
        self.upstream = Some(text.into());
        self
    }
}

/// What a stage has to say: the second half of every stage's output.
#[derive(Default, Debug)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing yet.
    pub fn new() -> Self {
        Diagnostics::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.all.push(diagnostic);
    }

    /// Takes over all of another's.
    pub fn append(&mut self, mut other: Diagnostics) {
        self.all.append(&mut other.all);
    }

    /// Keeps those that the test wants.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.all.retain(keep);
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// The list itself.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.all
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|d| d.severity == Severity::Error)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, iter: I) {
        self.all.extend(iter);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}
