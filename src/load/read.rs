//! Reads the files that were found, several at once, and parses them.

use std::sync::Arc;

use memchr::memmem;
use rayon::prelude::*;
use source::{Diagnostic, Diagnostics, Severity, Source, SourceId, SourceKind, Span};
use yaml::{Doc, Options, Profile};

use super::codes::*;
use super::judge::judge;
use super::{FILE_LIMIT, File, FoundFile, Loaded, Role};
use crate::world::{World, WorldError};

/// From so many files on it pays to wake a second thread.
const PARALLEL: usize = 8;

/// Bytes of a file that are one thread's piece of work: about a millisecond.
const PART: usize = 256 << 10;

/// Reads and parses every file; what cannot be read becomes a diagnostic and an empty text.
///
/// `objects_only`: a named file has to hold Kubernetes objects and nothing else.
pub fn read(found: Vec<FoundFile>, objects_only: bool, world: &dyn World, out: &mut Diagnostics) -> Loaded {
    let one = |(index, file): (usize, FoundFile)| {
        let mut found = Diagnostics::new();
        let (source, file) = read_file(SourceId(index as u32), file, objects_only, world, &mut found);
        (source, file, found)
    };
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

/// Reads and parses one file, which is that text of the run.
pub fn read_file(
    id: SourceId,
    found: FoundFile,
    objects_only: bool,
    world: &dyn World,
    out: &mut Diagnostics,
) -> (Source, File) {
    let FoundFile { path, name, named, role } = found;
    let before = out.len();
    let kind = if role == Role::Stdin { SourceKind::Stdin } else { SourceKind::File };
    let text = match &role {
        Role::Manifest => text_of(id, &name, world.read(&path, FILE_LIMIT), out),
        Role::Stdin => text_of(id, &name, world.stdin(FILE_LIMIT), out),
        Role::Unreadable(error) => text_of(id, &name, Err(error.clone()), out),
        // They are read by their renderers.
        Role::Chart | Role::Kustomization => Err("".into()),
    };
    let (text, readable) = match text {
        Ok(text) => (text, true),
        Err(text) => (text, false),
    };
    let broken = out.iter().skip(before).any(|d| d.severity == Severity::Error);
    let mut file = File { source: id, docs: Vec::new(), named, role, is_read: readable, broken };
    if readable && (named || looks_like_manifests(&text)) {
        let mut found = Diagnostics::new();
        let docs = documents(id, &text, &mut found);
        judge(&mut file, docs, &text, found, objects_only && named, out);
    }
    (Source::new(name, kind, text), file)
}

/// The documents of a text. Those of a large one are read side by side, which gives the same in the same order.
fn documents(id: SourceId, text: &Arc<str>, out: &mut Diagnostics) -> Vec<Arc<Doc>> {
    let options = Options::new(Profile::Kubernetes);
    let parts = yaml::split(text, &options, PART);
    let mut docs = Vec::new();
    let read = |part| {
        let mut found = Diagnostics::new();
        let docs = yaml::read_part(id, text, part, &options, &mut found);
        (docs, found)
    };
    let read: Vec<_> = match parts.len() {
        1 => parts.into_iter().map(read).collect(),
        _ => parts.into_par_iter().map(read).collect(),
    };
    for (some, found) in read {
        docs.extend(some);
        out.append(found);
    }
    docs
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
    yaml::decode(id, &bytes).map_err(|fault| {
        // What is text up to somewhere is shown; where it ends the offset is the same in the mended text.
        let is_text = memchr::memchr(0, &bytes).is_none();
        let text = if is_text { String::from_utf8_lossy(&bytes) } else { "".into() };
        out.push(*fault);
        text.into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_that_are_read_side_by_side_are_those_that_are_read_in_turn() {
        let text: String = (0..40_000)
            .map(|n| match n % 1000 {
                999 => "---\nkind: 'unclosed\n".to_owned(),
                _ => format!("---\nkind: ConfigMap\nn: {n}\n"),
            })
            .collect();
        assert!(text.len() > 3 * PART);
        let text: Arc<str> = text.into();
        let (mut at_once, mut in_parts) = (Diagnostics::new(), Diagnostics::new());
        let whole = yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut at_once);
        let parts = documents(SourceId(0), &text, &mut in_parts);
        assert_eq!(at_once.iter().count(), 40);
        assert!(at_once.iter().eq(in_parts.iter()));
        let numbers = |docs: &[Arc<Doc>]| -> Vec<(u32, u32)> { docs.iter().map(|d| d.span()).collect() };
        assert_eq!(numbers(&parts), numbers(&whole));
    }
}
