//! Events to documents: the arena, its tables, anchors and what aliases name.

mod earlier;

use std::collections::HashMap;
use std::sync::Arc;

use self::earlier::Earlier;
use crate::base64;
use crate::emit::go_utf8;

use source::SourceId;

use crate::check::{NOT_FINITE, ODD_KEYS, TYPED_KEYS};
use crate::doc::{ALIAS, ANCHORED, Comment, DECODED, Doc, MERGES, NodeId, Raw, Resolved, Style, TAGGED};
use crate::node::Kind;
use crate::number::{Number, number};
use crate::parse::{Event, EventKind, Parser};
use crate::reader::{Limits, Profile};
use crate::resolve::resolve;
use crate::scan::{Cursor, Fault, Mark, Scanner, Stage, Text};

/// Makes documents of a parser's events; its working memory is kept from document to document.
#[derive(Default)]
pub(crate) struct Composer {
    pub nodes: Vec<Raw>,
    decoded: Vec<(u32, u32, u32)>,
    aliases: Vec<(u32, u32)>,
    tags: Vec<(u32, Box<str>)>,
    anchors: Vec<(u32, u32, u32)>,
    open: Vec<Open>,
    /// Anchored nodes, and where the last of each name is among them.
    named: Vec<Named>,
    by_name: HashMap<Box<str>, usize>,
    /// Nodes so far, each alias counted as all that it stands for; merge keys count for nothing, as in go-yaml.
    weight: u64,
    /// How many of them stand behind aliases.
    aliased: u64,
    odd: u8,
    invalid_binary: Vec<u32>,
    pub cycles: Vec<Cycle>,
    pub last_end: Mark,
    /// Behind the last key or dash that nothing has followed yet, where lines are read.
    pub last_mark: u32,
    /// Where the document began, once it did.
    start: Option<u32>,
    /// What was anchored before this document, where the reader remembers that, and which alias names what of it.
    pub earlier: Earlier,
    borrowed: Vec<(u32, Arc<Doc>, NodeId)>,
    /// How many nodes were borrowed in the whole stream, at most.
    lent: u64,
}

struct Open {
    node: u32,
    weight: u64,
    anchor: Option<usize>,
    /// How many children there are: the odd ones of a map are its values.
    children: u32,
}

/// An alias inside of what it names.
pub(crate) struct Cycle {
    pub span: (u32, u32),
    pub name: Box<str>,
}

struct Named {
    node: u32,
    /// Known once it is complete.
    weight: Option<u64>,
}

/// What a document was read from.
pub(crate) struct Input<'a> {
    pub source: SourceId,
    pub text: &'a Arc<str>,
    pub profile: Profile,
    pub v3: bool,
    pub limits: Limits,
}

impl Composer {
    /// Where the document that is being read began.
    pub fn started(&self) -> Option<u32> {
        self.start
    }

    /// A document of which nothing can be read.
    pub fn nothing(&mut self, input: &Input<'_>, span: (u32, u32)) -> Doc {
        self.clear();
        let mut parser = Parser::new(Scanner::new(Cursor::new(&[], 0), input.v3, 0));
        self.start = Some(span.0);
        Doc { broken: true, ..self.finish(input, &mut parser, span.1) }
    }

    /// The next document; `None` at the end of the stream. What could be read before a fault is kept in the
    /// composer and lost with the next call.
    pub fn next(&mut self, input: &Input<'_>, parser: &mut Parser<'_>) -> Result<Option<Doc>, Box<Fault>> {
        self.clear();
        self.start = None;
        let opening = parser.next()?;
        if opening.kind == EventKind::StreamEnd {
            return Ok(None);
        }
        self.start = Some(opening.start.at);
        self.last_end = opening.end;
        loop {
            let event = parser.next()?;
            match event.kind {
                EventKind::StreamEnd | EventKind::DocumentStart => break,
                EventKind::DocumentEnd => {
                    return Ok(Some(self.finish(input, parser, event.start.at)));
                }
                EventKind::Alias => self.alias(input, &event)?,
                EventKind::Scalar(style) => self.scalar(input, parser, event, style),
                EventKind::SequenceStart(style) => self.open(input, event, Kind::Seq, style),
                EventKind::MappingStart(style) => self.open(input, event, Kind::Map, style),
                EventKind::SequenceEnd | EventKind::MappingEnd => self.close(&event),
            }
            if self.weight > input.limits.expanded {
                return Err(fault("document contains excessive aliasing", self.last_end));
            }
        }
        Ok(None)
    }

