//! Reads the files that were found, several at once, and parses them.

use std::sync::Arc;

use memchr::memmem;
use rayon::prelude::*;
use source::{Diagnostic, Diagnostics, Place, Severity, Source, SourceId, SourceKind, Span};
use yaml::{Options, Profile};

use super::classify::{classify, fragment};
use super::codes::*;
use super::text::{NoText, decode};
use super::{Document, FILE_LIMIT, File, FoundFile, Loaded, Role};
use crate::world::{World, WorldError};

/// From so many files on it pays to wake a second thread.
const PARALLEL: usize = 8;

/// Reads and parses every file; what cannot be read becomes a diagnostic and an empty text.
///
/// `objects_only`: a named file has to hold Kubernetes objects and nothing else.
pub fn read(found: Vec<FoundFile>, objects_only: bool, world: &dyn World, out: &mut Diagnostics) -> Loaded {
    let one = |(index, file): (usize, FoundFile)| read_one(SourceId(index as u32), file, objects_only, world);
    let all: Vec<(Source, File, Diagnostics)> = if found.len() < PARALLEL {
        found.into_iter().enumerate().map(one).collect()
    } else {
        found.into_par_iter().enumerate().map(one).collect()
    };
    let mut loaded = Loaded::default();
    for (source, file, diagnostics) in all {
        loaded.sources.add(source);
        loaded.files.push(file);
        out.append(diagnostics);
    }
    loaded
}

fn read_one(
    id: SourceId,
    found: FoundFile,
    objects_only: bool,
    world: &dyn World,
) -> (Source, File, Diagnostics) {
    let FoundFile { path, name, named, role } = found;
    let mut out = Diagnostics::new();
    let kind = if role == Role::Stdin { SourceKind::Stdin } else { SourceKind::File };
    let text = match &role {
        Role::Manifest => text_of(id, &name, world.read(&path, FILE_LIMIT), &mut out),
        Role::Stdin => text_of(id, &name, world.stdin(FILE_LIMIT), &mut out),
        Role::Unreadable(error) => text_of(id, &name, Err(error.clone()), &mut out),
        Role::Chart => {
            out.push(
                Diagnostic::new(
                    &CHART_SKIPPED,
                    Span::top(id),
                    "a chart is not checked yet: it has to be rendered first",
                )
                .help("render it and check what comes out: `helm template . | plimsoll check -`"),
            );
            Err("".into())
        }
        Role::Kustomization => {
            out.push(
                Diagnostic::new(
                    &KUSTOMIZATION_SKIPPED,
                    Span::top(id),
                    "a kustomization is not checked yet: it has to be built first",
                )
                .help("build it and check what comes out: `kustomize build . | plimsoll check -`"),
            );
            Err("".into())
        }
    };
    let (text, readable) = match text {
        Ok(text) => (text, true),
        Err(text) => (text, false),
    };
    let mut file =
        File { source: id, docs: Vec::new(), named, role, is_read: readable, broken: out.has_errors() };
    if readable && (named || looks_like_manifests(&text)) {
        let mut found = Diagnostics::new();
        let docs = yaml::read(id, &text, &Options::new(Profile::Kubernetes), &mut found);
        judge(&mut file, docs, &text, found, objects_only && named, &mut out);
    }
    (Source::new(name, kind, text), file, out)
}

/// The text; `Err` with what can be shown of it where it cannot be read.
fn text_of(
    id: SourceId,
    name: &str,
    bytes: Result<Arc<[u8]>, WorldError>,
    out: &mut Diagnostics,
) -> Result<Arc<str>, Arc<str>> {
    let top = Span::top(id);
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(WorldError::TooLarge(limit)) => {
            let message = format!("`{name}` is larger than {} MiB, the limit for a file", limit >> 20);
            out.push(
                Diagnostic::new(&FILE_TOO_LARGE, top, message)
                    .help("split it, or leave it out with --exclude"),
            );
            return Err("".into());
        }
        Err(error) => {
            let message = format!("`{name}` cannot be read: {error}");
            out.push(Diagnostic::new(&FILE_UNREADABLE, top, message));
            return Err("".into());
        }
    };
    decode(&bytes).map_err(|error| match error {
        NoText::Binary => {
            let message = format!("`{name}` is a binary file, not YAML or JSON");
            out.push(
                Diagnostic::new(&FILE_BINARY, top, message)
                    .help("leave it out with --exclude, or give the manifest that was meant"),
            );
            "".into()
        }
        NoText::NotUtf8(at, text) => {
            let place = Span::new(id, at, at + '\u{FFFD}'.len_utf8() as u32);
            out.push(
                Diagnostic::new(&FILE_NOT_UTF8, place, format!("`{name}` is not UTF-8"))
                    .label("no UTF-8 from here on")
                    .help("convert it, for instance with `iconv -f LATIN1 -t UTF-8`"),
            );
            text
        }
    })
}

/// Whether a file that nobody named is worth parsing.
fn looks_like_manifests(text: &str) -> bool {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    match (has("apiVersion"), has("kind")) {
        (true, true) => true,
        // One of both may have been forgotten.
        (true, false) | (false, true) => has("metadata"),
        (false, false) => false,
    }
}

