//! Shows diagnostics: one file a format, all over the same list.
//!
//! A report is text in a `String`: who writes it where is the command line's business, so that nothing is written
//! unless all of it can be.

mod concise;
mod custom;
mod github;
mod gitlab;
mod grouped;
mod human;
mod json;
mod junit;
mod line;
mod lines;
mod markdown;
mod mask;
mod sarif;
mod settle;
mod story;

use std::collections::HashMap;
use std::str::FromStr;

use rayon::prelude::*;
use source::{Diagnostic, Place, Severity, Source, Sources, Span};

pub use custom::{TemplateFault, custom};
pub use human::Look;
pub use line::{harmless, shown_value};
pub use mask::Masks;
pub use settle::settle;
pub use story::{Condition, Fed, Story, Written, action_text};

/// What is shown: diagnostics whose places are spans, in the order in which they are shown: see [`settle`].
pub struct Report<'a> {
    /// The texts that the spans are of.
    pub sources: &'a Sources,
    /// What was found.
    pub diagnostics: &'a [Diagnostic],
    /// What must not be shown of the texts.
    pub masks: &'a Masks,
    /// What names each finding from run to run, in the order of `diagnostics`; empty where no format asked for it, see
    /// [`Format::needs_fingerprints`].
    pub fingerprints: &'a [&'a str],
    /// What is known of a code beside its manual.
    pub facts: fn(&str) -> Facts,
}

/// What programs want to know of a code beside its manual.
#[derive(Clone, Default, Debug)]
pub struct Facts {
    /// Its theme, and the benchmarks that have it.
    pub tags: Vec<&'static str>,
    /// For defects of security a score from 0.1 to 10.0, as code scanning ranks them.
    pub security_severity: Option<&'static str>,
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
    /// Like concise, under one line a file.
    Grouped,
    /// One JSON object a line.
    JsonLines,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML: one test case a finding.
    Junit,
    /// A summary for pull requests.
    Markdown,
}

impl Format {
    /// All of them, by name.
    pub const ALL: [(&'static str, Format); 10] = [
        ("human", Format::Human),
        ("concise", Format::Concise),
        ("grouped", Format::Grouped),
        ("json", Format::Json),
        ("json-lines", Format::JsonLines),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("sarif", Format::Sarif),
        ("junit", Format::Junit),
        ("markdown", Format::Markdown),
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

/// The report in that form, in pieces that follow each other: of many findings it has megabytes, which are not worth
/// copying together.
pub fn render(report: &Report<'_>, format: Format, look: &Look) -> Vec<String> {
    match format {
        Format::Human => human::render(report, look),
        Format::Concise => vec![concise::render(report, look)],
        Format::Json => json::render(report),
        Format::Github => vec![github::render(report)],
        Format::Sarif => vec![sarif::render(report)],
        Format::Grouped => vec![grouped::render(report, look)],
        Format::JsonLines => vec![json::lines(report)],
        Format::Gitlab => vec![gitlab::render(report)],
        Format::Junit => vec![junit::render(report)],
        Format::Markdown => vec![markdown::render(report)],
    }
}

impl Format {
    /// Whether the form names findings from run to run.
    pub fn needs_fingerprints(self) -> bool {
        matches!(self, Format::Sarif | Format::Gitlab)
    }
}

/// Findings that are worth waking a second thread.
const CHUNK: usize = 256;

/// The findings' texts, piece by piece, on all threads.
fn parts<'d>(
    findings: &'d [Diagnostic],
    text: impl Fn(&'d [Diagnostic]) -> String + Sync + Send,
) -> Vec<String> {
    if findings.len() <= CHUNK {
        return vec![text(findings)];
    }
    findings.par_chunks(CHUNK).map(text).collect()
}

impl<'a> Report<'a> {
    /// What names the finding at that place of the list; the same name twice is counted, so that each keeps its own.
    fn named(&self) -> impl Iterator<Item = (&'a Diagnostic, String)> {
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let prints = self.fingerprints.iter().copied().chain(std::iter::repeat(""));
        self.diagnostics.iter().zip(prints).map(move |(diagnostic, print)| {
            let times = seen.entry(print).and_modify(|n| *n += 1).or_insert(1);
            (diagnostic, format!("{print}:{times}"))
        })
    }

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

// Thousands of findings have tens of thousands of lines and members: these two spare them the machinery of `fmt`.

fn blanks(out: &mut String, mut count: usize) {
    const MANY: &str = "                                                                ";
    while count > 0 {
        let some = count.min(MANY.len());
        out.push_str(&MANY[..some]);
        count -= some;
    }
}

/// A number at the right end of `width` columns.
fn number(out: &mut String, number: u32, width: usize) {
    let (mut digits, mut at, mut rest) = ([b'0'; 10], 10, number);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    blanks(out, width.saturating_sub(10 - at));
    out.push_str(str::from_utf8(&digits[at..]).unwrap_or_default());
}