    /// Whether the next node is the key of a map's entry.
    fn is_key(&self) -> bool {
        self.open.last().is_some_and(|open| {
            self.nodes[open.node as usize].kind == Kind::Map && open.children.is_multiple_of(2)
        })
    }

    pub fn clear(&mut self) {
        self.nodes.clear();
        self.decoded.clear();
        self.aliases.clear();
        self.tags.clear();
        self.anchors.clear();
        self.open.clear();
        self.named.clear();
        self.by_name.clear();
        // go-yaml counts the document too.
        self.weight = 1;
        self.aliased = 0;
        self.odd = 0;
        self.last_end = Mark::default();
        self.invalid_binary.clear();
        self.borrowed.clear();
    }

    /// Adds a node; gives its index.
    fn push(&mut self, input: &Input<'_>, event: &Event, raw: Raw) -> u32 {
        let id = self.nodes.len() as u32;
        let mut raw = Raw { next: id + 1, ..raw };
        if let Some(open) = self.open.last_mut() {
            open.children += 1;
        }
        if let Some(tag) = &event.tag {
            raw.flags |= TAGGED;
            self.tags.push((id, short_tag(tag)));
        }
        if let Some((start, end)) = event.anchor.filter(|_| raw.flags & ALIAS == 0) {
            raw.flags |= ANCHORED;
            self.anchors.push((id, start, end));
            let name = input.text.get(start as usize..end as usize).unwrap_or("");
            self.by_name.insert(name.into(), self.named.len());
            self.named.push(Named { node: id, weight: None });
        }
        self.nodes.push(raw);
        self.weight += 1;
        id
    }

    /// Notes what the checks have to look for.
    pub fn note_key(&mut self, resolved: Resolved) {
        // Integers past i64 are no keys to sigs.k8s.io/yaml; few keys are integers at all.
        if matches!(resolved, Resolved::Null | Resolved::Merge | Resolved::Int) {
            self.odd |= ODD_KEYS;
        }
        if resolved != Resolved::Str {
            self.odd |= TYPED_KEYS;
        }
    }

    /// Likewise.
    pub fn note_value(&mut self, resolved: Resolved, text: &str) {
        if not_finite(resolved, text) {
            self.odd |= NOT_FINITE;
        }
    }

    /// Whether a collection is open.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Adds a string that is quoted or a block scalar, outside of what the composer itself has open.
    pub fn string(&mut self, input: &Input<'_>, value: Text, style: Style, start: u32, end: u32) {
        let id = self.nodes.len() as u32;
        let mut flags = 0;
        if let Text::Buffer(from, to) = value {
            flags = DECODED;
            self.decoded.push((id, from, to));
        }
        let block = matches!(style, Style::Literal | Style::Folded);
        self.nodes.push(Raw {
            start,
            end: if block { block_end(input, start, end) } else { end },
            next: id + 1,
            kind: Kind::Scalar,
            style,
            resolved: Resolved::Str,
            flags,
        });
        self.last_end.at = end;
    }

    /// A document that the short way has read: all that is in the composer.
    pub fn finish_lines(&mut self, input: &Input<'_>, parser: &mut Parser<'_>, start: u32, end: u32) -> Doc {
        self.start = Some(start);
        let doc = self.finish(input, parser, end);
        // Nothing is read ahead here, so the next document can have the room.
        parser.scanner.buffer.clear();
        doc
    }

