//! Tokens to events: libyaml's state machine, so that what is accepted and which mistake is met first are go-yaml's.

use crate::doc::Style;
use crate::scan::{Fault, Mark, Scanner, Stage, Text, Token, TokenKind};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EventKind {
    StreamEnd,
    /// Whether by `---`.
    DocumentStart,
    /// Whether by `...`.
    DocumentEnd,
    Alias,
    Scalar(Style),
    SequenceStart(Style),
    SequenceEnd,
    MappingStart(Style),
    MappingEnd,
}

/// What a node is made of, in document order.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub kind: EventKind,
    /// With tag and anchor.
    pub start: Mark,
    /// Without tag and anchor.
    pub content: Mark,
    pub end: Mark,
    /// Whether its place is that of the token after it.
    pub loose: bool,
    pub value: Text,
    /// Name of the anchor, or of the alias, in the source.
    pub anchor: Option<(u32, u32)>,
    /// Resolved by `%TAG`, such as `tag:yaml.org,2002:str`; `!` is itself.
    pub tag: Option<Box<str>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirst,
    FlowSequenceEntry,
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

pub(crate) struct Parser<'t> {
    pub scanner: Scanner<'t>,
    state: State,
    states: Vec<State>,
    marks: Vec<Mark>,
    /// Handles and prefixes in force.
    handles: Vec<(String, String)>,
}

type Parse<T> = Result<T, Box<Fault>>;
use EventKind as E;
use TokenKind as T;

impl<'t> Parser<'t> {
    pub fn new(scanner: Scanner<'t>) -> Self {
        Parser {
            scanner,
            state: State::StreamStart,
            states: Vec::new(),
            marks: Vec::new(),
            handles: Vec::new(),
        }
    }

    /// Makes ready for one flow collection, whose bracket is there, and which stands in a block collection of
    /// that indentation. Its events come next; what is behind it is not looked at.
    pub fn begin_flow(&mut self, mark: Mark, indent: i32) {
        self.scanner.begin_value(mark, indent);
        self.states.clear();
        self.states.push(State::End);
        self.marks.clear();
        self.state = State::BlockNode;
    }

    pub fn next(&mut self) -> Parse<Event> {
        loop {
            if let Some(event) = self.step()? {
                return Ok(event);
            }
        }
    }

