//! GitLab's code quality report: a list, each with a fingerprint that keeps it known from run to run.

use serde_json::{Value, json};
use source::Severity;

use super::Report;

pub(super) fn render(report: &Report<'_>) -> String {
    let all: Vec<Value> = report
        .named()
        .filter_map(|(diagnostic, name)| {
            // An entry without a file is refused.
            let (span, source) = report.locate(diagnostic.primary.at)?;
            let (start, end) = (source.line_column(span.start), source.line_column(span.end));
            let severity = match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Note => "info",
            };
            Some(json!({
                "description": diagnostic.message,
                "check_name": diagnostic.code.id,
                "fingerprint": name,
                "severity": severity,
                "location": {
                    "path": source.name.strip_prefix("./").unwrap_or(&source.name),
                    "lines": {"begin": start.line, "end": end.line.max(start.line)},
                },
            }))
        })
        .collect();
    let mut text = Value::from(all).to_string();
    text.push('\n');
    text
}