    pub fn scalar(&mut self, input: &Input<'_>, parser: &mut Parser<'_>, event: Event, style: Style) {
        let (start, end) = (event.content, event.end);
        let (mut start_at, mut end_at) = (start.at, end.at);
        if event.loose && start.line > self.last_end.line || start.at < self.last_end.at {
            // Nothing at all was written: it stands where its key ended, not at the next token; nor, as the key of a
            // map that is noticed late, before what was read already.
            (start_at, end_at) = (self.last_end.at, self.last_end.at);
        } else {
            self.last_end = end;
        }
        let text = match event.value {
            Text::Source(from, to) => input.text.get(from as usize..to as usize),
            Text::Buffer(from, to) => parser.scanner.buffer.get(from as usize..to as usize),
        }
        .unwrap_or("");
        if matches!(style, Style::Literal | Style::Folded) {
            end_at = block_end(input, start_at, end_at);
        }
        let resolved = match event.tag.as_deref() {
            None if style == Style::Plain => resolve(text, input.v3),
            None => Resolved::Str,
            Some(tag) => by_tag(tag, text, style, input.v3),
        };
        // A merge is a key, in either reader; as a value `<<` is a string.
        let v3_merge = input.v3 && style == Style::Plain && text == "<<" && event.tag.is_none();
        let is_key = self.is_key();
        let merges = is_key
            && text == "<<"
            && match event.tag.as_deref() {
                None => style == Style::Plain,
                Some(tag) => tag == "!" || tag == "tag:yaml.org,2002:merge",
            };
        if merges && let Some(open) = self.open.last() {
            self.nodes[open.node as usize].flags |= MERGES;
        }
        let odd_float = not_finite(resolved, text);
        let mut flags = 0;
        let id = self.nodes.len() as u32;
        if let Text::Buffer(from, to) = event.value {
            flags = DECODED;
            self.decoded.push((id, from, to));
        }
        let through_json = matches!(input.profile, Profile::Kubernetes | Profile::HelmValues);
        if resolved == Resolved::Binary {
            match base64::decode(text) {
                // Through JSON the value is what the text stands for, as far as a string can hold it.
                Some(bytes) if through_json => {
                    flags = DECODED;
                    let from = parser.scanner.buffer.len() as u32;
                    parser.scanner.buffer.push_str(&go_utf8(&bytes));
                    if self.decoded.last().is_some_and(|d| d.0 == id) {
                        self.decoded.pop();
                    }
                    self.decoded.push((id, from, parser.scanner.buffer.len() as u32));
                }
                Some(_) => {}
                None => self.invalid_binary.push(id),
            }
        }
        let resolved = if merges || v3_merge { Resolved::Merge } else { resolved };
        if is_key {
            self.note_key(resolved);
        }
        if odd_float {
            self.odd |= NOT_FINITE;
        }
        let raw = Raw { start: start_at, end: end_at, next: 0, kind: Kind::Scalar, style, resolved, flags };
        let named = self.named.len();
        self.push(input, &event, raw);
        if let Some(named) = self.named.get_mut(named) {
            named.weight = Some(1);
        }
    }

    fn alias(&mut self, input: &Input<'_>, event: &Event) -> Result<(), Box<Fault>> {
        let (from, to) = event.anchor.unwrap_or_default();
        let name = input.text.get(from as usize..to as usize).unwrap_or("");
        let Some(target) = self.by_name.get(name).and_then(|at| self.named.get(*at)) else {
            if let Some((doc, node)) = self.earlier.find(name) {
                return self.borrow(input, event, doc, node);
            }
            return Err(fault(format!("unknown anchor '{name}' referenced"), event.start));
        };
        self.last_end = event.end;
        let Some(weight) = target.weight else {
            // kyaml reads such a tree and dies of it later; the others refuse it as they decode it. Whatever it
            // is read for, the alias stands for nothing.
            self.cycles.push(Cycle { span: (event.start.at, event.end.at), name: name.into() });
            let raw = Raw {
                start: event.start.at,
                end: event.end.at,
                next: 0,
                kind: Kind::Scalar,
                style: Style::Plain,
                resolved: Resolved::Null,
                flags: ALIAS,
            };
            self.push(input, event, raw);
            return Ok(());
        };
        let target = target.node;
        if self.is_key() {
            self.odd |= ODD_KEYS;
        }
        let kind = self.nodes[target as usize].kind;
        let raw = Raw {
            start: event.start.at,
            end: event.end.at,
            next: 0,
            kind,
            style: Style::Plain,
            resolved: self.nodes[target as usize].resolved,
            flags: ALIAS,
        };
        let id = self.push(input, event, raw);
        self.aliases.push((id, target));
        self.weight = self.weight.saturating_add(weight);
        self.aliased = self.aliased.saturating_add(weight);
        if input.profile != Profile::Kustomize && excessive(self.aliased, self.weight) {
            return Err(fault("document contains excessive aliasing", event.start));
        }
        Ok(())
    }

