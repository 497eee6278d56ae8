//! A text that stands inside of another one: an inline patch in a kustomization keeps its lines.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use source::{Diagnostics, OriginId, Origins, SourceId, Span, SpanTable};
use yaml::{Doc, Options, Profile, read_first_part};

use super::context::Cx;
use super::decode::Text;

/// Where a text is read from, so that its nodes know their places in a file.
#[derive(Clone)]
pub struct Place {
    source: SourceId,
    /// (offset in the text, offset in the file), by lines; `None` for a text that is the file.
    lines: Option<Arc<[(u32, u32)]>>,
    /// Whether documents are let go of, and read once more if somebody asks for a place.
    is_reread: bool,
}

/// The place of the value of a scalar of any file, without its first `skipped` bytes.
pub fn of_scalar(scalar: &Text, skipped: usize, cx: &Cx<'_>) -> Place {
    // A configuration that was printed and read once more stands in the file that it is of.
    let scalar = Text { value: scalar.value.clone(), at: scalar.at.map(|at| cx.written(at)) };
    let file = scalar.at.and_then(|at| cx.sources.get(at.source));
    file.and_then(|file| Place::within(&scalar, skipped, file.text()))
        .unwrap_or_else(|| Place::file(SourceId(u32::MAX)))
}

impl Place {
    /// The text is that source.
    pub fn file(source: SourceId) -> Place {
        Place { source, lines: None, is_reread: false }
    }

    /// The text is that source, and hardly anybody will ask where something in it stands: its documents are read once more
    /// then, and need no memory until then.
    pub fn reread(source: SourceId) -> Place {
        Place { is_reread: true, ..Place::file(source) }
    }

    /// The text is the value of a scalar of a file, without its first `skipped` bytes. Where the file does not have the
    /// text as it is (it is folded, or has escapes), every node stands where the scalar does.
    pub fn within(scalar: &Text, skipped: usize, file: &str) -> Option<Place> {
        let at = scalar.at?;
        let raw = file.get(at.start as usize..at.end as usize)?;
        let lines = lines(raw, &scalar.value).unwrap_or_default();
        let shift =
            |(text, raw): (usize, usize)| Some((text.checked_sub(skipped)? as u32, at.start + raw as u32));
        let mut lines: Vec<(u32, u32)> = lines.into_iter().filter_map(shift).collect();
        if lines.first().is_none_or(|(text, _)| *text > 0) {
            lines.insert(0, (0, at.start));
        }
        Some(Place { source: at.source, lines: Some(lines.into()), is_reread: false })
    }

    /// The source that its nodes' spans are of.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Where a range of the text stands in the file.
    pub fn span(&self, start: u32, end: u32) -> Span {
        match &self.lines {
            None => Span::new(self.source, start, end),
            Some(lines) => {
                let first = shifted(lines, start);
                Span::new(self.source, first, shifted(lines, end).max(first))
            }
        }
    }

    /// Takes in a document, which is that part of the text; gives its first origin.
    pub fn add_part(&self, doc: &Arc<Doc>, part: Range<u32>, origins: &mut Origins) -> OriginId {
        if !self.is_reread {
            return self.add(doc.clone(), origins);
        }
        let (text, len) = (doc.text().clone(), SpanTable::len(&**doc));
        let table = Reread { source: self.source, text, part, len, doc: OnceLock::new() };
        origins.add_document(self.source, Arc::new(table))
    }

    /// Takes a document of the text in; gives its first origin.
    pub fn add(&self, doc: Arc<Doc>, origins: &mut Origins) -> OriginId {
        match &self.lines {
            None => origins.add_document(self.source, doc),
            Some(lines) => {
                let table = Shifted { doc, lines: lines.clone() };
                origins.add_document(self.source, Arc::new(table))
            }
        }
    }
}

