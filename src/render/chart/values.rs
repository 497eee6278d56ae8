//! The user's values: files and arguments, laid over each other in Helm's order.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use gotmpl::strvals::{self, Mode, Surroundings};
use gotmpl::{MapRef, Text, json};
use source::{Chain, OriginId, Origins, Source, SourceId, SourceKind, Span};

use crate::world::{World, WorldError};

use super::Fail;
use super::codes::VALUES_UNREADABLE;
use super::load::{LoadCx, fail, system_text};
use super::profile::Profile;
use super::read::read_values;
use super::tree;

/// The flags that set values, each in the order given. Kinds are laid over each other in the order of the fields,
/// not in that of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueFlags {
    /// `-f`, `--values`: paths, or `-` for standard input.
    pub files: Vec<String>,
    /// `--set-json`
    pub json: Vec<String>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub string: Vec<String>,
    /// `--set-file`
    pub file: Vec<String>,
    /// `--set-literal`
    pub literal: Vec<String>,
}

/// The largest values file, in bytes.
const MAX_VALUES: u64 = 64 << 20;

/// Reads all that the flags name into one map. With `origins`, every value knows the file or the argument that it
/// came from, and those that it won over.
///
/// # Errors
/// The first file or argument that cannot be read, in Helm's words.
pub(crate) fn user_values(
    flags: &ValueFlags,
    cx: &mut LoadCx<'_>,
    origins: &mut Option<&mut Origins>,
) -> Result<MapRef, Fail> {
    let mut base = MapRef::new();
    for path in &flags.files {
        let source = read_file(path, cx)?;
        let docs = read_values(source, cx)
            .map_err(|error| error.into_fail(&VALUES_UNREADABLE, &format!("failed to parse {path}: ")))?;
        let layer = tree::merged_documents(&docs, |doc| match origins {
            Some(origins) => origins.add_document(doc.source(), doc.clone()),
            None => OriginId::UNKNOWN,
        });
        base = tree::merge(&base, &layer, origins);
    }
    for argument in &flags.json {
        let source = argument_source("--set-json", argument, cx);
        let trimmed = argument.trim();
        if cx.profile == Profile::Helm4 && trimmed.starts_with('{') {
            let before = argument.len() - argument.trim_start().len();
            let mut place = |range: Range<usize>| {
                origin(origins.as_deref_mut(), source, before + range.start..before + range.end)
            };
            let layer = json::decode(trimmed.as_bytes(), &mut place).ok().and_then(|value| value.as_map());
            let Some(layer) = layer else {
                let upstream = format!("failed parsing --set-json data JSON: {argument}");
                return Err(bad_argument(source, 0, "this is no JSON object", &upstream));
            };
            base = tree::merge(&base, &layer, origins);
        } else {
            let upstream = format!("failed parsing --set-json data {argument}");
            apply(Mode::Json, argument, source, &base, cx, origins)
                .map_err(|(at, text)| bad_argument(source, at, &text, &upstream))?;
        }
    }
    let others = [
        (Mode::Set, "--set", &flags.set),
        (Mode::String, "--set-string", &flags.string),
        (Mode::File, "--set-file", &flags.file),
        (Mode::Literal, "--set-literal", &flags.literal),
    ];
    for (mode, flag, arguments) in others {
        for argument in arguments {
            let source = argument_source(flag, argument, cx);
            apply(mode, argument, source, &base, cx, origins).map_err(|(at, text)| {
                bad_argument(source, at, &text, &format!("failed parsing {flag} data: {text}"))
            })?;
        }
    }
    Ok(base)
}

fn apply(
    mode: Mode,
    argument: &str,
    source: SourceId,
    into: &MapRef,
    cx: &LoadCx<'_>,
    origins: &mut Option<&mut Origins>,
) -> Result<(), (usize, String)> {
    let mut around = Around { world: cx.world, source, origins: origins.as_deref_mut() };
    strvals::apply(mode, argument, into, &mut around).map_err(|error| (error.at, error.message))
}

struct Around<'a> {
    world: &'a dyn World,
    source: SourceId,
    origins: Option<&'a mut Origins>,
}

impl Surroundings for Around<'_> {
    fn origin(&mut self, part: Range<usize>) -> OriginId {
        origin(self.origins.as_deref_mut(), self.source, part)
    }

    fn read(&mut self, path: &str) -> Result<Text, String> {
        read_bytes(path, self.world).map(|bytes| Text::from(&*bytes))
    }
}

fn origin(origins: Option<&mut Origins>, source: SourceId, part: Range<usize>) -> OriginId {
    match origins {
        Some(origins) => origins.intern(Chain::Read(Span::new(source, part.start as u32, part.end as u32))),
        None => OriginId::UNKNOWN,
    }
}

fn argument_source(flag: &str, argument: &str, cx: &mut LoadCx<'_>) -> SourceId {
    cx.sources.add(Source::new(flag, SourceKind::Argument, argument))
}

fn bad_argument(source: SourceId, at: usize, text: &str, upstream: &str) -> Fail {
    fail(&VALUES_UNREADABLE, Span::new(source, at as u32, at as u32), text, upstream)
}

pub(crate) fn read_file(path: &str, cx: &mut LoadCx<'_>) -> Result<SourceId, Fail> {
    let stdin = path.trim() == "-";
    let bytes = read_bytes(path, cx.world).map_err(|text| {
        let at = cx.place(Path::new(path));
        let shown = if stdin { "standard input" } else { path };
        fail(&VALUES_UNREADABLE, at, format!("{shown} cannot be read: {text}"), &text)
    })?;
    let text: Arc<str> = match std::str::from_utf8(&bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(&bytes).into(),
    };
    let (name, kind) = if stdin { ("<stdin>", SourceKind::Stdin) } else { (path, SourceKind::File) };
    Ok(cx.sources.add(Source::new(name, kind, text)))
}

fn read_bytes(path: &str, world: &dyn World) -> Result<Arc<[u8]>, String> {
    let described = |error: WorldError| match error {
        WorldError::WrongKind => format!("read {path}: is a directory"),
        error => format!("open {path}: {}", system_text(&error)),
    };
    if path.trim() == "-" {
        return world.stdin(MAX_VALUES).map_err(described);
    }
    if let Some(scheme) = ["http://", "https://", "oci://"].iter().find(|scheme| path.starts_with(**scheme)) {
        let scheme = scheme.trim_end_matches("://");
        return Err(format!("values are not fetched over {scheme}: rendering uses no network"));
    }
    world.read(Path::new(path), MAX_VALUES).map_err(described)
}