    /// An alias of what stands in an earlier document.
    fn borrow(
        &mut self,
        input: &Input<'_>,
        event: &Event,
        doc: Arc<Doc>,
        node: NodeId,
    ) -> Result<(), Box<Fault>> {
        self.last_end = event.end;
        if self.is_key() {
            self.odd |= ODD_KEYS;
        }
        let target = doc.raw(doc.follow(node));
        let (start, end) = (event.start.at, event.end.at);
        let raw = Raw { start, end, next: 0, style: Style::Plain, flags: ALIAS, ..*target };
        let id = self.push(input, event, raw);
        // Each borrowing is a copy, and the copies of all documents of a stream count together.
        self.lent = self.lent.saturating_add(doc.len() as u64);
        if self.lent > input.limits.expanded {
            return Err(fault("document contains excessive aliasing", event.start));
        }
        self.borrowed.push((id, doc, node));
        Ok(())
    }

    pub fn open(&mut self, input: &Input<'_>, event: Event, kind: Kind, style: Style) {
        let weight = self.weight;
        let resolved = if kind == Kind::Map { Resolved::Map } else { Resolved::Seq };
        // A map whose start is noticed late (`[]: x`) begins no earlier than what was read before it ends.
        if event.content.at > self.last_end.at {
            self.last_end = event.content;
        }
        let at = self.last_end.at;
        if self.is_key() {
            self.odd |= ODD_KEYS;
        }
        let raw = Raw { start: at, end: at, next: 0, kind, style, resolved, flags: 0 };
        let anchor = event.anchor.map(|_| self.named.len());
        let node = self.push(input, &event, raw);
        self.open.push(Open { node, weight, anchor, children: 0 });
    }

    pub fn close(&mut self, event: &Event) {
        // A pair in a flow sequence ends with its value, every other flow collection with its bracket.
        self.close_at((event.end.at > event.start.at).then_some(event.end));
    }

    fn close_at(&mut self, bracket: Option<Mark>) {
        let Some(open) = self.open.pop() else { return };
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[open.node as usize];
        if let Some(bracket) = bracket.filter(|_| node.style == Style::Flow) {
            self.last_end = bracket;
        }
        node.next = next;
        node.end = self.last_end.at.max(node.start);
        if let Some(named) = open.anchor {
            self.named[named].weight = Some(self.weight - open.weight);
        }
    }

    /// What was read of a document before a fault that ends at that offset; `None` before its start.
    pub fn salvage(&mut self, input: &Input<'_>, parser: &mut Parser<'_>, end: u32) -> Option<Doc> {
        self.start?;
        while let Some(open) = self.open.last() {
            let at = self.last_end.at;
            if self.nodes[open.node as usize].kind == Kind::Map && open.children % 2 == 1 {
                self.nodes.push(Raw {
                    start: at,
                    end: at,
                    next: self.nodes.len() as u32 + 1,
                    kind: Kind::Scalar,
                    style: Style::Plain,
                    resolved: Resolved::Null,
                    flags: 0,
                });
            }
            self.close_at(None);
        }
        Some(Doc { broken: true, ..self.finish(input, parser, end) })
    }

