//! Which settings hold for which object: those of its nearest configuration, with the overrides that reach it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use source::SourceId;

use super::{Cx, Settings};
use crate::kube::{Bundle, Resource};
use crate::world::plain;

/// A configuration below the working directory: it holds for the files below its own, and nothing of those above does.
#[derive(Clone)]
pub struct Nested {
    /// Its directory, in full.
    pub directory: PathBuf,
    /// What it says.
    pub settings: Settings,
}

/// All settings of a run, and which of them each object has.
pub(super) struct Variants {
    /// Never empty; the first is the run's own.
    all: Vec<Settings>,
    /// By the object's place in the bundle; empty where there is but one.
    of: Vec<usize>,
}

impl Variants {
    /// One settings alone costs nothing; otherwise each file and each object is asked once.
    pub fn new(bundle: &Bundle, cx: &Cx<'_>) -> Self {
        let mut variants = Variants { all: vec![cx.settings.clone()], of: Vec::new() };
        if cx.nested.is_empty() && cx.settings.overrides.is_empty() {
            return variants;
        }
        let mut bases: HashMap<SourceId, Option<&Settings>> = HashMap::new();
        let mut known: HashMap<(Option<usize>, Vec<usize>), usize> = HashMap::from([((None, Vec::new()), 0)]);
        for resource in &bundle.resources {
            let (source, file) = file_of(resource, bundle, cx);
            let nested = source.and_then(|source| {
                *bases.entry(source).or_insert_with(|| cx.nested_for(file).map(|nested| &nested.settings))
            });
            let base = nested.unwrap_or(cx.settings);
            let overrides = base.overrides.iter().enumerate();
            let reaching: Vec<usize> =
                overrides.filter(|(_, one)| one.reach.holds(file, resource)).map(|(at, _)| at).collect();
            let key = (nested.map(|n| std::ptr::from_ref(n).addr()), reaching);
            let next = variants.all.len();
            let at = *known.entry(key.clone()).or_insert(next);
            if at == next {
                let mut settings = base.clone();
                for &index in &key.1 {
                    // Its names were checked where it was read.
                    let _ = settings.apply(&base.overrides[index].layer);
                }
                variants.all.push(settings);
            }
            variants.of.push(at);
        }
        variants
    }

    /// All of them.
    pub fn all(&self) -> &[Settings] {
        &self.all
    }

    /// Which of them the object at that place of the bundle has.
    pub fn of(&self, object: usize) -> usize {
        self.of.get(object).copied().unwrap_or(0)
    }

    /// Whether there is but one.
    pub fn is_one(&self) -> bool {
        self.all.len() == 1
    }
}

/// The file that an object is from, as reports name it.
pub(super) fn file_of<'a>(resource: &Resource, bundle: &Bundle, cx: &Cx<'a>) -> (Option<SourceId>, &'a str) {
    let span = bundle.origins.primary(resource.origin(resource.root()));
    let name = span.and_then(|span| cx.sources?.get(span.source)).map_or("", |source| &*source.name);
    (span.map(|span| span.source), name)
}

impl<'a> Cx<'a> {
    /// The nearest configuration of a file, if it is not the run's own.
    fn nested_for(&self, file: &str) -> Option<&'a Nested> {
        let full = plain(&self.here.join(Path::new(file)));
        let above = self.nested.iter().filter(|nested| full.starts_with(&nested.directory));
        above.max_by_key(|nested| nested.directory.as_os_str().len())
    }
}
