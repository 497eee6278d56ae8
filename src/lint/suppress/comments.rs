//! Suppressions in comments: `# plimsoll: allow RULE -- reason` in manifests, templates, overlays and values files.

use std::collections::HashMap;

use source::{SourceId, Sources, Span};

use super::Suppression;

/// What opens a suppression in a comment.
const OPENING: &str = "plimsoll: allow ";

/// The suppressions in the comments of a run's texts.
#[derive(Default)]
pub struct Comments {
    by_source: HashMap<SourceId, Vec<Comment>>,
    read: usize,
}

struct Comment {
    /// Where it stands.
    at: Span,
    /// Where it holds, in bytes of its source.
    region: (u32, u32),
    /// The furthest that it or one before it in the text holds.
    furthest: u32,
    /// Where the first line that it is about begins.
    next_code: usize,
    said: Suppression,
}

impl Comments {
    /// Reads the texts that were added since the last time; each is searched once.
    pub fn read(&mut self, sources: &Sources) {
        let opening = memchr::memmem::Finder::new(OPENING);
        for (id, source) in sources.iter().skip(self.read) {
            self.read += 1;
            for at in opening.find_iter(source.text().as_bytes()) {
                self.comment(id, source.text(), at);
            }
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.by_source.is_empty()
    }

    /// Those that hold at a place.
    pub(super) fn over(&self, place: Span) -> impl Iterator<Item = (Span, &Suppression)> {
        let all = self.by_source.get(&place.source).map_or(&[][..], Vec::as_slice);
        // They begin in the order of the text: back from the last that begins before the place, until none reaches it.
        let begun = all.partition_point(|c| c.region.0 <= place.start);
        let near = all[..begun].iter().rev().take_while(move |c| place.start < c.furthest);
        near.filter(move |c| place.start < c.region.1).map(|c| (c.at, &c.said))
    }

    /// All of them, in the order of the texts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Span, &Suppression)> {
        let mut sources: Vec<&SourceId> = self.by_source.keys().collect();
        sources.sort();
        sources.into_iter().flat_map(|id| &self.by_source[id]).map(|c| (c.at, &c.said))
    }

    fn comment(&mut self, source: SourceId, text: &str, at: usize) {
        let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |i| at + i);
        let before = &text[line_start..at];
        // `# plimsoll:` in YAML, `{{/* plimsoll:` in templates.
        let Some(opens) = before.rfind('#').or_else(|| before.rfind("/*")) else { return };
        let rest = text[at + OPENING.len()..line_end].trim_end();
        let rest = rest.trim_end_matches("}}").trim_end_matches('-').trim_end().trim_end_matches("*/");
        let (names, reason) = rest.split_once("--").unwrap_or((rest, ""));
        let (names, until) = match names.split_once("until:") {
            Some((names, until)) => (names, Some(until.trim().to_owned())),
            None => (names, None),
        };
        let is_alone = text[line_start..line_start + opens].trim_matches([' ', '\t', '{', '-']).is_empty();
        let list = self.by_source.entry(source).or_default();
        let (next_code, end) = match list.last() {
            // Of comments below each other the first has looked already.
            Some(above) if is_alone && above.next_code > line_end => (above.next_code, above.region.1),
            _ => {
                let first = if is_alone { next_line(text, line_end) } else { line_start };
                (first, block_end(text, first) as u32)
            }
        };
        let region = (line_start as u32, end);
        let furthest = list.last().map_or(end, |above| above.furthest.max(end));
        let span = Span::new(source, (line_start + opens) as u32, line_end as u32);
        for rule in names.split([',', ' ']).map(str::trim).filter(|n| !n.is_empty()) {
            let said = Suppression::new(rule, until.clone(), reason.trim());
            list.push(Comment { at: span, region, furthest, next_code, said });
        }
    }
}

fn next_line(text: &str, line_end: usize) -> usize {
    let mut at = (line_end + 1).min(text.len());
    // Further comments stand between it and what it is about.
    loop {
        let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
        let line = text[at..end].trim_start();
        if end >= text.len() || !(line.is_empty() || line.starts_with('#')) {
            return at;
        }
        at = end + 1;
    }
}

/// Where the block that a line opens ends: before the next line that is not indented further. Items of a list may stand
/// as far left as its key.
fn block_end(text: &str, line_start: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first_end = text[line_start..].find('\n').map_or(text.len(), |i| line_start + i + 1);
    let first = &text[line_start..first_end];
    let code = first.split(" #").next().unwrap_or(first).trim_end();
    let opens_list = code.ends_with(':') && !first.trim_start().starts_with('-');
    let mut end = first_end;
    for line in text[first_end..].split_inclusive('\n') {
        let is_item = opens_list && indent(line) == indent(first) && line.trim_start().starts_with("- ");
        if !(line.trim().is_empty() || indent(line) > indent(first) || is_item) {
            break;
        }
        end += line.len();
    }
    end
}
