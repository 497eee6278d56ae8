//! Values written in a kustomization, and the values file of the chart.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::{Diagnostics, OriginId, SourceId};
use yaml::{Options, Profile, Tree, read_first};

use crate::render::kustomize::anchors;
use crate::render::kustomize::json_form::{Numbers, through_json};
use crate::render::kustomize::merge::{Schemas, merge};
use crate::render::kustomize::output::to_yaml;
use crate::world::{Entry, FileKind, World, WorldError};

/// What values that are written inline do to those of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Inline {
    /// They win.
    Above,
    /// They give way.
    Below,
    /// They stand alone.
    Alone,
}

impl Inline {
    pub(super) fn parse(word: &str) -> Option<Inline> {
        match word {
            "" | "override" => Some(Inline::Above),
            "merge" => Some(Inline::Below),
            "replace" => Some(Inline::Alone),
            _ => None,
        }
    }
}

/// The text of the values file that helm is given. The error is upstream's.
pub(super) fn merged(
    own: Option<(SourceId, Arc<str>)>,
    inline: &Tree,
    how: Inline,
) -> Result<String, String> {
    let mut inline = inline.clone();
    through_json(&mut inline, Numbers::Yaml)?;
    let result = match own {
        None => inline,
        Some((source, text)) => {
            let mut found = Diagnostics::new();
            let doc = read_first(source, &text, &Options::new(Profile::Kustomize), &mut found);
            let told = |text: &str| format!("could not parse values file into rnode: {text}");
            if let Some(fault) = found.iter().find(|_| doc.as_ref().is_none_or(|doc| doc.is_broken())) {
                return Err(told(fault.upstream.as_deref().unwrap_or(&fault.message)));
            }
            let own = doc.and_then(|doc| Tree::of_doc(&doc, OriginId::UNKNOWN)).ok_or_else(|| told("EOF"))?;
            let mut own = own;
            anchors::expand(&mut own)?;
            let (mut below, above) = if how == Inline::Above { (own, inline) } else { (inline, own) };
            let told = |text| format!("could not merge values: {text}");
            merge(&mut below, &above, &Schemas::builtin(), None).map_err(told)?;
            below
        }
    };
    let bytes = to_yaml(&result)?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

/// A world with one more file, which is in no directory's list.
pub(super) struct Laid<'w> {
    inner: &'w dyn World,
    path: PathBuf,
    bytes: Option<Arc<[u8]>>,
}

impl<'w> Laid<'w> {
    /// Without a text it is the world itself.
    pub(super) fn new(inner: &'w dyn World, path: PathBuf, text: Option<String>) -> Self {
        Laid { inner, path, bytes: text.map(|text| text.into_bytes().into()) }
    }

    fn own(&self, path: &Path) -> Option<&Arc<[u8]>> {
        self.bytes.as_ref().filter(|_| path == self.path)
    }
}

impl World for Laid<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        match self.own(path) {
            Some(bytes) if bytes.len() as u64 > limit => Err(WorldError::TooLarge(limit)),
            Some(bytes) => Ok(bytes.clone()),
            None => self.inner.read(path, limit),
        }
    }

    fn read_into(&self, path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<usize, WorldError> {
        match self.own(path) {
            Some(bytes) if bytes.len() as u64 > limit => Err(WorldError::TooLarge(limit)),
            Some(bytes) => {
                buffer.clear();
                buffer.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            None => self.inner.read_into(path, limit, buffer),
        }
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        self.inner.stdin(limit)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        self.inner.list(dir)
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        if self.own(path).is_some() { Ok(FileKind::File) } else { self.inner.stat(path) }
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        if self.own(path).is_some() { Ok(path.to_owned()) } else { self.inner.canonical(path) }
    }

    fn env(&self, name: &str) -> Option<String> {
        self.inner.env(name)
    }

    fn now(&self) -> (i64, u32) {
        self.inner.now()
    }

    fn random(&self, buffer: &mut [u8]) {
        self.inner.random(buffer);
    }
}
