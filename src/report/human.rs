//! For people: what is wrong, the text with the place underlined, and what to do.
//!
//! An own renderer, because findings are many and files large: each line is found through the one line index of
//! its file and only a window of it is looked at, so a finding costs the same in a file of 5 MB as in a small one.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use source::{Diagnostic, Label, LineColumn, Severity, Source, SourceId};

use super::Report;
use super::line::{harmless, show};

/// How a report for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether colours may be used; they carry nothing that the text does not say.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether the upstream program's words come first, where there are some.
    pub upstream: bool,
}

impl Default for Look {
    fn default() -> Self {
        Look { color: false, width: 120, upstream: false }
    }
}

/// Lines that are shown before the first marked one.
const CONTEXT: u32 = 2;

/// Marked lines at most so far apart are shown with what is between them.
const GAP: u32 = 3;

/// Related places that are shown; what has more is a list, not an explanation.
const RELATED: usize = 8;

/// All findings, each with an empty line behind it.
pub(super) fn render(report: &Report<'_>, look: &Look) -> String {
    let mut painter = Painter { report, look, out: String::with_capacity(report.diagnostics.len() * 480) };
    for diagnostic in report.diagnostics {
        painter.finding(diagnostic);
    }
    painter.out
}

struct Painter<'a> {
    report: &'a Report<'a>,
    look: &'a Look,
    out: String,
}

/// A label with what its place is in lines.
struct Placed<'a> {
    label: &'a Label,
    id: SourceId,
    source: &'a Source,
    start: u32,
    end: u32,
    at: LineColumn,
    primary: bool,
}

const GUTTER: Style = AnsiColor::BrightBlue.on_default().bold();
const BOLD: Style = Style::new().bold();

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::BrightRed.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::BrightCyan.on_default().bold(),
    }
}

impl<'a> Painter<'a> {
    fn finding(&mut self, diagnostic: &'a Diagnostic) {
        let style = style_of(diagnostic.severity);
        let upstream = diagnostic.upstream.as_deref().filter(|_| self.look.upstream);
        self.paint(style, |out| {
            let _ = write!(out, "{}[{}]", diagnostic.severity.word(), diagnostic.code.id);
        });
        self.paint(BOLD, |out| {
            out.push_str(": ");
            out.push_str(&harmless(upstream.unwrap_or(&diagnostic.message)));
        });
        self.out.push('\n');
        let primary = self.placed(&diagnostic.primary, true);
        let related: Vec<_> =
            diagnostic.related.iter().take(RELATED).filter_map(|l| self.placed(l, false)).collect();
        let last = primary.iter().chain(&related).map(|p| p.at.line).max().unwrap_or(1);
        let gutter = last.ilog10() as usize + 1;
        if let Some(primary) = primary {
            let (here, elsewhere): (Vec<_>, Vec<_>) = related.into_iter().partition(|p| p.id == primary.id);
            self.file(primary, here, gutter, style);
            for place in elsewhere {
                self.other_file(&place, gutter);
            }
        }
        self.notes(diagnostic, gutter);
        self.out.push('\n');
    }

