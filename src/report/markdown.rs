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
        format!("`{}:{}`", name.replace('`', "'").replace('|', "\\|"), source.line_column(span.start).line)
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

/// A text in one cell of a table, without a tag of its own. Between backticks nothing but the bar has a meaning.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|").replace('\n', " ");
    let parts: Vec<&str> = text.split('`').collect();
    // An even number of parts has a backtick without its other half, so what is code and what is not cannot be told.
    let is_paired = parts.len() % 2 == 1;
    let parts = parts.iter().enumerate().map(|(at, part)| match is_paired && at % 2 == 1 {
        true => (*part).to_owned(),
        false => part.replace('<', "&lt;"),
    });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_has_no_tags_and_no_bars_of_its_own() {
        assert_eq!(cell("`<x>` is no field of <a|b>"), "`<x>` is no field of &lt;a\\|b>");
        assert_eq!(cell("a ` <x>"), "a ` &lt;x>");
    }
}
