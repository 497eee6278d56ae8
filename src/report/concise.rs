//! One line a finding: `FILE:LINE:COLUMN: severity[code] message`, as compilers print and editors read it.

use std::fmt::Write;

use super::line::harmless;
use super::{Look, Report};

pub(super) fn render(report: &Report<'_>, look: &Look) -> String {
    let mut out = String::new();
    for diagnostic in report.diagnostics {
        if let Some((span, source)) = report.locate(diagnostic.primary.at) {
            let at = source.line_column(span.start);
            let _ = write!(out, "{}:{}:{}: ", harmless(&source.name), at.line, at.column);
        }
        let message = diagnostic.upstream.as_deref().filter(|_| look.upstream).unwrap_or(&diagnostic.message);
        let message = harmless(message).replace('\n', " ");
        let _ = writeln!(out, "{}[{}] {message}", diagnostic.severity.word(), diagnostic.code.id);
    }
    out
}