    fn placed(&self, label: &'a Label, primary: bool) -> Option<Placed<'a>> {
        let (span, source) = self.report.locate(label.at)?;
        // A thing of many lines is marked where it begins.
        let at = source.line_column(span.start);
        let line_end = source.lines().line_start(at.line).unwrap_or(0)
            + source.lines().line_text(source.text(), at.line).len() as u32;
        let end = span.end.min(line_end).max(span.start);
        Some(Placed { label, id: span.source, source, start: span.start, end, at, primary })
    }

    /// The file of the primary place, with the related places that lie in it too.
    fn file(&mut self, primary: Placed<'a>, here: Vec<Placed<'a>>, gutter: usize, style: Style) {
        self.arrow("-->", &primary, gutter);
        if primary.source.text().is_empty() {
            return;
        }
        self.bar(gutter);
        self.out.push('\n');
        let (source, id) = (primary.source, primary.id);
        let mut labels = here;
        labels.push(primary);
        // By line; on one line the rightmost first, so that no text runs over another's mark.
        labels.sort_by_key(|p| (p.at.line, std::cmp::Reverse(p.at.column)));
        let first = labels[0].at.line;
        let mut line = first.saturating_sub(CONTEXT).max(1);
        while line < first && source.lines().line_text(source.text(), line).trim().is_empty() {
            line += 1;
        }
        for (index, placed) in labels.iter().enumerate() {
            if placed.at.line > line + GAP && index > 0 {
                self.paint(GUTTER, |out| out.push_str("..."));
                self.out.push('\n');
                line = placed.at.line;
            }
            while line < placed.at.line {
                self.text_line(source, id, line, None, gutter);
                line += 1;
            }
            if line == placed.at.line {
                self.text_line(source, id, line, Some(placed), gutter);
                line += 1;
            }
            let mark = if placed.primary { style } else { GUTTER };
            self.mark(placed, gutter, mark);
        }
    }

    fn other_file(&mut self, placed: &Placed<'a>, gutter: usize) {
        self.bar(gutter);
        self.out.push('\n');
        self.arrow(":::", placed, gutter);
        if placed.source.text().is_empty() {
            return;
        }
        self.text_line(placed.source, placed.id, placed.at.line, Some(placed), gutter);
        self.mark(placed, gutter, GUTTER);
    }

    fn arrow(&mut self, arrow: &str, placed: &Placed<'_>, gutter: usize) {
        let _ = write!(self.out, "{:gutter$}", "");
        self.paint(GUTTER, |out| out.push_str(arrow));
        let LineColumn { line, column } = placed.at;
        let name = harmless(&placed.source.name);
        // A file that could not be read, or is spoken of as a whole, has no line to open.
        let _ = match placed.source.text().is_empty() {
            true => writeln!(self.out, " {name}"),
            false => writeln!(self.out, " {name}:{line}:{column}"),
        };
    }

    fn bar(&mut self, gutter: usize) {
        self.paint(GUTTER, |out| {
            let _ = write!(out, "{:gutter$} |", "");
        });
    }

    fn text_line(
        &mut self,
        source: &Source,
        id: SourceId,
        line: u32,
        mark: Option<&Placed<'_>>,
        gutter: usize,
    ) {
        self.paint(GUTTER, |out| {
            let _ = write!(out, "{line:gutter$} |");
        });
        let shown =
            show(source, id, line, mark.map(|p| (p.start, p.end)), self.report.masks, self.room(gutter));
        if !shown.text.is_empty() {
            self.out.push(' ');
            self.out.push_str(shown.text.trim_end());
        }
        self.out.push('\n');
    }

    fn mark(&mut self, placed: &Placed<'_>, gutter: usize, style: Style) {
        let room = self.room(gutter);
        let mark = Some((placed.start, placed.end));
        let shown = show(placed.source, placed.id, placed.at.line, mark, self.report.masks, room);
        self.bar(gutter);
        let text = harmless(&placed.label.text);
        let sign = if placed.primary { '^' } else { '-' };
        self.paint(style, |out| {
            let _ = write!(out, " {:1$}", "", shown.mark);
            out.extend(std::iter::repeat_n(sign, shown.marked));
            if !text.is_empty() {
                let _ = write!(out, " {text}");
            }
        });
        self.out.push('\n');
    }

    fn notes(&mut self, diagnostic: &Diagnostic, gutter: usize) {
        let more = diagnostic.related.len().saturating_sub(RELATED);
        if more > 0 {
            self.note(gutter, "note", &format!("{more} more places"));
        }
        if let Some(help) = &diagnostic.help {
            self.note(gutter, "help", help);
        }
        if self.look.upstream && diagnostic.upstream.is_some() {
            self.note(gutter, "note", &diagnostic.message);
        }
        if diagnostic.renders.len() > 1 {
            self.note(gutter, "note", &format!("the same in {} renders", diagnostic.renders.len()));
        }
    }

    fn note(&mut self, gutter: usize, word: &str, text: &str) {
        self.paint(GUTTER, |out| {
            let _ = write!(out, "{:gutter$} = ", "");
        });
        self.paint(BOLD, |out| {
            let _ = write!(out, "{word}: ");
        });
        let indent = gutter + 3 + word.len() + 2;
        wrap(&mut self.out, &harmless(text), indent, self.look.width);
        self.out.push('\n');
    }

    fn room(&self, gutter: usize) -> usize {
        self.look.width.saturating_sub(gutter + 4).max(20)
    }

    fn paint(&mut self, style: Style, write_it: impl FnOnce(&mut String)) {
        if self.look.color {
            let _ = write!(self.out, "{}", style.render());
            write_it(&mut self.out);
            let _ = write!(self.out, "{}", style.render_reset());
        } else {
            write_it(&mut self.out);
        }
    }
}

/// Breaks a text at blanks so that it ends before `width`; later lines are indented.
fn wrap(out: &mut String, text: &str, indent: usize, width: usize) {
    let room = width.saturating_sub(indent).max(30);
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            let _ = write!(out, "\n{:indent$}", "");
        }
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > room {
                let _ = write!(out, "\n{:indent$}", "");
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
    }
}
