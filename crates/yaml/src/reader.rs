//! Text to documents.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use source::{Diagnostic, Diagnostics, LineIndex, Severity, SourceId, Span};

use crate::bytes::{forbidden, without_forbidden};
use crate::check::{ODD_KEYS, TYPED_KEYS, check};
use crate::codes;
use crate::compose::{Composer, Input};
use crate::diagnose::diagnose;
use crate::doc::Doc;
use crate::fast::Lines;
use crate::parse::Parser;
use crate::scan::{Cursor, Fault, Mark, Scanner, Stage};
use crate::split::{documents, separable};

/// Whose reading is followed: what is accepted, how plain scalars are typed, what equal keys mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Profile {
    /// sigs.k8s.io/yaml 1.6: what kubectl and the server read. YAML 1.1, equal keys are reported.
    Kubernetes,
    /// Helm's reader of values files: as above, the last of equal keys wins.
    HelmValues,
    /// go-yaml v3 below kyaml 0.21: what Kustomize reads.
    Kustomize,
    /// go.yaml.in/yaml v2 into untyped values.
    GoYamlV2,
    /// go.yaml.in/yaml v3 into untyped values.
    GoYamlV3,
}

/// What is refused with a located error, so that any input is survivable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Levels of nesting; Go's readers accept 10,000.
    pub depth: u32,
    /// Nodes of a document after every alias is expanded.
    pub expanded: u64,
    /// Bytes of a text.
    pub bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: 10_000, expanded: 10_000_000, bytes: 512 << 20 }
    }
}

/// How to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Whose reading.
    pub profile: Profile,
    /// What is refused.
    pub limits: Limits,
    /// Whether an alias may name what an earlier document of the stream holds, as go-yaml v3's decoder has it. kyaml
    /// uses that decoder, but cuts a text into documents first.
    pub keep_anchors: bool,
}

impl Options {
    /// As that program reads, with the default limits.
    pub fn new(profile: Profile) -> Self {
        Options { profile, limits: Limits::default(), keep_anchors: profile == Profile::GoYamlV3 }
    }
}

/// Reads all documents of a text. It never fails: a broken document is what could be read of it, and `out` says
/// what is wrong, once a mistake.
///
/// ```
/// use std::sync::Arc;
/// let text: Arc<str> = "a: 1\n---\nb: [x, 0x1F]\n".into();
/// let mut out = source::Diagnostics::new();
/// let options = yaml::Options::new(yaml::Profile::Kubernetes);
/// let docs = yaml::read(source::SourceId(0), &text, &options, &mut out);
/// assert!(out.is_empty());
/// let items: Vec<_> = docs[1].root().unwrap().get("b").unwrap().items().collect();
/// assert_eq!(items[0].value(), yaml::Value::Str("x"));
/// assert_eq!(items[1].value(), yaml::Value::Int(31));
/// ```
pub fn read(source: SourceId, text: &Arc<str>, options: &Options, out: &mut Diagnostics) -> Vec<Arc<Doc>> {
    Reader::new(source, text, options, 0..length(text)).all(out)
}

/// Reads one part of a text, as [`split`](crate::split) cuts it. Spans are those of the whole text.
pub fn read_part(
    source: SourceId,
    text: &Arc<str>,
    part: Range<u32>,
    options: &Options,
    out: &mut Diagnostics,
) -> Vec<Arc<Doc>> {
    if text.get(part.start as usize..part.end as usize).is_none() {
        return Vec::new();
    }
    Reader::new(source, text, options, part).all(out)
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Reads the first document alone, as `sigs.k8s.io/yaml` does: what follows it is neither read nor checked, but
/// for the token after its end. `None` for an empty text and for a document with an error of syntax.
///
/// What `out` gets first is what upstream would say.
pub fn read_first(
    source: SourceId,
    text: &Arc<str>,
    options: &Options,
    out: &mut Diagnostics,
) -> Option<Arc<Doc>> {
    Reader::new(source, text, options, 0..length(text)).first(out)
}

/// Reads the first document of one part of a text, as [`read_first`] does of a whole one: a reader that cuts a text into
/// documents by itself gives each of them to go-yaml alone. Spans are those of the whole text; upstream's texts count
/// lines from the part's first.
pub fn read_first_part(
    source: SourceId,
    text: &Arc<str>,
    part: Range<u32>,
    options: &Options,
    out: &mut Diagnostics,
) -> Option<Arc<Doc>> {
    text.get(part.start as usize..part.end as usize)?;
    Reader::new(source, text, options, part).first(out)
}

/// So many mistakes of one document are told; a text with more is no YAML.
const MISTAKES: u32 = 20;

struct Reader<'a> {
    input: Input<'a>,
    options: &'a Options,
    /// What is to be read of the text.
    part: Range<u32>,
    /// The text without what YAML forbids, and where the first of that is.
    bytes: Cow<'a, [u8]>,
    forbidden: Option<usize>,
    /// Built where a text of upstream's needs it.
    lines: OnceCell<LineIndex>,
}

