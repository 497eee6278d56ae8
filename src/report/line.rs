//! One line of a text as it is shown: cut to a window, secrets hidden, nothing that a terminal would obey.

use std::borrow::Cow;

use source::{Source, Span, is_secret_name};
use unicode_width::UnicodeWidthChar;

use super::lines::{Line, Lines};
use super::mask::{Masks, STARS, secret_values, value_after};

/// Columns that a tab takes.
const TAB: usize = 4;

/// Bytes of a long line that are looked at before the window, for the key of a value in it.
const BEFORE: usize = 512;

/// A line ready to be printed.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// What is printed.
    pub text: Cow<'a, str>,
    /// Column of the mark's first cell, from 0.
    pub mark: usize,
    /// Cells of the mark, at least one.
    pub marked: usize,
}

/// A line that cannot be printed as it stands, in at most `width` columns, with the columns of the bytes `mark` of the
/// source.
pub(super) fn show<'a>(
    line: Line<'a>,
    mark: Option<(u32, u32)>,
    masks: &Masks,
    width: usize,
    lines: &mut Lines<'a>,
) -> Shown<'a> {
    let whole = line.text;
    let begin = line.start as usize;
    let mark = mark.map(|(s, e)| ((s as usize).saturating_sub(begin), (e as usize).saturating_sub(begin)));
    let (from, to) = window(whole, mark, width);
    let hidden = hidden(line, (from, to), masks, lines);
    let mut shown = String::new();
    let mut column = 0;
    if from > 0 {
        shown.push('…');
        column = 1;
    }
    let (mut mark_start, mut mark_end) = (None, None);
    let mut at_hidden = 0;
    let mut cut = to < whole.len();
    for (at, c) in whole[from..to].char_indices() {
        let at = from + at;
        if let Some((start, end)) = mark {
            if at >= start && mark_start.is_none() {
                mark_start = Some(column);
            }
            if at >= end && mark_end.is_none() {
                mark_end = Some(column);
            }
        }
        while hidden.get(at_hidden).is_some_and(|h| h.1 <= at) {
            at_hidden += 1;
        }
        if let Some(&(start, _)) = hidden.get(at_hidden).filter(|h| h.0 <= at) {
            if at == start.max(from) {
                shown.push_str(STARS);
                column += STARS.len();
            }
            continue;
        }
        let cells = cells(c);
        if column + cells > width {
            cut = true;
            break;
        }
        push(&mut shown, c);
        column += cells;
    }
    let end = column;
    if cut {
        shown.push('…');
    }
    let mut shown = Shown { text: shown.into(), ..Shown::default() };
    if mark.is_some() {
        shown.mark = mark_start.unwrap_or(end);
        shown.marked = mark_end.unwrap_or(end).saturating_sub(shown.mark).max(1);
    }
    shown
}

/// Whether all bytes are printable ASCII.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    // Without an early end, so that many bytes are looked at at once: nearly all texts are.
    bytes.iter().fold(true, |plain, b| plain & matches!(b, b' '..=b'~'))
}

/// A value for a person to read: a scalar's text, of anything else its first line, and of a secret only stars.
pub fn shown_value(source: &Source, span: Span, scalar: Option<&str>, masks: &Masks) -> String {
    const WIDTH: usize = 200;
    let at = source.line_column(span.start);
    let mut lines = Lines::new(masks);
    let line = lines.get(source, span.source, at.line);
    let range = ((span.start - line.start) as usize, ((span.end - line.start) as usize).min(line.text.len()));
    let is_hidden = !masks.within(span.source, span.start, span.end).is_empty()
        || hidden(line, range, masks, &mut lines).iter().any(|h| h.0 < range.1 && range.0 < h.1);
    match scalar {
        _ if is_hidden => STARS.to_owned(),
        Some(text) => harmless(text).into_owned(),
        None => lines.show(line, None, WIDTH).text.trim().to_owned(),
    }
}

/// The part of a line that is looked at: all of it where that fits, else what is around the mark.
fn window(line: &str, mark: Option<(usize, usize)>, width: usize) -> (usize, usize) {
    // No character has more columns than four times its bytes, a tab.
    if line.len() * TAB <= width || line.len() <= width && is_plain(line.as_bytes()) {
        return (0, line.len());
    }
    let (start, end) = mark.map_or((0, 0), |(start, end)| (start.min(line.len()), end.min(line.len())));
    let columns = |part: &str| part.chars().map(cells).sum::<usize>();
    let is_short = line.len() <= width * TAB;
    if is_short && columns(line) <= width {
        return (0, line.len());
    }
    // A mark that fits into the line's first columns is shown there, with some of what follows it.
    if end <= width * TAB && columns(&line[..end]) + width / 8 <= width {
        return (0, boundary(line, width * TAB));
    }
    (boundary(line, start - start.min(width / 2)), boundary(line, start + width * TAB))
}

/// The nearest start of a character at or before a byte, or the end of the line.
fn boundary(line: &str, at: usize) -> usize {
    (0..=at.min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0)
}

