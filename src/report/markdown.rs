//! A summary for pull requests: counts, then a table a file, short enough for a comment.

use std::fmt::Write;

use source::{Diagnostic, Severity};

use super::{Counts, Report};

/// Characters that a comment on GitHub may have, with room for what stands around it.
const LIMIT: usize = 60_000;

pub(super) fn render(report: &Report<'_>) -> String {
    let counts = Counts::of(report.diagnostics);
    let mut out = String::from("## plimsoll\n\n");
    if report.diagnostics.is_empty() {
        out.push_str("All clean.\n");
        return out;
    }
    let numbers = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")];
    let numbers: Vec<String> = numbers
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("**{n}** {word}{}", if n == 1 { "" } else { "s" }))
        .collect();
    let _ = writeln!(out, "{}\n", numbers.join(" · "));
    let mut gravest: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    // The gravest first: what does not fit is the least of it. The order within is that of the files.
    gravest.sort_by_key(|d| std::cmp::Reverse(d.severity));
    out.push_str("| | where | what |\n|---|---|---|\n");
    for (shown, diagnostic) in gravest.iter().enumerate() {
        let row = row(report, diagnostic);
        if out.len() + row.len() > LIMIT {
            let _ = writeln!(out, "\nand {} more", gravest.len() - shown);
            break;
        }
        out.push_str(&row);
    }
    out
}

fn row(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let place = report.locate(diagnostic.primary.at).map_or_else(String::new, |(span, source)| {
        let name = source.name.strip_prefix("./").unwrap_or(&source.name);
        format!("`{}:{}`", cell(name).replace('`', "'"), source.line_column(span.start).line)
    });
    let sign = match diagnostic.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let object =
        diagnostic.subject.as_deref().map_or_else(String::new, |s| format!("{}/{}: ", s.kind, s.name));
    let message = cell(&format!("{object}{}", diagnostic.message));
    format!("| {sign} {} | {place} | {message} (`{}`) |\n", diagnostic.severity.word(), diagnostic.code.id)
}

/// A text in one cell of a table, without a tag of its own.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}
