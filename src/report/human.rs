//! For people: what is wrong, the text with the place underlined, and what to do.
//!
//! An own renderer, because findings are many and files large: each line is found through the one line index of
//! its file and only a window of it is looked at, so a finding costs the same in a file of 5 MB as in a small one.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use source::{Diagnostic, Label, LineColumn, Severity, SourceKind};

use super::line::{Shown, harmless};
use super::lines::{Line, Lines};
use super::{Report, blanks, number};

/// How a report for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether colours may be used; they carry nothing that the text does not say.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether the upstream program's words come first, where there are some.
    pub upstream: bool,
    /// The upstream program's name where its words are to stand below an error.
    pub peer: Option<&'static str>,
}

impl Default for Look {
    fn default() -> Self {
        Look { color: false, width: 120, upstream: false, peer: None }
    }
}

/// Lines that are shown before the first marked one.
const CONTEXT: u32 = 2;

/// Marked lines at most so far apart are shown with what is between them.
const GAP: u32 = 3;

/// Related places that are shown; what has more is a list, not an explanation.
const RELATED: usize = 8;

/// All findings, each with an empty line behind it.
pub(super) fn render(report: &Report<'_>, look: &Look) -> Vec<String> {
    super::parts(report.diagnostics, |diagnostics| {
        let out = String::with_capacity(diagnostics.len() * 480);
        let mut painter = Painter { report, look, lines: Lines::new(report.masks), out };
        diagnostics.iter().for_each(|d| painter.finding(d));
        painter.out
    })
}

struct Painter<'a> {
    report: &'a Report<'a>,
    look: &'a Look,
    lines: Lines<'a>,
    out: String,
}