    fn step(&mut self) -> Parse<Option<Event>> {
        match self.state {
            State::StreamStart => {
                self.scanner.peek()?;
                self.scanner.take();
                self.state = State::ImplicitDocumentStart;
                Ok(None)
            }
            State::ImplicitDocumentStart => self.document_start(true).map(Some),
            State::DocumentStart => self.document_start(false).map(Some),
            State::DocumentContent => {
                let token = self.scanner.peek()?;
                if matches!(
                    token.kind,
                    T::Version(..) | T::TagDirective(_) | T::DocumentStart | T::DocumentEnd | T::StreamEnd
                ) {
                    self.pop_state();
                    return Ok(Some(absent(token.start)));
                }
                self.node(true, false).map(Some)
            }
            State::DocumentEnd => self.document_end().map(Some),
            State::BlockNode => self.node(true, false).map(Some),
            State::BlockSequenceEntry => self.block_sequence_entry().map(Some),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry().map(Some),
            State::BlockMappingKey => self.block_mapping_key().map(Some),
            State::BlockMappingValue => self.block_mapping_value().map(Some),
            State::FlowSequenceFirst => self.flow_sequence_entry(true).map(Some),
            State::FlowSequenceEntry => self.flow_sequence_entry(false).map(Some),
            State::FlowPairKey => self.flow_pair_key().map(Some),
            State::FlowPairValue => self.flow_pair_value().map(Some),
            State::FlowPairEnd => {
                let token = self.scanner.peek()?;
                self.state = State::FlowSequenceEntry;
                Ok(Some(event(E::MappingEnd, token.start, token.start)))
            }
            State::FlowMappingFirst => self.flow_mapping_key(true).map(Some),
            State::FlowMappingKey => self.flow_mapping_key(false).map(Some),
            State::FlowMappingValue => self.flow_mapping_value(false).map(Some),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true).map(Some),
            State::End => Ok(Some(event(E::StreamEnd, self.scanner.cursor.mark, self.scanner.cursor.mark))),
        }
    }

    /// The event being made takes the comments that are due.
    fn take_comments(&mut self) {
        if let Some(attach) = &mut self.scanner.attach {
            attach.event();
        }
    }

    /// Past a dash: gives the token behind it.
    fn past_dash(&mut self) -> Parse<Token> {
        let head = self.scanner.attach.as_ref().map_or(0, |a| a.head_length());
        let next = self.advance()?;
        if let Some(attach) = &mut self.scanner.attach {
            attach.split_stem(head, next.kind);
        }
        Ok(next)
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// Takes the current token and gives the next.
    fn advance(&mut self) -> Parse<Token> {
        self.scanner.take();
        self.scanner.peek()
    }

    fn fault<X>(&self, problem: &'static str, at: Mark) -> Parse<X> {
        Err(Box::new(Fault { stage: Stage::Parser, problem: problem.into(), at, context: "", since: None }))
    }

    fn fault_in<X>(
        &self,
        context: &'static str,
        since: Option<Mark>,
        problem: &'static str,
        at: Mark,
    ) -> Parse<X> {
        Err(Box::new(Fault { stage: Stage::Parser, problem: problem.into(), at, context, since }))
    }

    fn document_start(&mut self, first: bool) -> Parse<Event> {
        let mut token = self.scanner.peek()?;
        while !first && token.kind == T::DocumentEnd {
            token = self.advance()?;
        }
        if token.kind == T::StreamEnd {
            self.state = State::End;
            self.scanner.take();
            return Ok(event(E::StreamEnd, token.start, token.end));
        }
        let marked = matches!(token.kind, T::Version(..) | T::TagDirective(_) | T::DocumentStart);
        if first && !marked {
            self.directives()?;
            if let Some(attach) = &mut self.scanner.attach {
                attach.document_start();
            }
            self.states.push(State::DocumentEnd);
            self.state = State::BlockNode;
            return Ok(event(E::DocumentStart, token.start, token.start));
        }
        let start = token.start;
        self.directives()?;
        let token = self.scanner.peek()?;
        if token.kind != T::DocumentStart {
            return self.fault("did not find expected <document start>", token.start);
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.scanner.take();
        Ok(event(E::DocumentStart, start, token.end))
    }

    fn directives(&mut self) -> Parse<()> {
        let mut token = self.scanner.peek()?;
        let mut versioned = false;
        loop {
            match token.kind {
                T::Version(major, minor) => {
                    if versioned {
                        return self.fault("found duplicate %YAML directive", token.start);
                    }
                    if (major, minor) != (1, 1) {
                        return self.fault("found incompatible YAML document", token.start);
                    }
                    versioned = true;
                }
                T::TagDirective(at) => {
                    let directive = self.scanner.tags[at as usize].clone();
                    if self.handles.iter().any(|(handle, _)| *handle == directive.0) {
                        return self.fault("found duplicate %TAG directive", token.start);
                    }
                    self.handles.push(directive);
                }
                _ => break,
            }
            token = self.advance()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.handles.iter().any(|(known, _)| known == handle) {
                self.handles.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn document_end(&mut self) -> Parse<Event> {
        let token = self.scanner.peek()?;
        let mut end = token.start;
        if token.kind == T::DocumentEnd {
            end = token.end;
            self.scanner.take();
        }
        self.handles.clear();
        self.state = State::DocumentStart;
        if let Some(attach) = &mut self.scanner.attach {
            attach.document_end();
        }
        Ok(event(E::DocumentEnd, token.start, end))
    }

    fn node(&mut self, block: bool, indentless: bool) -> Parse<Event> {
        let mut token = self.scanner.peek()?;
        if token.kind == T::Alias {
            self.pop_state();
            self.take_comments();
            self.scanner.take();
            let mut alias = event(E::Alias, token.start, token.end);
            alias.anchor = name(&token);
            return Ok(alias);
        }
        let start = token.start;
        let mut end = start;
        let mut anchor = None;
        let mut tag = None;
        // Each at most once, in either order.
        for _ in 0..2 {
            match token.kind {
                T::Anchor if anchor.is_none() => anchor = name(&token),
                T::Tag(at) if tag.is_none() => tag = Some((at, token.start)),
                _ => break,
            }
            end = token.end;
            token = self.advance()?;
        }
        let tag = match tag {
            Some((at, mark)) => Some(self.resolve_tag(at, start, mark)?),
            None => None,
        };
        let mut made = Event {
            kind: E::StreamEnd,
            start,
            content: token.start,
            end: token.end,
            loose: false,
            value: token.value,
            anchor,
            tag,
        };
        match token.kind {
            T::BlockEntry if indentless => {
                self.state = State::IndentlessSequenceEntry;
                made.kind = E::SequenceStart(Style::Block);
            }
            T::Scalar(style) => {
                self.pop_state();
                self.take_comments();
                self.scanner.take();
                made.kind = E::Scalar(style);
            }
            T::FlowSequenceStart => {
                self.marks.push(token.start);
                self.take_comments();
                self.scanner.take();
                self.state = State::FlowSequenceFirst;
                made.kind = E::SequenceStart(Style::Flow);
            }
            T::FlowMappingStart => {
                self.marks.push(token.start);
                self.take_comments();
                self.scanner.take();
                self.state = State::FlowMappingFirst;
                made.kind = E::MappingStart(Style::Flow);
            }
            T::BlockSequenceStart if block => {
                self.marks.push(token.start);
                if let Some(attach) = &mut self.scanner.attach {
                    attach.block_start();
                }
                self.scanner.take();
                self.state = State::BlockSequenceEntry;
                made.kind = E::SequenceStart(Style::Block);
            }
            T::BlockMappingStart if block => {
                self.marks.push(token.start);
                if let Some(attach) = &mut self.scanner.attach {
                    attach.block_start();
                }
                self.scanner.take();
                self.state = State::BlockMappingKey;
                made.kind = E::MappingStart(Style::Block);
            }
            _ if made.anchor.is_some() || made.tag.is_some() => {
                self.pop_state();
                made.kind = E::Scalar(Style::Plain);
                made.content = end;
                made.end = end;
                made.value = Text::Source(end.at, end.at);
            }
            _ => {
                let context = if block { "while parsing a block node" } else { "while parsing a flow node" };
                return self.fault_in(
                    context,
                    Some(start),
                    "did not find expected node content",
                    token.start,
                );
            }
        }
        Ok(made)
    }

    fn resolve_tag(&mut self, at: u32, start: Mark, mark: Mark) -> Parse<Box<str>> {
        let (handle, suffix) = &self.scanner.tags[at as usize];
        if handle.is_empty() {
            return Ok(suffix.as_str().into());
        }
        match self.handles.iter().find(|(known, _)| known == handle) {
            Some((_, prefix)) => Ok(format!("{prefix}{suffix}").into()),
            None => self.fault_in("while parsing a node", Some(start), "found undefined tag handle", mark),
        }
    }

    /// A node in that state afterwards, or nothing at all, which is a null.
    fn value_or_empty(&mut self, then: State, is_empty: bool, at: Mark, kind: (bool, bool)) -> Parse<Event> {
        if is_empty {
            self.state = then;
            Ok(empty(at))
        } else {
            self.states.push(then);
            self.node(kind.0, kind.1)
        }
    }

    fn close(&mut self, token: &Token, kind: EventKind) -> Event {
        self.pop_state();
        self.marks.pop();
        self.scanner.take();
        event(kind, token.start, token.end)
    }

    fn block_sequence_entry(&mut self) -> Parse<Event> {
        let token = self.scanner.peek()?;
        match token.kind {
            T::BlockEntry => {
                let mark = token.end;
                let next = self.past_dash()?;
                let is_empty = matches!(next.kind, T::BlockEntry | T::BlockEnd);
                self.value_or_empty(State::BlockSequenceEntry, is_empty, mark, (true, false))
            }
            T::BlockEnd => Ok(self.close(&token, E::SequenceEnd)),
            _ => {
                let since = self.marks.pop();
                self.fault_in(
                    "while parsing a block collection",
                    since,
                    "did not find expected '-' indicator",
                    token.start,
                )
            }
        }
    }

    fn indentless_sequence_entry(&mut self) -> Parse<Event> {
        let token = self.scanner.peek()?;
        if token.kind == T::BlockEntry {
            let mark = token.end;
            let next = self.past_dash()?;
            let is_empty = matches!(next.kind, T::BlockEntry | T::Key | T::Value | T::BlockEnd);
            return self.value_or_empty(State::IndentlessSequenceEntry, is_empty, mark, (true, false));
        }
        self.pop_state();
        Ok(event(E::SequenceEnd, token.start, token.start))
    }

    fn block_mapping_key(&mut self) -> Parse<Event> {
        let token = self.scanner.peek()?;
        match token.kind {
            T::Key => {
                let mark = token.end;
                let next = self.advance()?;
                let is_empty = matches!(next.kind, T::Key | T::Value | T::BlockEnd);
                self.value_or_empty(State::BlockMappingValue, is_empty, mark, (true, true))
            }
            T::BlockEnd => {
                self.take_comments();
                Ok(self.close(&token, E::MappingEnd))
            }
            _ => {
                let since = self.marks.pop();
                self.fault_in(
                    "while parsing a block mapping",
                    since,
                    "did not find expected key",
                    token.start,
                )
            }
        }
    }

    fn block_mapping_value(&mut self) -> Parse<Event> {
        let token = self.scanner.peek()?;
        if token.kind != T::Value {
            self.state = State::BlockMappingKey;
            return Ok(absent(token.start));
        }
        let mark = token.end;
        let next = self.advance()?;
        let is_empty = matches!(next.kind, T::Key | T::Value | T::BlockEnd);
        self.value_or_empty(State::BlockMappingKey, is_empty, mark, (true, true))
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Parse<Event> {
        let mut token = self.scanner.peek()?;
        if token.kind != T::FlowSequenceEnd {
            if !first {
                if token.kind != T::FlowEntry {
                    let since = self.marks.pop();
                    return self.fault_in(
                        "while parsing a flow sequence",
                        since,
                        "did not find expected ',' or ']'",
                        token.start,
                    );
                }
                token = self.advance()?;
            }
            if token.kind == T::Key {
                self.state = State::FlowPairKey;
                self.scanner.take();
                return Ok(event(E::MappingStart(Style::Flow), token.start, token.end));
            }
            if token.kind != T::FlowSequenceEnd {
                self.states.push(State::FlowSequenceEntry);
                return self.node(false, false);
            }
        }
        self.take_comments();
        Ok(self.close(&token, E::SequenceEnd))
    }

    fn flow_pair_key(&mut self) -> Parse<Event> {
        let token = self.scanner.peek()?;
        if !matches!(token.kind, T::Value | T::FlowEntry | T::FlowSequenceEnd) {
            self.states.push(State::FlowPairValue);
            return self.node(false, false);
        }
        // libyaml takes the token here, whatever it is; go-yaml kept that.
        self.scanner.take();
        self.state = State::FlowPairValue;
        Ok(empty(token.end))
    }

    fn flow_pair_value(&mut self) -> Parse<Event> {
        let mut token = self.scanner.peek()?;
        if token.kind == T::Value {
            token = self.advance()?;
            if !matches!(token.kind, T::FlowEntry | T::FlowSequenceEnd) {
                self.states.push(State::FlowPairEnd);
                return self.node(false, false);
            }
        }
        self.state = State::FlowPairEnd;
        Ok(absent(token.start))
    }

    fn flow_mapping_key(&mut self, first: bool) -> Parse<Event> {
        let mut token = self.scanner.peek()?;
        if token.kind != T::FlowMappingEnd {
            if !first {
                if token.kind != T::FlowEntry {
                    let since = self.marks.pop();
                    return self.fault_in(
                        "while parsing a flow mapping",
                        since,
                        "did not find expected ',' or '}'",
                        token.start,
                    );
                }
                token = self.advance()?;
            }
            if token.kind == T::Key {
                let next = self.advance()?;
                let is_empty = matches!(next.kind, T::Value | T::FlowEntry | T::FlowMappingEnd);
                return self.value_or_empty(State::FlowMappingValue, is_empty, next.start, (false, false));
            }
            if token.kind != T::FlowMappingEnd {
                self.states.push(State::FlowMappingEmptyValue);
                return self.node(false, false);
            }
        }
        self.take_comments();
        Ok(self.close(&token, E::MappingEnd))
    }

    fn flow_mapping_value(&mut self, empty: bool) -> Parse<Event> {
        let mut token = self.scanner.peek()?;
        if !empty && token.kind == T::Value {
            token = self.advance()?;
            if !matches!(token.kind, T::FlowEntry | T::FlowMappingEnd) {
                self.states.push(State::FlowMappingKey);
                return self.node(false, false);
            }
        }
        self.state = State::FlowMappingKey;
        Ok(absent(token.start))
    }
}

fn event(kind: EventKind, start: Mark, end: Mark) -> Event {
    Event {
        kind,
        start,
        content: start,
        end,
        loose: false,
        value: Text::Source(start.at, start.at),
        anchor: None,
        tag: None,
    }
}

/// A scalar of no bytes, where nothing announced it: it is noticed at the next token only.
fn absent(next: Mark) -> Event {
    Event { loose: true, ..empty(next) }
}

/// A scalar of no bytes, behind the dash, the question mark or the colon.
fn empty(at: Mark) -> Event {
    event(E::Scalar(Style::Plain), at, at)
}

fn name(token: &Token) -> Option<(u32, u32)> {
    match token.value {
        Text::Source(start, end) => Some((start, end)),
        Text::Buffer(..) => None,
    }
}
