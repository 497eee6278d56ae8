//! Shows diagnostics: one file a format, all over the same list.
//!
//! A report is text in a `String`: who writes it where is the command line's business, so that nothing is written
//! unless all of it can be.

mod concise;
mod github;
mod human;
mod json;
mod line;
mod mask;
mod sarif;
mod settle;

use std::str::FromStr;

use source::{Diagnostic, Place, Severity, Source, Sources, Span};

pub use human::Look;
pub use line::shown_value;
pub use mask::Masks;
pub use settle::settle;

/// What is shown: diagnostics whose places are spans, in the order in which they are shown: see [`settle`].
pub struct Report<'a> {
    /// The texts that the spans are of.
    pub sources: &'a Sources,
    /// What was found.
    pub diagnostics: &'a [Diagnostic],
    /// What must not be shown of the texts.
    pub masks: &'a Masks,
}

/// A form of report.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// For people: the text with the place underlined.
    Human,
    /// One line a finding.
    Concise,
    /// For programs.
    Json,
    /// Annotations of GitHub's workflows.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

impl Format {
    /// All of them, by name.
    pub const ALL: [(&'static str, Format); 5] = [
        ("human", Format::Human),
        ("concise", Format::Concise),
        ("json", Format::Json),
        ("github", Format::Github),
        ("sarif", Format::Sarif),
    ];
}

impl FromStr for Format {
    type Err = String;
    fn from_str(name: &str) -> Result<Format, String> {
        let all = Format::ALL;
        all.iter().find(|(known, _)| *known == name).map(|(_, format)| *format).ok_or_else(|| {
            let near = source::closest(name, all.map(|(known, _)| known));
            let known = all.map(|(known, _)| known).join(", ");
            match near {
                Some(near) => format!("unknown format `{name}`; did you mean `{near}`? Known: {known}"),
                None => format!("unknown format `{name}`; known: {known}"),
            }
        })
    }
}

/// The report in that form.
pub fn render(report: &Report<'_>, format: Format, look: &Look) -> String {
    match format {
        Format::Human => human::render(report, look),
        Format::Concise => concise::render(report, look),
        Format::Json => json::render(report),
        Format::Github => github::render(report),
        Format::Sarif => sarif::render(report),
    }
}

impl<'a> Report<'a> {
    /// The span of a place that has been expanded, with its text.
    fn locate(&self, place: Place) -> Option<(Span, &'a Source)> {
        let Place::Span(span) = place else { return None };
        self.sources.get(span.source).map(|source| (span, &**source))
    }
}

/// How many there are of each severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// Counts them.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Counts {
        let mut counts = Counts::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
        }
        counts
    }
}