/// A label with what its place is in lines.
struct Placed<'a> {
    label: &'a Label,
    line: Line<'a>,
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
            [diagnostic.severity.word(), "[", diagnostic.code.id, "]"].iter().for_each(|s| out.push_str(s));
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
            let (here, elsewhere): (Vec<_>, Vec<_>) =
                related.into_iter().partition(|p| p.line.id == primary.line.id);
            self.file(primary, here, gutter, style);
            for place in elsewhere {
                self.other_file(&place, gutter);
            }
        }
        self.notes(diagnostic, gutter);
        self.out.push('\n');
    }

    fn placed(&mut self, label: &'a Label, primary: bool) -> Option<Placed<'a>> {
        let (span, source) = self.report.locate(label.at)?;
        // A thing of many lines is marked where it begins.
        let at = source.line_column(span.start);
        let line = self.lines.get(source, span.source, at.line);
        let end = span.end.min(line.start + line.text.len() as u32).max(span.start);
        Some(Placed { label, line, start: span.start, end, at, primary })
    }

    /// The file of the primary place, with the related places that lie in it too.
    fn file(&mut self, primary: Placed<'a>, here: Vec<Placed<'a>>, gutter: usize, style: Style) {
        self.arrow("-->", &primary, gutter);
        if primary.line.source.text().is_empty() {
            return;
        }
        self.bar(gutter);
        self.out.push('\n');
        let Line { source, id, .. } = primary.line;
        let mut labels = here;
        labels.push(primary);
        // By line; on one line the rightmost first, so that no text runs over another's mark.
        labels.sort_by_key(|p| (p.at.line, std::cmp::Reverse(p.at.column)));
        let first = labels[0].at.line;
        let mut line = first.saturating_sub(CONTEXT).max(1);
        while line < first && self.lines.get(source, id, line).text.trim().is_empty() {
            line += 1;
        }
        for (index, placed) in labels.iter().enumerate() {
            if placed.at.line > line + GAP && index > 0 {
                self.paint(GUTTER, |out| out.push_str("..."));
                self.out.push('\n');
                line = placed.at.line;
            }
            while line < placed.at.line {
                let before = self.lines.get(source, id, line);
                self.text_line(before, None, gutter);
                line += 1;
            }
            let shown = match line == placed.at.line {
                true => self.text_line(placed.line, Some(placed), gutter),
                // The line stands there already, for another mark on it.
                false => self.shown(placed.line, Some(placed), gutter),
            };
            line = placed.at.line + 1;
            let style = if placed.primary { style } else { GUTTER };
            self.mark(placed, &shown, gutter, style);
        }
    }

    fn other_file(&mut self, placed: &Placed<'a>, gutter: usize) {
        self.bar(gutter);
        self.out.push('\n');
        self.arrow(":::", placed, gutter);
        if placed.line.source.text().is_empty() {
            return;
        }
        let shown = self.text_line(placed.line, Some(placed), gutter);
        self.mark(placed, &shown, gutter, GUTTER);
    }

    fn arrow(&mut self, arrow: &str, placed: &Placed<'_>, gutter: usize) {
        blanks(&mut self.out, gutter);
        self.paint(GUTTER, |out| out.push_str(arrow));
        let LineColumn { line, column } = placed.at;
        let name = harmless(&placed.line.source.name);
        // Its lines are found in no file of that name.
        let made = if placed.line.source.kind == SourceKind::Rendered { " (rendered)" } else { "" };
        // A file that could not be read, or is spoken of as a whole, has no line to open.
        self.out.push(' ');
        self.out.push_str(&name);
        if !placed.line.source.text().is_empty() {
            self.out.push(':');
            number(&mut self.out, line, 0);
            self.out.push(':');
            number(&mut self.out, column, 0);
        }
        self.out.push_str(made);
        self.out.push('\n');
    }

    fn bar(&mut self, gutter: usize) {
        self.paint(GUTTER, |out| {
            blanks(out, gutter);
            out.push_str(" |");
        });
    }

    fn shown(&mut self, line: Line<'a>, mark: Option<&Placed<'_>>, gutter: usize) -> Shown<'a> {
        let room = self.look.width.saturating_sub(gutter + 4).max(20);
        self.lines.show(line, mark.map(|p| (p.start, p.end)), room)
    }

    fn text_line(&mut self, line: Line<'a>, mark: Option<&Placed<'_>>, gutter: usize) -> Shown<'a> {
        self.paint(GUTTER, |out| {
            number(out, line.number, gutter);
            out.push_str(" |");
        });
        let shown = self.shown(line, mark, gutter);
        if !shown.text.is_empty() {
            self.out.push(' ');
            self.out.push_str(shown.text.trim_end());
        }
        self.out.push('\n');
        shown
    }

    fn mark(&mut self, placed: &Placed<'_>, shown: &Shown<'_>, gutter: usize, style: Style) {
        self.bar(gutter);
        let text = harmless(&placed.label.text);
        let sign = if placed.primary { '^' } else { '-' };
        self.paint(style, |out| {
            out.push(' ');
            blanks(out, shown.mark);
            out.extend(std::iter::repeat_n(sign, shown.marked));
            if !text.is_empty() {
                out.push(' ');
                out.push_str(&text);
            }
        });
        self.out.push('\n');
    }

    fn notes(&mut self, diagnostic: &Diagnostic, gutter: usize) {
        let more = diagnostic.related.len().saturating_sub(RELATED);
        if more > 0 {
            self.note(gutter, "note", &format!("{more} more places"));
        }
        if let Some(help) = diagnostic.advice() {
            self.note(gutter, "help", help);
        }
        if self.look.upstream && diagnostic.upstream.is_some() {
            self.note(gutter, "note", &diagnostic.message);
        }
        if let (Some(peer), Some(text), Severity::Error) =
            (self.look.peer, &diagnostic.upstream, diagnostic.severity)
        {
            self.note(gutter, peer, text.trim_end());
        }
        if diagnostic.renders.len() > 1 {
            self.note(gutter, "note", &format!("the same in {} renders", diagnostic.renders.len()));
        }
    }

    fn note(&mut self, gutter: usize, word: &str, text: &str) {
        self.paint(GUTTER, |out| {
            blanks(out, gutter);
            out.push_str(" = ");
        });
        self.paint(BOLD, |out| {
            out.push_str(word);
            out.push_str(": ");
        });
        let indent = gutter + 3 + word.len() + 2;
        wrap(&mut self.out, &harmless(text), indent, self.look.width);
        self.out.push('\n');
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
    if text.len() <= room && memchr::memchr(b'\n', text.as_bytes()).is_none() {
        out.push_str(text);
        return;
    }
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            out.push('\n');
            blanks(out, indent);
        }
        if line.len() <= room {
            out.push_str(line);
            continue;
        }
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > room {
                out.push('\n');
                blanks(out, indent);
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
