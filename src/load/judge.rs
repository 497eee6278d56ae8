//! What is wrong with the documents of a file, said once a mistake.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use memchr::memmem;
use source::{Diagnostic, Diagnostics, Severity, Span};
use yaml::Doc;

use super::classify::{classify, fragment};
use super::codes::TEMPLATE_SKIPPED;
use super::mistakes::{self, Part};
use super::{Content, Document, File};

/// A template stumbles over its first actions; later errors need not be looked at.
const FIRST: usize = 16;

/// Tells the broken documents from the others and what each is. `found` is what the reader had to say; what
/// follows from a greater mistake is not said again.
pub(super) fn judge(
    file: &mut File,
    docs: Vec<Arc<Doc>>,
    text: &str,
    mut found: Diagnostics,
    objects_only: bool,
    out: &mut Diagnostics,
) {
    file.docs = docs.into_iter().map(document).collect();
    let is_suspicious = |d: &Document| match d.content {
        Content::Nothing => false,
        Content::Object => d.doc.as_ref().is_some_and(|doc| lacks_metadata(doc)),
        Content::NoApiVersion | Content::NoKind | Content::Other => true,
    };
    if found.is_empty() && !file.docs.iter().any(is_suspicious) {
        return;
    }
    let parts = Parts::of(text);
    let mut errors: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
    for at in found.iter().filter(|d| breaks(d)).filter_map(|d| d.primary.at.span()) {
        errors.entry(parts.index(at)).or_default().push(at);
    }
    let action =
        found.iter().find(|d| *d.code == yaml::codes::YAML_TEMPLATE).and_then(|d| d.primary.at.span());
    let action = action.or_else(|| {
        let mut first = errors.values().flatten().take(FIRST);
        first.find_map(|e| template_action_near(text, *e))
    });
    if let Some(action) = action {
        file.docs.clear();
        file.broken = true;
        out.push(
            Diagnostic::new(
                &TEMPLATE_SKIPPED,
                action,
                "this is a template, not YAML: it is not checked before it is rendered",
            )
            .label("template action"),
        );
        return;
    }
    // Another's file is not our business, unless it was to hold objects.
    let objects = file.has_objects();
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if !(file.named || objects || has("apiVersion") && has("kind") || file.docs.iter().any(is_suspicious)) {
        file.docs.clear();
        return;
    }
    let mut documents: BTreeMap<usize, usize> = BTreeMap::new();
    for (index, document) in file.docs.iter().enumerate() {
        if let Some(at) = content_of(document) {
            documents.entry(parts.index(at)).or_insert(index);
        }
    }
    let suspicious = documents.iter().filter(|(_, d)| is_suspicious(&file.docs[**d])).map(|(part, _)| *part);
    let suspicious: BTreeSet<usize> = errors.keys().copied().chain(suspicious).collect();
    let mut told = BTreeSet::new();
    for part in suspicious {
        let (start, end) = parts.range(part);
        let errors = errors.get(&part).map_or(&[][..], Vec::as_slice);
        let document = documents.get(&part).map(|d| &file.docs[*d]);
        let mistake = mistakes::recognise(&Part { source: file.source, text, start, end, errors });
        let fault = mistake
            .or_else(|| document.and_then(|d| d.content.fault(d.doc.as_ref()?, objects, objects_only)))
            .or_else(|| {
                // A piece of an object is often no document at all: it begins in the middle of something.
                let is_piece = objects && !errors.is_empty() && !begins_an_object(&text[start..end]);
                is_piece.then(|| fragment(first_content(file, text, start, end)))
            });
        if let Some(fault) = fault {
            told.insert(part);
            out.push(fault);
        }
    }
    found.retain(|d| d.primary.at.span().is_none_or(|at| !told.contains(&parts.index(at))));
    file.broken |= !told.is_empty() || found.iter().any(breaks);
    for document in &mut file.docs {
        let part = content_of(document).map(|at| parts.index(at));
        document.broken = part.is_some_and(|part| told.contains(&part) || errors.contains_key(&part));
    }
    out.append(found);
}

fn document(doc: Arc<Doc>) -> Document {
    Document {
        content: classify(&doc),
        span: doc.span(),
        is_empty: doc.root().is_none(),
        broken: false,
        doc: Some(doc),
    }
}

/// Whether a document is not all there for it. A key that is set twice is an error, and the tree is whole.
fn breaks(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && *diagnostic.code != yaml::codes::YAML_DUPLICATE_KEY
}

/// Whether an object's `metadata` is empty, which may be the trace of a greater mistake.
fn lacks_metadata(doc: &Doc) -> bool {
    doc.root().and_then(|root| root.get("metadata")).is_some_and(yaml::Node::is_null)
}

/// Where a document's content begins.
fn content_of(document: &Document) -> Option<Span> {
    let doc = document.doc.as_ref()?;
    let (start, _) = doc.root()?.span()?;
    Some(Span::new(doc.source(), start, start + 1))
}

/// A text cut at its `---` lines.
struct Parts {
    starts: Vec<usize>,
    length: usize,
}

impl Parts {
    fn of(text: &str) -> Parts {
        let marks = memmem::find_iter(text.as_bytes(), b"\n---").map(|at| at + 1);
        Parts { starts: std::iter::once(0).chain(marks).collect(), length: text.len() }
    }

    /// The part that a place lies in. An error that the grammar notices at a mark belongs to what stands before.
    fn index(&self, at: Span) -> usize {
        let start = at.start as usize;
        let index = self.starts.partition_point(|s| *s <= start) - 1;
        if index > 0 && self.starts[index] == start && at.start == at.end { index - 1 } else { index }
    }

    fn range(&self, index: usize) -> (usize, usize) {
        (self.starts[index], self.starts.get(index + 1).copied().unwrap_or(self.length))
    }
}

fn begins_an_object(part: &str) -> bool {
    let mut lines = part.lines().map(|l| l.trim_start_matches(['-', ' ', '"', '\'', '{']));
    lines.any(|l| l.starts_with("apiVersion") || l.starts_with("kind"))
}

/// The first line with content after a document's marks.
fn first_content(file: &File, text: &str, start: usize, end: usize) -> Span {
    let mut at = start;
    for line in text[start..end].split_inclusive('\n') {
        let trimmed = line.trim();
        if !(trimmed.is_empty() || trimmed.starts_with('#') || trimmed == "---" || trimmed == "...") {
            let at = at + line.len() - line.trim_start().len();
            return Span::new(file.source, at as u32, (at + trimmed.len()) as u32);
        }
        at += line.len();
    }
    Span::new(file.source, start as u32, start as u32)
}

/// The template action on the line of an error, the line before or the line after.
fn template_action_near(text: &str, error: Span) -> Option<Span> {
    let bytes = text.as_bytes();
    let at = (error.start as usize).min(bytes.len());
    let line_before = |at: usize| memchr::memrchr(b'\n', &bytes[..at]);
    let line_after = |at: usize| memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
    let start = line_before(at).map_or(0, |line| line_before(line).map_or(0, |n| n + 1));
    let end = line_after((line_after(at) + 1).min(bytes.len()));
    let lines = &bytes[start..end];
    let open = memmem::find(lines, b"{{").or_else(|| memmem::find(lines, b"{%"))?;
    let close = memmem::find(&lines[open..], b"}}").or_else(|| memmem::find(&lines[open..], b"%}"))?;
    Some(Span::new(error.source, (start + open) as u32, (start + open + close + 2) as u32))
}