impl<'a> Reader<'a> {
    fn new(source: SourceId, text: &'a Arc<str>, options: &'a Options, part: Range<u32>) -> Self {
        let profile = options.profile;
        let forbidden = forbidden(&text[part.start as usize..part.end as usize]);
        Reader {
            input: Input { source, text, profile, v3: profile.is_v3(), limits: options.limits },
            options,
            bytes: if forbidden.is_some() { without_forbidden(text) } else { Cow::Borrowed(text.as_bytes()) },
            forbidden: forbidden.map(|at| part.start as usize + at),
            part,
            lines: OnceCell::new(),
        }
    }

    /// Says that the text is too large, if it is.
    fn too_large(&self, out: &mut Diagnostics) -> bool {
        let (size, limit) = (self.input.text.len(), self.options.limits.bytes);
        if size <= limit as usize {
            return false;
        }
        let message = format!("the text has {size} bytes, more than the {limit} that are read");
        out.push(Diagnostic::new(&codes::YAML_LIMIT, Span::top(self.input.source), message));
        true
    }

    fn parser(&self, at: u32, line: u32) -> Parser<'_> {
        let mut cursor = Cursor::new(&self.bytes, at);
        cursor.mark.line = line;
        Parser::new(Scanner::new(cursor, self.input.v3, self.options.limits.depth))
    }

    /// A byte order mark at the start is no part of the text.
    fn start(&self) -> u32 {
        let marked = self.part.start == 0 && self.input.text.starts_with('\u{FEFF}');
        if marked { 3 } else { self.part.start }
    }

    fn all(&self, out: &mut Diagnostics) -> Vec<Arc<Doc>> {
        let mut docs = Vec::new();
        if self.too_large(out) {
            return docs;
        }
        out.extend(self.forbidden.map(|at| self.forbidden_character(at)));
        let mut composer = Composer::default();
        let mut mended = Vec::new();
        let bytes: &[u8] = self.bytes.get(..self.part.end as usize).unwrap_or_default();
        let own = bytes.get(self.part.start as usize..).unwrap_or_default();
        if self.input.v3 || !separable(own) {
            let line = memchr::memchr_iter(b'\n', &bytes[..self.part.start as usize]).count() as u32;
            let whole = self.start()..self.part.end;
            self.stream(&mut composer, whole, line, &mut mended, &mut docs, out);
            return docs;
        }
        let mut lines = self.parser(0, 0);
        let (mut counted, mut line) = (0, 0);
        for (from, to) in documents(bytes, self.start()) {
            lines.scanner.cursor.bytes = &bytes[..to as usize];
            composer.clear();
            let part = &bytes[..to as usize];
            let read = Lines::new(&mut composer, &mut lines, &self.input, part).read(from as usize);
            if read.is_ok() && composer.nodes.len() as u64 <= self.input.limits.expanded {
                let doc = composer.finish_lines(&self.input, &mut lines, from, to);
                docs.push(self.finished(doc, &mut composer, out));
                continue;
            }
            lines.scanner.buffer.clear();
            lines.scanner.comments.clear();
            line += memchr::memchr_iter(b'\n', &bytes[counted..from as usize]).count() as u32;
            counted = from as usize;
            self.stream(&mut composer, from..to, line, &mut mended, &mut docs, out);
        }
        docs
    }

    /// Reads what stands between two offsets by all the rules.
    ///
    /// Where a document has a mistake, the lines that it spoils are left out and the document is read again, so
    /// that the next mistake shows as well. `mended` is the text without what was left out so far.
    fn stream(
        &self,
        composer: &mut Composer,
        part: Range<u32>,
        line: u32,
        mended: &mut Vec<u8>,
        docs: &mut Vec<Arc<Doc>>,
        out: &mut Diagnostics,
    ) {
        let (mut at, mut line) = (part.start, line);
        let mut mistakes = 0;
        loop {
            let bytes = if mended.is_empty() {
                &self.bytes[..part.end as usize]
            } else {
                &mended[..part.end as usize]
            };
            let mut parser = self.parser(at, line);
            parser.scanner.cursor.bytes = bytes;
            let fault = loop {
                match composer.next(&self.input, &mut parser) {
                    Ok(Some(mut doc)) => {
                        // Comments above the first document belong to it.
                        if docs.is_empty() {
                            doc.span.0 = doc.span.0.min(part.start);
                        }
                        doc.broken = mistakes > 0;
                        mistakes = 0;
                        let doc = self.finished(doc, composer, out);
                        if self.options.keep_anchors {
                            composer.earlier.note(&doc);
                        }
                        docs.push(doc);
                    }
                    Ok(None) => {
                        // Nothing is left of a document without its mistakes; it was one all the same.
                        if mistakes > 0 {
                            docs.push(Arc::new(composer.nothing(&self.input, (at, part.end))));
                        }
                        return;
                    }
                    Err(fault) => break fault,
                }
            };
            let from = composer.started().unwrap_or(at);
            if mistakes < MISTAKES {
                let quoted = parser.scanner.last_quoted.clone();
                let found = diagnose(self.input.source, bytes, from as usize, &fault, quoted);
                let upstream = (mistakes == 0).then(|| upstream_text(&fault, self.options.profile));
                out.push(Diagnostic { upstream, ..found.diagnostic });
                mistakes += 1;
                let left_out = found.leave_out;
                let visible = |range: &Range<usize>| {
                    bytes.get(range.clone()).is_some_and(|b| b.iter().any(|b| *b > b' '))
                };
                if mistakes < MISTAKES && left_out.iter().any(visible) {
                    line += memchr::memchr_iter(b'\n', &bytes[at as usize..from as usize]).count() as u32;
                    at = from;
                    if mended.is_empty() {
                        mended.extend_from_slice(&self.bytes);
                    }
                    for range in left_out {
                        mended[range].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
                    }
                    continue;
                }
            }
            // What follows the broken document is read all the same. The parser's look-ahead may be past the
            // `---` that its fault is at.
            let read_to = parser.scanner.cursor.mark;
            let stand = if fault.at.at > at && fault.at.at < read_to.at { fault.at } else { read_to };
            let next = next_document(bytes, stand);
            let end = next.map_or(part.end, |(at, _)| at);
            if let Some(mut doc) = composer.salvage(&self.input, &mut parser, end) {
                if docs.is_empty() {
                    doc.span.0 = doc.span.0.min(part.start);
                }
                docs.push(self.finished(doc, composer, out));
            }
            mistakes = 0;
            let Some((next, lines)) = next else { return };
            (at, line) = (next, stand.line + lines);
        }
    }

    fn first(&self, out: &mut Diagnostics) -> Option<Arc<Doc>> {
        if self.too_large(out) {
            return None;
        }
        let mut composer = Composer::default();
        let mut parser = self.parser(self.start(), 0);
        // What is forbidden takes no room in the bytes; a part with any of it is refused.
        let end = (self.part.end as usize).min(self.bytes.len());
        parser.scanner.cursor.bytes = &self.bytes[..end];
        let result = composer.next(&self.input, &mut parser);
        // go-yaml reads by blocks of 512 bytes, and looks at the characters of a whole block first.
        let start = self.part.start as usize;
        let read_to = (parser.scanner.cursor.mark.at as usize + 4).saturating_sub(start);
        if let Some(at) = self.forbidden.filter(|at| (at - start) / 512 * 512 < read_to) {
            out.push(self.forbidden_character(at));
            return None;
        }
        match result {
            Ok(doc) => doc.map(|doc| self.finished(doc, &mut composer, out)),
            Err(fault) => {
                out.push(self.syntax(&fault));
                None
            }
        }
    }

    /// Checks what does not show while a document is read.
    fn finished(&self, doc: Doc, composer: &mut Composer, out: &mut Diagnostics) -> Arc<Doc> {
        for cycle in composer.cycles.drain(..) {
            let place = Span::new(self.input.source, cycle.span.0, cycle.span.1);
            let message = format!("the alias `*{0}` stands inside of `&{0}` itself", cycle.name);
            out.push(
                Diagnostic::new(&codes::YAML_ALIAS, place, message)
                    .upstream(format!("yaml: anchor '{}' value contains itself", cycle.name)),
            );
        }
        let mut found = Diagnostics::new();
        check(&doc, self.options.profile, &self.lines, &mut found);
        // Upstream refuses the whole document for a key or a tag; only equal keys leave all of it in place.
        let refused =
            found.iter().any(|d| d.severity == Severity::Error && *d.code != codes::YAML_DUPLICATE_KEY);
        // That reader's check has looked at all keys; only keys that are no strings may differ and have one text.
        let is_unique = found.is_empty()
            && self.options.profile == Profile::Kubernetes
            && doc.odd & (ODD_KEYS | TYPED_KEYS) == 0
            && doc.aliases.is_empty();
        out.append(found);
        Arc::new(Doc { broken: doc.broken || refused, is_unique, ..doc })
    }

    fn forbidden_character(&self, at: usize) -> Diagnostic {
        let c = self.input.text[at..].chars().next().unwrap_or_default();
        let place = Span::new(self.input.source, at as u32, (at + c.len_utf8()) as u32);
        let (message, help) = if c == '\0' {
            ("this is a binary file, or a text with NUL bytes".to_owned(), "exclude it, or save it as UTF-8")
        } else {
            let message = format!("the control character U+{:04X} is not allowed in YAML", c as u32);
            (message, "remove it, or write it as an escape in double quotes")
        };
        Diagnostic::new(&codes::YAML_ENCODING, place, message)
            .help(help)
            .upstream("yaml: control characters are not allowed")
    }

    fn syntax(&self, fault: &Fault) -> Diagnostic {
        let place = Span::new(self.input.source, fault.at.at, fault.at.at);
        Diagnostic::new(&codes::YAML_SYNTAX, place, fault.problem.to_string())
            .upstream(upstream_text(fault, self.options.profile))
    }
}