/// Tells the broken documents from the others, and what each is.
fn judge(
    file: &mut File,
    docs: Vec<Arc<yaml::Doc>>,
    text: &str,
    mut found: Diagnostics,
    objects_only: bool,
    out: &mut Diagnostics,
) {
    let errors: Vec<Span> =
        found.iter().filter(|d| d.severity == Severity::Error).filter_map(place).collect();
    file.broken |= !errors.is_empty();
    if let Some((start, end)) = errors.iter().find_map(|e| template_action_near(text, *e)) {
        out.push(
            Diagnostic::new(
                &TEMPLATE_SKIPPED,
                Span::new(file.source, start, end),
                "this is a template, not YAML: it is not checked before it is rendered",
            )
            .label("template action"),
        );
        return;
    }
    file.docs = docs
        .into_iter()
        .map(|doc| {
            let broken = errors.iter().any(|e| holds(&doc, e, text));
            Document { content: classify(&doc), doc, broken }
        })
        .collect();
    let objects = file.docs.iter().any(|d| d.content.is_object());
    let mut told = Vec::new();
    for document in &file.docs {
        if let Some(fault) = document.content.fault(&document.doc, objects, objects_only) {
            // What is no object was not meant to be one: that is the mistake, and its YAML beside the point.
            let part = place(&fault).map(|at| part_at(text, at.start as usize));
            found.retain(|d| place(d).is_none_or(|at| Some(part_at(text, at.start as usize)) != part));
            told.extend(part);
            file.broken = true;
            out.push(fault);
        }
    }
    if objects && !found.is_empty() {
        fragments(file.source, text, told, &mut found, out);
    }
    // Another's file with broken YAML is not our business, unless it was to hold objects.
    if file.named || objects || errors.is_empty() || memmem::find(text.as_bytes(), b"apiVersion").is_some() {
        out.append(found);
    }
}

/// A piece of an object among objects is often no document at all: it begins in the middle of something. Its YAML
/// errors become the one thing to say: that it is a piece.
fn fragments(
    id: SourceId,
    text: &str,
    mut told: Vec<(usize, usize)>,
    found: &mut Diagnostics,
    out: &mut Diagnostics,
) {
    found.retain(|d| {
        let Some(at) = place(d).filter(|_| d.severity == Severity::Error) else { return true };
        let part @ (start, end) = part_at(text, at.start as usize);
        let mut lines = text[start..end].lines().map(|l| l.trim_start_matches(['-', ' ', '"', '\'']));
        if lines.any(|l| l.starts_with("apiVersion") || l.starts_with("kind")) {
            return true;
        }
        if !told.contains(&part) {
            told.push(part);
            let (first, last) = first_content(text, start, end);
            out.push(fragment(Span::new(id, first as u32, last as u32)));
        }
        false
    });
}

/// The bytes between the `---` lines around an offset.
fn part_at(text: &str, at: usize) -> (usize, usize) {
    let at = at.min(text.len());
    let bytes = text.as_bytes();
    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |n| n + 1);
    // An error at a mark belongs to what stands before the mark.
    let upto = if bytes[line..].starts_with(b"---") { line } else { (line + 3).min(bytes.len()) };
    let start = memmem::rfind(&bytes[..upto], b"\n---").map_or(0, |n| n + 1);
    let end = memmem::find(&bytes[at..], b"\n---").map_or(bytes.len(), |n| at + n + 1);
    (start, end.max(start))
}

/// The first line with content after a document's marks.
fn first_content(text: &str, start: usize, end: usize) -> (usize, usize) {
    let mut at = start;
    for line in text[start..end].split_inclusive('\n') {
        let trimmed = line.trim();
        if !(trimmed.is_empty() || trimmed.starts_with('#') || trimmed == "---" || trimmed == "...") {
            let blanks = line.len() - line.trim_start().len();
            return (at + blanks, at + blanks + trimmed.len());
        }
        at += line.len();
    }
    (start, start)
}

fn place(diagnostic: &Diagnostic) -> Option<Span> {
    match diagnostic.primary.at {
        Place::Span(span) => Some(span),
        Place::Origin(_) => None,
    }
}

/// Whether a place lies in a document; the end of the text belongs to the last one.
fn holds(doc: &yaml::Doc, at: &Span, text: &str) -> bool {
    let (start, end) = doc.span();
    start <= at.start && (at.start < end || at.start as usize >= text.len() && end as usize >= text.len())
}

/// The template action on the line of an error, the line before or the line after.
fn template_action_near(text: &str, error: Span) -> Option<(u32, u32)> {
    let bytes = text.as_bytes();
    let at = (error.start as usize).min(bytes.len());
    let line_before = |at: usize| memchr::memrchr(b'\n', &bytes[..at]);
    let line_after = |at: usize| memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
    let start = line_before(at).map_or(0, |line| line_before(line).map_or(0, |n| n + 1));
    let end = line_after((line_after(at) + 1).min(bytes.len()));
    let lines = &bytes[start..end];
    let open = memmem::find(lines, b"{{").or_else(|| memmem::find(lines, b"{%"))?;
    let close = memmem::find(&lines[open..], b"}}").or_else(|| memmem::find(&lines[open..], b"%}"))?;
    Some(((start + open) as u32, (start + open + close + 2) as u32))
}
