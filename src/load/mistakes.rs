//! Mistakes that people make with a whole document, recognised by its text: one file each.
//!
//! What YAML's grammar has to say about such a text is true and useless: an error of its own for each line, or one
//! far from the cause. Where a mistake is recognised, it is the one thing said of the document.

mod bullets;
mod conflict;
mod fence;
mod indentation;
mod line_numbers;
mod spaces;
mod tab;

use source::{Code, Diagnostic, SourceId, Span};

pub(super) static CODES: &[&Code] = &[
    &spaces::YAML_ODD_SPACE,
    &indentation::YAML_INDENTATION_LOST,
    &line_numbers::YAML_LINE_NUMBERS,
    &bullets::YAML_BULLETED,
    &fence::YAML_FENCE,
    &conflict::YAML_CONFLICT,
];

/// In the order in which they are asked; the surest first.
const ALL: &[fn(&Part<'_>) -> Option<Diagnostic>] = &[
    conflict::recognise,
    fence::recognise,
    line_numbers::recognise,
    bullets::recognise,
    tab::recognise,
    spaces::recognise,
    indentation::recognise,
];

/// A document's text, from its `---` to the next.
pub(super) struct Part<'a> {
    pub source: SourceId,
    /// The whole text.
    pub text: &'a str,
    /// The part of it.
    pub start: usize,
    pub end: usize,
    /// Where YAML's grammar stumbles in it, if it does.
    pub errors: &'a [Span],
}

/// One line of a part: its first byte in the whole text, and its text without the line break.
pub(super) struct Line<'a> {
    pub at: usize,
    pub text: &'a str,
}

/// Bytes of a document that a person may have written: each of the mistakes is looked for in all lines.
const WRITTEN: usize = 16 << 20;

/// The mistake, if it is a known one.
pub(super) fn recognise(part: &Part<'_>) -> Option<Diagnostic> {
    if part.end - part.start > WRITTEN {
        return None;
    }
    ALL.iter().find_map(|recognise| recognise(part))
}

impl<'a> Part<'a> {
    /// All lines.
    fn lines(&self) -> impl Iterator<Item = Line<'a>> {
        let mut at = self.start;
        self.text[self.start..self.end].split_inclusive('\n').map(move |line| {
            let here = at;
            at += line.len();
            Line { at: here, text: line.trim_end_matches(['\n', '\r']) }
        })
    }

    /// The lines that are neither blank nor a comment nor a mark of a document.
    fn content(&self) -> impl Iterator<Item = Line<'a>> {
        self.lines().filter(|line| {
            let text = line.text.trim();
            !(text.is_empty() || text.starts_with('#') || text == "---" || text == "...")
        })
    }

    /// A range of the text by its bytes.
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start as u32, end as u32)
    }
}

impl Line<'_> {
    /// The key of `key: value`, without the dash of a list's item before it.
    fn key(&self) -> Option<&str> {
        let text = self.text.trim_start_matches([' ', '\t', '-', '\u{A0}']);
        let (key, rest) = text.split_once(':')?;
        let is_key = !key.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']));
        is_key.then(|| key.trim_matches(['"', '\'']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recognises the mistake of a whole text that has an error of YAML on that line (from 1; 0 for none), and
    /// gives code and line of what is said.
    pub(super) fn said(text: &str, error_line: usize) -> Option<(&'static str, usize)> {
        let at: usize = text.split_inclusive('\n').take(error_line.saturating_sub(1)).map(str::len).sum();
        let errors = [Span::new(SourceId(0), at as u32, at as u32)];
        let errors = if error_line == 0 { &[][..] } else { &errors };
        let found = recognise(&Part { source: SourceId(0), text, start: 0, end: text.len(), errors })?;
        let source::Place::Span(span) = found.primary.at else { return None };
        assert!(found.help.is_some(), "{}: no help", found.message);
        Some((found.code.id, text[..span.start as usize].matches('\n').count() + 1))
    }

    #[test]
    fn what_is_right_is_no_mistake() {
        for text in [
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  Makefile: |\n    all:\n    \tcc a.c\n",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n",
            "- 1\n- 2\n",
        ] {
            assert_eq!(said(text, 0), None, "{text}");
        }
    }
}
