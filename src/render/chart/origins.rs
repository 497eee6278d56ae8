//! From the origins of a rendered text's bytes to those of its nodes.

use std::collections::HashMap;

use source::{Chain, Lines, Made, OriginId, Origins, Piece, Sources, Span};
use yaml::{Doc, Extents, Kind, NodeId, Style};

/// Where each node of a rendered document came from; `segments` are the runs of its text.
///
/// A scalar came from all its bytes, a collection from where it begins. What was kept out of the text by a condition
/// or an empty value counts for what it would have been a part of: a scalar, if it would have continued its line, and
/// else the collections that could have had one entry more there.
pub(crate) fn of_nodes(
    doc: &Doc,
    segments: &[(u32, OriginId)],
    sources: &Sources,
    origins: &mut Origins,
) -> Made {
    let text = Runs::new(doc, segments, sources, origins);
    let (mut all, mut pieces) = (Vec::with_capacity(doc.len()), Vec::new());
    for i in 0..doc.len() as u32 {
        let Some(node) = doc.node(NodeId(i)) else {
            all.push(OriginId::UNKNOWN);
            continue;
        };
        let (start, end) = node.span().unwrap_or((0, 0));
        if node.kind() != Kind::Scalar && !node.is_alias() {
            // Of the text that it begins with, its first word is enough; dashes say nothing.
            let start = text.behind_dashes(start);
            let word = text.word(start);
            let run = text.run_at(start);
            all.push(text.precisely(run, (start, word), origins));
        } else {
            let own = text.scalar(start, end, node.style(), origins);
            all.push(own.iter().fold(OriginId::UNKNOWN, |all, piece| origins.union(all, piece.origin)));
            if own.len() > 1 {
                pieces.extend(own);
            }
        }
    }
    pieces.sort_by_key(|piece| (piece.start, piece.end));
    let mut extents = None;
    for gap in &text.gaps {
        if let Some(between) = gap.lines {
            let extents = extents.get_or_insert_with(|| Extents::of(doc));
            for owner in text.owners(extents, between) {
                let owner = owner.0 as usize;
                all[owner] = origins.union(all[owner], gap.origin);
            }
        }
    }
    Made { nodes: all, pieces }
}

/// Something that is not there.
struct Gap {
    at: u32,
    origin: OriginId,
    /// If it would have had lines of its own.
    lines: Option<Between>,
}

/// Where lines would have stood.
#[derive(Clone, Copy)]
struct Between {
    /// The end of the text before them.
    before: u32,
    /// The beginning of the text behind them.
    behind: u32,
    /// The column in which they would have begun.
    column: Option<u32>,
}

struct Runs<'a> {
    text: &'a str,
    sources: &'a Sources,
    /// (start, end, origin), without gaps between them.
    runs: Vec<(u32, u32, OriginId)>,
    /// For each run, if it is text that stands in a template: from where on in that text.
    offsets: Vec<Option<u32>>,
    /// In order.
    gaps: Vec<Gap>,
}

impl<'a> Runs<'a> {
    fn new(doc: &'a Doc, segments: &[(u32, OriginId)], sources: &'a Sources, origins: &Origins) -> Self {
        let text: &str = doc.text();
        let mut all = Runs {
            text,
            sources,
            runs: Vec::with_capacity(segments.len()),
            offsets: Vec::new(),
            gaps: Vec::new(),
        };
        let mut from = 0;
        for &(to, origin) in segments {
            if to > from {
                all.runs.push((from, to, origin));
            } else {
                let column = match lines(origins, origin) {
                    Some(shift) => Some(shift.and_then(|shift| all.column(to, shift))),
                    None => all.blank_line(to).map(Some),
                };
                let between = |column| Between { before: all.before(to), behind: all.behind(to), column };
                let lines = column.map(between);
                all.gaps.push(Gap { at: to, origin, lines });
            }
            from = to;
        }
        all.find_literals(origins);
        all
    }

    /// Finds the runs in the texts that they stand in. One that was taken apart, such as by indenting it, goes on
    /// where its last piece ended.
    fn find_literals(&mut self, origins: &Origins) {
        let mut done: HashMap<OriginId, u32> = HashMap::new();
        for &(from, to, origin) in &self.runs {
            let found = match origins.chain(origin) {
                Chain::Rendered { action, .. } => {
                    let literal = self.sources.slice(action);
                    let bytes = self.text.get(from as usize..to as usize).unwrap_or("");
                    match literal.starts_with("{{") || literal.is_empty() {
                        true => None,
                        false if literal.len() == bytes.len() => Some(0),
                        false => {
                            let last = done.entry(origin).or_default();
                            let rest = literal.get(*last as usize..).unwrap_or("");
                            let found = rest.find(bytes).map(|at| *last + at as u32);
                            let found = found.or_else(|| literal.find(bytes).map(|at| at as u32));
                            *last = found.map_or(*last, |at| at + (to - from));
                            found
                        }
                    }
                }
                _ => None,
            };
            self.offsets.push(found);
        }
    }

    /// Where the text before a place ends; comments are none.
    fn before(&self, at: u32) -> u32 {
        let Some(mut text) = self.text.get(..at as usize) else { return at };
        loop {
            text = text.trim_end();
            let line = text.rfind('\n').map_or(0, |n| n + 1);
            match text[line..].find('#') {
                Some(0) => text = &text[..line],
                Some(comment) if text[line..][..comment].ends_with([' ', '\t']) => {
                    text = &text[..line + comment];
                }
                _ => return text.len() as u32,
            }
        }
    }

