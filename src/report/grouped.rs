//! For people with many findings: a line a file, below it a line a finding.

use std::fmt::Write;

use super::line::harmless;
use super::{Look, Report};

pub(super) fn render(report: &Report<'_>, look: &Look) -> String {
    let mut out = String::new();
    let mut open = None;
    for diagnostic in report.diagnostics {
        let place = report.locate(diagnostic.primary.at);
        let name = place.map_or("(no file)", |(_, source)| &source.name);
        if open != Some(name) {
            let gap = if open.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}", harmless(name));
            open = Some(name);
        }
        let at = place.map_or_else(String::new, |(span, source)| {
            let at = source.line_column(span.start);
            format!("{}:{}", at.line, at.column)
        });
        let message = diagnostic.upstream.as_deref().filter(|_| look.upstream).unwrap_or(&diagnostic.message);
        let message = harmless(message).replace('\n', " ");
        let _ = writeln!(out, "  {at:>8}  {}[{}] {message}", diagnostic.severity.word(), diagnostic.code.id);
    }
    out
}
