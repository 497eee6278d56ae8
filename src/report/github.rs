//! Annotations of GitHub's workflows: `::error file=F,line=L,col=C,...::message`.

use std::fmt::Write;

use source::Severity;

use super::Report;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    for diagnostic in report.diagnostics {
        out.push_str(match diagnostic.severity {
            Severity::Error => "::error ",
            Severity::Warning => "::warning ",
            Severity::Note => "::notice ",
        });
        if let Some((span, source)) = report.locate(diagnostic.primary.at) {
            let (start, end) = (source.line_column(span.start), source.line_column(span.end));
            let name = property(source.name.strip_prefix("./").unwrap_or(&source.name));
            let _ = write!(out, "file={name},line={},endLine={}", start.line, end.line);
            // The columns of a range over several lines are refused.
            if start.line == end.line {
                let _ = write!(out, ",col={},endColumn={}", start.column, end.column.max(start.column + 1));
            }
            out.push(',');
        }
        let _ = write!(out, "title={}::{}", property(diagnostic.code.id), data(&diagnostic.message));
        if let Some(help) = diagnostic.advice() {
            let _ = write!(out, "%0A{}", data(help));
        }
        out.push('\n');
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