/// Sorted ranges of the line that are not shown, of what is asked for.
pub(super) fn hidden<'a>(
    line: Line<'a>,
    (from, to): (usize, usize),
    masks: &Masks,
    lines: &mut Lines<'a>,
) -> Vec<(usize, usize)> {
    let (whole, begin) = (line.text, line.start as usize);
    let look = boundary(whole, from.saturating_sub(BEFORE));
    let mut ranges: Vec<(usize, usize)> =
        secret_values(&whole[look..to]).into_iter().map(|(s, e)| (look + s, look + e)).collect();
    for &(start, end) in masks.within(line.id, (begin + from) as u32, (begin + to) as u32) {
        let start = (start as usize).saturating_sub(begin);
        // A block scalar's first line is its header, which is worth seeing, and its end a line break.
        let end = (end as usize).saturating_sub(begin).min(whole.len());
        let blank = whole.get(start..end).map_or(0, |t| t.len() - t.trim_start().len());
        if !matches!(whole.as_bytes().get(start + blank), Some(b'|' | b'>') if end == whole.len()) {
            ranges.push((start + blank, end));
        }
    }
    if let Some(range) = beside_secret_name(line, lines) {
        ranges.push(range);
    }
    ranges.sort_unstable();
    ranges
}

/// `value:` beside a `name:` that is a secret name, as in a container's environment. A misspelled `value` is the
/// very reason for an excerpt, and hides its value too.
fn beside_secret_name<'a>(line: Line<'a>, lines: &mut Lines<'a>) -> Option<(usize, usize)> {
    let whole = line.text;
    let field = Some(field_of(whole)).filter(|field| field.starts_with('v'))?;
    let key = field.split(':').next().filter(|key| key.len() <= 8)?;
    if whole.len() > 4096 {
        return None;
    }
    let mut names = |number: u32| {
        let line = lines.get(line.source, line.id, number).text;
        let name = field_of(line).strip_prefix("name:");
        name.is_some_and(|n| {
            is_secret_name(n.split(" #").next().unwrap_or("").trim().trim_matches(['"', '\'']))
        })
    };
    let number = line.number;
    // Names are looked at first: there are few secret ones, and how alike two words are is dear to find out.
    let is_named = (number.saturating_sub(2).max(1)..=number + 2).any(&mut names);
    if is_named && source::distance(key, "value") <= 2 {
        let colon = whole.find(':')? + 1;
        return value_after(whole, colon);
    }
    None
}

/// A line without its indentation and the dashes of lists.
fn field_of(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item;
    }
    rest.trim_start()
}

fn cells(c: char) -> usize {
    match c {
        '\t' => TAB,
        c if is_dangerous(c) => 1,
        c => c.width().unwrap_or(0),
    }
}

fn push(text: &mut String, c: char) {
    match c {
        '\t' => text.push_str("    "),
        // Control pictures: an escape sequence in a manifest must not reach the terminal.
        '\0'..='\x1F' => text.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}')),
        c if is_dangerous(c) => text.push('\u{FFFD}'),
        c => text.push(c),
    }
}

/// Control characters, and those that change the direction of what follows.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Any text in a form that a terminal shows and does not obey.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if is_plain(text.as_bytes()) || !text.chars().any(|c| c != '\n' && is_dangerous(c)) {
        return text.into();
    }
    let mut clean = String::with_capacity(text.len());
    text.chars().for_each(|c| if c == '\n' { clean.push(c) } else { push(&mut clean, c) });
    clean.into()
}

#[cfg(test)]
mod tests {
    use source::{SourceId, SourceKind};

    use super::*;

    fn shown(text: &str, line: u32, mark: (u32, u32), width: usize) -> (String, usize, usize) {
        let source = Source::new("x", SourceKind::File, text);
        let mut masks = Masks::default();
        masks.read(SourceId(0), text);
        let mut lines = Lines::new(&masks);
        let line = lines.get(&source, SourceId(0), line);
        let shown = lines.show(line, Some(mark), width);
        (shown.text.into_owned(), shown.mark, shown.marked)
    }

    #[test]
    fn marks_stand_under_wide_characters_and_tabs() {
        assert_eq!(shown("\ta: b", 1, (0, 1), 80), ("    a: b".into(), 0, 4));
        assert_eq!(shown("名前: x", 1, (8, 9), 80), ("名前: x".into(), 6, 1));
        assert_eq!(shown("a: \x1b[31m", 1, (3, 4), 80), ("a: ␛[31m".into(), 3, 1));
        assert_eq!(shown("a:", 1, (2, 2), 80), ("a:".into(), 2, 1));
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let text = format!("{}HERE{}", "x".repeat(1000), "y".repeat(1000));
        let (line, mark, marked) = shown(&text, 1, (1000, 1004), 40);
        assert_eq!(line, format!("…{}HERE{}…", "x".repeat(20), "y".repeat(15)));
        assert_eq!((mark, marked), (21, 4));
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let text =
            "env:\n- name: DB_PASSWORD\n  value: hunter2\nprivate_key: |\n  -----BEGIN\n    abc\nname: x\n";
        let line = |n| shown(text, n, (0, 0), 80).0;
        assert_eq!(line(3), "  value: ******");
        assert_eq!(line(5), "  ******");
        assert_eq!(line(6), "    ******");
        assert_eq!(line(7), "name: x");
    }
}