/// Where the lines of a scalar's value stand in the text that the scalar is written as; `None` where they do not.
fn lines(raw: &str, value: &str) -> Option<Vec<(usize, usize)>> {
    if let Some(at) = raw.find(value) {
        return Some(vec![(0, at)]);
    }
    let mut found = Vec::new();
    let (mut text_at, mut raw_at) = (0, raw.find('\n')? + 1);
    for line in value.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let rest = raw.get(raw_at..)?;
        let written = rest.split_inclusive('\n').next().unwrap_or("");
        let inner = written.trim_end_matches(['\n', '\r']);
        if !inner.ends_with(bare) || !inner[..inner.len() - bare.len()].trim().is_empty() {
            return if bare.is_empty() { Some(found) } else { None };
        }
        found.push((text_at, raw_at + inner.len() - bare.len()));
        text_at += line.len();
        raw_at += written.len();
    }
    Some(found)
}

/// A document that was read, with what it takes to read it again.
struct Reread {
    source: SourceId,
    text: Arc<str>,
    part: Range<u32>,
    len: u32,
    doc: OnceLock<Option<Arc<Doc>>>,
}

impl SpanTable for Reread {
    fn len(&self) -> u32 {
        self.len
    }

    fn span(&self, index: u32) -> (u32, u32) {
        let doc = self.doc.get_or_init(|| {
            let options = Options::new(Profile::Kustomize);
            read_first_part(self.source, &self.text, self.part.clone(), &options, &mut Diagnostics::new())
        });
        doc.as_ref().map_or((self.part.start, self.part.start), |doc| SpanTable::span(&**doc, index))
    }
}

struct Shifted {
    doc: Arc<Doc>,
    lines: Arc<[(u32, u32)]>,
}

impl SpanTable for Shifted {
    fn len(&self) -> u32 {
        SpanTable::len(&*self.doc)
    }

    fn span(&self, index: u32) -> (u32, u32) {
        let (start, end) = SpanTable::span(&*self.doc, index);
        let first = shifted(&self.lines, start);
        (first, shifted(&self.lines, end).max(first))
    }
}

/// Where an offset of the text stands in the file.
fn shifted(lines: &[(u32, u32)], at: u32) -> u32 {
    let line = lines.partition_point(|(text, _)| *text <= at).saturating_sub(1);
    lines.get(line).map_or(0, |(text, file)| file + at.saturating_sub(*text))
}

#[cfg(test)]
mod tests {
    use yaml::{read, read_first};

    use super::*;

    /// What the value of `b` of the document in `a` stands at.
    fn place_of_b(file: &str) -> String {
        let file: Arc<str> = file.into();
        let options = Options::new(Profile::Kubernetes);
        let docs = read(SourceId(0), &file, &options, &mut Diagnostics::new());
        let node = docs[0].root().unwrap().get("a").unwrap();
        let (start, end) = node.span().unwrap();
        let text = Text { value: node.text().to_owned(), at: Some(Span::new(SourceId(0), start, end)) };
        let used = text.value.trim();
        let skipped = text.value.len() - text.value.trim_start().len();
        let place = Place::within(&text, skipped, &file).unwrap();
        let inner = read_first(place.source(), &used.into(), &options, &mut Diagnostics::new()).unwrap();
        let mut origins = Origins::new();
        let first = place.add(inner.clone(), &mut origins);
        let b = inner.root().unwrap().get("b").unwrap();
        let span = origins.primary(b.origin(first)).unwrap();
        file[span.start as usize..span.end as usize].to_owned()
    }

    #[test]
    fn nodes_stand_where_they_are_written() {
        assert_eq!(place_of_b("a: |-\n  # x\n\n  c: 1\n  b: two\n"), "two");
        assert_eq!(place_of_b("x: 1\na: |\n\n    b: two\n    c: 1\nd: 1\n"), "two");
        assert_eq!(place_of_b("a: '{b: two}'\n"), "two");
        assert_eq!(place_of_b("a: \"{c: 1, b: two}\"\n"), "two");
    }

    #[test]
    fn else_they_stand_in_the_scalar() {
        assert!(!place_of_b("a: \"c: 1\\nb: two\"\n").is_empty());
        assert!(!place_of_b("a: >\n  {c: 1,\n  b: two}\n").is_empty());
    }
}