/// The first `---` from that place on that begins a line, and how many lines further it is.
fn next_document(bytes: &[u8], from: Mark) -> Option<(u32, u32)> {
    let begins = |at: usize| {
        bytes.get(at..at + 3) == Some(b"---")
            && matches!(bytes.get(at + 3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    };
    // Past a document's own first line, a place at a line's start is where the next one was noticed.
    if from.column == 0 && begins(from.at as usize) {
        return Some((from.at, 0));
    }
    let breaks = memchr::memchr_iter(b'\n', bytes.get(from.at as usize..)?);
    let mut starts = breaks.map(|n| from.at + n as u32 + 1).zip(1..);
    starts.find(|(at, _)| begins(*at as usize))
}

/// go-yaml's text of a fault. Its line numbers count from 0 or 1 depending on who noticed, and are left out
/// where that gives 0.
fn upstream_text(fault: &Fault, profile: Profile) -> String {
    let since = fault.since.map_or(0, |mark| mark.line);
    let line = if profile.is_v3() && since != 0 {
        since + u32::from(fault.stage == Stage::Scanner)
    } else if fault.at.line != 0 {
        fault.at.line + u32::from(fault.stage == Stage::Scanner)
    } else {
        since
    };
    match fault.stage {
        Stage::Scanner | Stage::Parser if line != 0 => format!("yaml: line {line}: {}", fault.problem),
        _ => format!("yaml: {}", fault.problem),
    }
}

impl Profile {
    /// Whether go-yaml v3 is below.
    pub(crate) fn is_v3(self) -> bool {
        matches!(self, Profile::Kustomize | Profile::GoYamlV3)
    }
}

#[cfg(test)]
mod tests;
