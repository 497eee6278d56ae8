//! What the scanner gives to the parser.

use super::cursor::Mark;
use crate::doc::Style;

/// A stretch of the source, or of the buffer that holds what differs from the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Text {
    /// Byte range of the source.
    Source(u32, u32),
    /// Byte range of [`Scanner::buffer`](super::Scanner::buffer).
    Buffer(u32, u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    StreamStart,
    StreamEnd,
    /// `%YAML 1.1`
    Version(u8, u8),
    /// `%TAG handle prefix`: index in [`Scanner::tags`](super::Scanner::tags).
    TagDirective(u32),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    /// `*name`; the name is the value.
    Alias,
    /// `&name`; the name is the value.
    Anchor,
    /// `!handle!suffix`: index in [`Scanner::tags`](super::Scanner::tags).
    Tag(u32),
    Scalar(Style),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: TokenKind,
    pub start: Mark,
    pub end: Mark,
    pub value: Text,
}

impl Token {
    pub fn new(kind: TokenKind, start: Mark, end: Mark) -> Self {
        Token { kind, start, end, value: Text::Source(start.at, start.at) }
    }
}

/// Which of go-yaml's parts gave up; its line numbers count differently in each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Scanner,
    Parser,
    /// What go-yaml says with no line: aliases, merges, limits.
    Composer,
}

/// The first thing that cannot be read, in go-yaml's terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub stage: Stage,
    pub problem: std::borrow::Cow<'static, str>,
    /// Where the scanner or parser stood.
    pub at: Mark,
    /// What was being read; where it began is `since`.
    pub context: &'static str,
    pub since: Option<Mark>,
}
