//! The texts of one run, each with a name and an id.

use std::sync::{Arc, OnceLock};

use crate::lines::{LineColumn, LineIndex};

/// Names one text of a run. Ids are dense and are given in the sorted order of the inputs, so that the same
/// input numbers its sources alike on any number of threads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

/// A half-open byte range of one source.
///
/// Bytes and never lines: a span survives as three words, and [`Source::line_column`] derives what a person
/// reads from an index that is built once a file and only where something is shown. `u32` limits a source to
/// 4 GiB; readers refuse far smaller ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The text that the range is of.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `source`.
    pub fn new(source: SourceId, start: u32, end: u32) -> Self {
        Span { source, start, end }
    }

    /// The empty range at the start of a source: what is said of a text as a whole points here.
    pub fn top(source: SourceId) -> Self {
        Span { source, start: 0, end: 0 }
    }
}

/// What a text is: a file, or something that a person wrote elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceKind {
    /// A file, by path.
    File,
    /// Standard input.
    Stdin,
    /// An argument of the command line, such as `--set image.tag=1`.
    Argument,
    /// Text that the program made, such as a rendered template.
    Rendered,
}

/// One text: its name as a person knows it, and its bytes.
pub struct Source {
    /// The path as given, `<stdin>`, or the argument's flag.
    pub name: Box<str>,
    /// What the text is.
    pub kind: SourceKind,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A text with its name.
    pub fn new(name: impl Into<Box<str>>, kind: SourceKind, text: impl Into<Arc<str>>) -> Self {
        Source { name: name.into(), kind, text: text.into(), lines: OnceLock::new() }
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The index of line starts, built at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset, both counted from 1, the column in characters.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        self.lines().line_column(&self.text, offset)
    }
}

/// All texts of a run, by id.
#[derive(Default)]
pub struct Sources {
    all: Vec<Arc<Source>>,
}

impl Sources {
    /// Without any text yet.
    pub fn new() -> Self {
        Sources::default()
    }

    /// Takes a text in and names it.
    pub fn add(&mut self, source: Source) -> SourceId {
        self.add_shared(Arc::new(source))
    }

    /// Takes in a text that somebody else holds too, such as one chart's file that two renders read.
    pub fn add_shared(&mut self, source: Arc<Source>) -> SourceId {
        let id = SourceId(self.all.len() as u32);
        self.all.push(source);
        id
    }

    /// The text of that name, `None` where the id is of another run.
    pub fn get(&self, id: SourceId) -> Option<&Arc<Source>> {
        self.all.get(id.0 as usize)
    }

    /// The bytes that a span names; empty where it does not fit its source.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).and_then(|s| s.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// All texts with their ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
        self.all.iter().enumerate().map(|(i, s)| (SourceId(i as u32), s))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
