//! For programs: `{"version": 1, "diagnostics": [...]}`.

mod write;

use serde::Serialize;
use source::{Diagnostic, Edit, Fix, Label, LineColumn, Source, Span};

use super::Report;

/// One finding. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Change<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<&'a str>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Object<'a> {
    group: &'a str,
    version: &'a str,
    kind: &'a str,
    namespace: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct Change<'a> {
    title: &'a str,
    applicability: &'a str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

pub(super) fn render(report: &Report<'_>) -> Vec<String> {
    let mut parts = super::parts(report.diagnostics, |diagnostics| {
        let mut text = String::with_capacity(diagnostics.len() * 640);
        for diagnostic in diagnostics {
            text.push(',');
            write::finding(&mut text, &finding(report, diagnostic));
        }
        text
    });
    if let Some(first) = parts.first_mut() {
        let comma = usize::from(first.starts_with(','));
        first.replace_range(..comma, "{\"version\":1,\"diagnostics\":[");
    }
    parts.push("]}\n".to_owned());
    parts
}

/// One object a line, each as in the list of the whole document.
pub(super) fn lines(report: &Report<'_>) -> String {
    let mut text = String::new();
    for diagnostic in report.diagnostics {
        write::finding(&mut text, &finding(report, diagnostic));
        text.push('\n');
    }
    text
}

/// The findings as values.
pub(super) fn findings<'a>(report: &'a Report<'_>) -> Vec<impl Serialize + 'a> {
    report.diagnostics.iter().map(|diagnostic| finding(report, diagnostic)).collect()
}

fn finding<'a>(report: &'a Report<'_>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let subject = diagnostic.subject.as_deref();
    Finding {
        code: diagnostic.code.id,
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        help: diagnostic.advice(),
        place: place(report, &diagnostic.primary),
        label: &diagnostic.primary.text,
        object: subject.map(|s| Object {
            group: &s.group,
            version: &s.version,
            kind: &s.kind,
            namespace: &s.namespace,
            name: &s.name,
        }),
        path: subject.map(|s| s.path.as_str()).filter(|p| !p.is_empty()),
        container: subject.and_then(|s| s.container.as_deref()),
        related: diagnostic
            .related
            .iter()
            .map(|label| Related { place: place(report, label), message: &label.text })
            .collect(),
        fix: diagnostic.fix.as_deref().map(|fix| change(report, fix)),
        upstream: diagnostic.upstream.as_deref(),
    }
}

fn place<'a>(report: &'a Report<'_>, label: &'a Label) -> Place<'a> {
    let Some((span, source)) = report.locate(label.at) else { return Place::default() };
    place_of(source, span)
}

fn place_of(source: &Source, span: Span) -> Place<'_> {
    let start = source.line_column(span.start);
    // Most places are a word or two on one line, whose end needs no search of its own.
    let end = match source.text().get(span.start as usize..span.end as usize) {
        Some(text) if text.len() <= SHORT && !text.contains(['\n', '\r']) && text.is_ascii() => {
            LineColumn { line: start.line, column: start.column + text.len() as u32 }
        }
        _ => source.line_column(span.end),
    };
    Place {
        file: &source.name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// Bytes of a place that are looked through rather than looked up.
const SHORT: usize = 64;

fn change<'a>(report: &'a Report<'_>, fix: &'a Fix) -> Change<'a> {
    let replacement = |edit: &'a Edit| {
        let source = report.sources.get(edit.span.source);
        let place = source.map_or_else(Place::default, |source| place_of(source, edit.span));
        Replacement { place, text: &edit.text }
    };
    Change {
        title: &fix.title,
        applicability: if fix.is_unsafe { "unsafe" } else { "safe" },
        edits: fix.edits.iter().map(replacement).collect(),
    }
}