    fn finish(&mut self, input: &Input<'_>, parser: &mut Parser<'_>, end: u32) -> Doc {
        let start = self.start.unwrap_or(end);
        let scanner = &mut parser.scanner;
        // Look-ahead may already have read into what follows: its texts stand in the scanner's buffer too, so the
        // document takes a copy of its own part and the buffer is left as it is.
        let from = self.decoded.iter().map(|d| d.1).min().unwrap_or(0);
        let to = self.decoded.iter().map(|d| d.2).max().unwrap_or(0);
        let buffer = scanner.buffer.get(from as usize..to as usize).unwrap_or("").to_owned();
        for (_, start, end) in &mut self.decoded {
            *start -= from;
            *end -= from;
        }
        let comments_to = scanner.comments.partition_point(|c| c.start < end);
        let nodes = self.nodes.as_slice();
        let comments = scanner
            .comments
            .drain(..comments_to)
            .map(|c| Comment {
                start: c.start,
                end: c.end,
                after: nodes.partition_point(|n| n.start < c.start).checked_sub(1).map(|n| NodeId(n as u32)),
                trailing: c.trailing,
            })
            .collect();
        let mut doc = Doc {
            source: input.source,
            text: input.text.clone(),
            span: (start, end),
            nodes: nodes.to_vec(),
            decoded: self.decoded.clone(),
            buffer,
            aliases: self.aliases.clone(),
            tags: std::mem::take(&mut self.tags),
            anchors: self.anchors.clone(),
            comments,
            invalid_binary: std::mem::take(&mut self.invalid_binary),
            v3: input.v3,
            odd: self.odd,
            is_unique: false,
            broken: false,
        };
        for (alias, from, node) in self.borrowed.drain(..) {
            earlier::lend(&mut doc, alias, &from, node);
        }
        doc
    }
}

fn not_finite(resolved: Resolved, text: &str) -> bool {
    resolved == Resolved::Float && matches!(number(text), Some(Number::Float(f)) if !f.is_finite())
}

/// Where a block scalar's last line ends, less the breaks that a scanner takes with it.
fn block_end(input: &Input<'_>, start: u32, end: u32) -> u32 {
    let written = &input.text.as_bytes()[start as usize..end as usize];
    end - written.iter().rev().take_while(|b| b" \t\r\n".contains(b)).count() as u32
}

/// go-yaml's guard against documents that aliases blow up: the more there is, the less of it may be aliased.
fn excessive(aliased: u64, all: u64) -> bool {
    let allowed = match all {
        0..=400_000 => 0.99,
        4_000_000.. => 0.10,
        _ => 0.99 - 0.89 * ((all - 400_000) as f64 / 3_600_000.0),
    };
    aliased > 100 && all > 1000 && aliased as f64 / all as f64 > allowed
}

fn fault(problem: impl Into<std::borrow::Cow<'static, str>>, at: Mark) -> Box<Fault> {
    Box::new(Fault { stage: Stage::Composer, problem: problem.into(), at, context: "", since: None })
}

/// `!!str` for `tag:yaml.org,2002:str`.
fn short_tag(tag: &str) -> Box<str> {
    match tag.strip_prefix("tag:yaml.org,2002:") {
        Some(name) => format!("!!{name}").into(),
        None => tag.into(),
    }
}

/// What a scalar with a tag is; a tag that its text does not fit is found by the checks, and is a string here.
fn by_tag(tag: &str, text: &str, style: Style, v3: bool) -> Resolved {
    let Some(name) = tag.strip_prefix("tag:yaml.org,2002:") else {
        // v3 takes a lone `!` for no tag at all, v2 for one that it does not know.
        return if v3 && tag == "!" && style == Style::Plain { resolve(text, v3) } else { Resolved::Str };
    };
    let plain = resolve(text, v3);
    match name {
        "binary" => Resolved::Binary,
        "float" if matches!(plain, Resolved::Int | Resolved::Float) => Resolved::Float,
        "int" if plain == Resolved::Int => plain,
        "bool" if plain == Resolved::Bool => plain,
        "null" if plain == Resolved::Null => plain,
        "timestamp" if plain == Resolved::Timestamp => plain,
        _ => Resolved::Str,
    }
}
