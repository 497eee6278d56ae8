//! JUnit's XML: a suite a file, a test case a finding. A run without findings is one case that passed.

use std::fmt::Write;

use source::{Diagnostic, Severity};

use super::{Counts, Report};

pub(super) fn render(report: &Report<'_>) -> String {
    let counts = Counts::of(report.diagnostics);
    let failures = counts.errors + counts.warnings;
    let cases = report.diagnostics.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"plimsoll\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\">"
    );
    if report.diagnostics.is_empty() {
        out.push_str(
            "  <testsuite name=\"plimsoll\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n",
        );
        out.push_str("    <testcase classname=\"plimsoll\" name=\"all clean\"/>\n  </testsuite>\n");
    }
    let name_of =
        |d: &Diagnostic| report.locate(d.primary.at).map_or("(no file)", |(_, source)| &*source.name);
    // Findings stand in the order of the files.
    for suite in report.diagnostics.chunk_by(|a, b| name_of(a) == name_of(b)) {
        let failures = suite.iter().filter(|d| d.severity > Severity::Note).count();
        let file = escaped(suite.first().map_or("", name_of));
        let _ = writeln!(
            out,
            "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">",
            suite.len()
        );
        suite.iter().for_each(|diagnostic| case(&mut out, report, diagnostic, &file));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(out: &mut String, report: &Report<'_>, diagnostic: &Diagnostic, file: &str) {
    let object =
        diagnostic.subject.as_deref().map_or_else(String::new, |s| format!(" {}/{}", s.kind, s.name));
    let name = escaped(&format!("{}{object}", diagnostic.code.id));
    let line = report.locate(diagnostic.primary.at).map_or(1, |(span, s)| s.line_column(span.start).line);
    let _ =
        write!(out, "    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\" line=\"{line}\">");
    let message = escaped(&diagnostic.message);
    let mut body = format!("{file}:{line}: {message}");
    if let Some(help) = diagnostic.advice() {
        let _ = write!(body, "\nhelp: {}", escaped(help));
    }
    if diagnostic.severity == Severity::Note {
        // A remark fails nothing.
        let _ = write!(out, "<system-out>{body}</system-out>");
    } else {
        let word = diagnostic.severity.word();
        let _ = write!(out, "<failure message=\"{message}\" type=\"{word}\">{body}</failure>");
    }
    out.push_str("</testcase>\n");
}

/// A text as XML has it; what XML 1.0 has no form for becomes a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out
}