    /// Where the text behind a place begins; comments are none.
    fn behind(&self, at: u32) -> u32 {
        let mut rest = self.text.get(at as usize..).unwrap_or("");
        loop {
            rest = rest.trim_start();
            match rest.strip_prefix('#') {
                Some(comment) => rest = comment.find('\n').map_or("", |n| &comment[n..]),
                None => return (self.text.len() - rest.len()) as u32,
            }
        }
    }

    /// The run of one byte.
    fn run_at(&self, offset: u32) -> usize {
        self.runs.partition_point(|(_, to, _)| *to <= offset).min(self.runs.len().saturating_sub(1))
    }

    /// Where the first item of lists begins.
    fn behind_dashes(&self, start: u32) -> u32 {
        let rest = self.text.get(start as usize..).unwrap_or("");
        let mut at = rest;
        while let Some(next) = at.strip_prefix("- ").or_else(|| at.strip_prefix("-\n")) {
            at = next.trim_start();
        }
        start + (rest.len() - at.len()) as u32
    }

    /// Where the word that begins there ends.
    fn word(&self, start: u32) -> u32 {
        let rest = self.text.get(start as usize..).unwrap_or("");
        start + rest.find(['\n', ' ', ':']).unwrap_or(rest.len()) as u32
    }

    /// The origin of a run, of which only some bytes count: of text that stands in a template, the place of those.
    fn precisely(&self, run: usize, (start, end): (u32, u32), origins: &mut Origins) -> OriginId {
        let Some(&(from, to, origin)) = self.runs.get(run) else { return OriginId::UNKNOWN };
        let Chain::Rendered { action, frame, data } = origins.chain(origin) else { return origin };
        let Some(offset) = self.offsets.get(run).copied().flatten() else { return origin };
        let (start, end) = (start.clamp(from, to), end.clamp(from, to));
        let at = action.start + offset + (start - from);
        let action = Span::new(action.source, at, at + (end - start));
        origins.intern(Chain::Rendered { action, frame, data })
    }

    /// What a scalar is made of.
    fn scalar(&self, start: u32, end: u32, style: Style, origins: &mut Origins) -> Vec<Piece> {
        let is_block = matches!(style, Style::Literal | Style::Folded);
        // Quotes say nothing of where a value came from, unless there is nothing between them.
        let is_quoted = matches!(style, Style::SingleQuoted | Style::DoubleQuoted) && end > start + 2;
        let inner = if is_quoted { (start + 1, end - 1) } else { (start, end) };
        let first = self.run_at(inner.0);
        let mut all = Vec::new();
        for (index, (from, to, _)) in self.runs.iter().enumerate().skip(first) {
            if index > first && *from >= inner.1 {
                break;
            }
            let (start, end) = ((*from).clamp(inner.0, inner.1), (*to).clamp(inner.0, inner.1));
            all.push(Piece { start, end, origin: self.precisely(index, inner, origins) });
        }
        // Nothing is a value too: it reaches from its key to the next text, and so does a block.
        let is_open = is_block || start == end;
        let (low, high) = match (start == end, is_block) {
            (true, _) => (self.before(start), self.behind(end)),
            (_, true) => (start, self.behind(end)),
            _ => (start, end),
        };
        let first = self.gaps.partition_point(|gap| gap.at < low);
        for gap in &self.gaps[first..] {
            if gap.at > high {
                break;
            }
            let is_inside = gap.at > start && gap.at < end;
            if is_inside || is_open || gap.lines.is_none() {
                all.push(Piece { start: gap.at, end: gap.at, origin: gap.origin });
            }
        }
        all
    }

    /// The column that is so far to the right of the beginning of the last line before a place.
    fn column(&self, at: u32, shift: i16) -> Option<u32> {
        let text = self.text.get(..at as usize)?.trim_end();
        let line = &text[text.rfind('\n').map_or(0, |n| n + 1)..];
        let indent = line.len() - line.trim_start_matches(' ').len();
        (!line.is_empty()).then(|| u32::try_from(indent as i64 + i64::from(shift)).ok())?
    }

    /// The column of a place on a line where nothing stands.
    fn blank_line(&self, at: u32) -> Option<u32> {
        let (before, behind) = (self.text.get(..at as usize)?, self.text.get(at as usize..)?);
        let line = &before[before.rfind('\n')? + 1..];
        let rest = behind.split('\n').next().unwrap_or("");
        (line.trim().is_empty() && rest.trim().is_empty()).then_some(line.len() as u32)
    }

    fn column_of(&self, at: u32) -> u32 {
        let start = self.text.get(..at as usize).and_then(|text| text.rfind('\n')).map_or(0, |n| n + 1);
        at - start as u32
    }

    /// The collections that could have one entry more there. Where the column is known, only those that have it.
    fn owners(&self, extents: &Extents, between: Between) -> Vec<NodeId> {
        let Between { before, behind, column } = between;
        let mut all = extents.between(before, behind);
        if let Some(column) = column {
            let fits = |id: &NodeId| self.column_of(extents.start(*id)) == column;
            if all.iter().any(fits) {
                all.retain(fits);
            }
        }
        all
    }
}

/// If what is missing would have begun a line: by how much that is indented, seen from the line before.
fn lines(origins: &Origins, gap: OriginId) -> Option<Option<i16>> {
    /// Steps that are looked at: the first ones are the nearest.
    const MOST: usize = 64;
    let (mut open, mut met) = (vec![gap], 0);
    while let Some(gap) = open.pop().filter(|_| met < MOST) {
        met += 1;
        match origins.chain(gap) {
            Chain::Branched { lines: Lines::Own(shift), .. } => return Some(shift),
            Chain::Rendered { data, .. } => open.push(data),
            Chain::Union(a, b) | Chain::Either(a, b) | Chain::Given { data: a, cond: b } => {
                open.extend([a, b]);
            }
            _ => {}
        }
    }
    None
}
