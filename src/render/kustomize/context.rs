//! What every step of a build has at hand.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use source::{Chain, Diagnostics, OriginId, Origins, Place, SourceId, Sources, Span};

use super::merge::Schemas;
use crate::render::chart::Profile;
use crate::world::World;

/// What a build is told beside its directory: the flags of `kustomize build`.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// `--load-restrictor LoadRestrictionsNone`
    pub load_anywhere: bool,
    /// `--reorder`, where it is given.
    pub reorder: Option<Reorder>,
    /// `--enable-managedby-label`
    pub managed_by_label: bool,
    /// `--enable-alpha-plugins`
    pub alpha_plugins: bool,
    /// `--enable-exec`
    pub exec: bool,
    /// `--enable-helm`
    pub helm: bool,
    /// `--helm-api-versions`
    pub helm_api_versions: Vec<String>,
    /// `--helm-kube-version`
    pub helm_kube_version: String,
    /// Whose behaviour charts are rendered with; kustomize 5.8 is used with Helm 3.
    pub helm_profile: Option<Profile>,
    /// `--helm-debug`
    pub helm_debug: bool,
    /// `-e`, `--env`: for functions.
    pub environment: Vec<String>,
    /// Whether origins are followed beyond where a node was read: what `why` and diagnostics about results need. It costs
    /// time and memory with every change.
    pub trace: bool,
    /// Whether it is told what has no effect or hardly is meant: what `check` and `render` show.
    pub findings: bool,
}

/// The order that `--reorder` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reorder {
    /// By kind, as `kubectl apply` likes it.
    Legacy,
    /// As they were met.
    None,
}

/// The files that builds of one run read: each is a source once.
pub type Files = HashMap<PathBuf, (SourceId, Arc<str>)>;

/// What every step of a build has at hand.
pub struct Cx<'a> {
    /// Files and the rest of the surroundings.
    pub world: &'a dyn World,
    /// What the build was told.
    pub options: &'a BuildOptions,
    /// All texts of the run.
    pub sources: &'a mut Sources,
    /// Where the nodes of all trees came from.
    pub origins: &'a mut Origins,
    /// What strategic merges go by: what is built in, unless a field `openapi` named something else.
    pub schemas: Schemas,
    /// What is said beside the one error that stops a build.
    pub out: &'a mut Diagnostics,
    /// The objects that were taken out whole, where origins are followed: what each was told by, and what decided so.
    pub dropped: Vec<(Place, OriginId)>,
    /// Whether upstream has read its own schema by now, beside which one that is named later counts.
    pub schema_is_read: bool,
    /// Whether a kustomization said which schemas those are.
    pub(super) schema_is_set: bool,
    /// The files that were read, by path.
    pub(super) files: Files,
    /// The places of configurations that were printed and read once more, with where they came from.
    pub(super) reprinted: HashMap<Span, OriginId>,
}

impl<'a> Cx<'a> {
    /// At the beginning of a build.
    pub fn new(
        world: &'a dyn World,
        options: &'a BuildOptions,
        sources: &'a mut Sources,
        origins: &'a mut Origins,
        out: &'a mut Diagnostics,
    ) -> Cx<'a> {
        Cx {
            world,
            options,
            sources,
            origins,
            schemas: Schemas::builtin(),
            schema_is_read: false,
            schema_is_set: false,
            out,
            dropped: Vec::new(),
            files: HashMap::new(),
            reprinted: HashMap::new(),
        }
    }

    /// Exchanges the files that were read with others: so builds of one run share theirs.
    pub fn swap_files(&mut self, files: &mut Files) {
        std::mem::swap(&mut self.files, files);
    }

    /// Notes that an object was taken out.
    pub(super) fn drop_object(&mut self, object: Place, cond: OriginId) {
        if self.options.trace {
            self.dropped.push((object, cond));
        }
    }

    /// The origin of what stands at a place of a source.
    pub fn read(&mut self, at: Option<Span>) -> OriginId {
        match at {
            Some(at) if self.options.trace => match self.reprinted.get(&at) {
                Some(origin) => *origin,
                None => self.origins.intern(Chain::Read(at)),
            },
            _ => OriginId::UNKNOWN,
        }
    }

    /// Where a place stands in a file of the build: what is read once more from a text that was printed for it came
    /// from elsewhere.
    pub(super) fn written(&self, at: Span) -> Span {
        self.reprinted.get(&at).and_then(|origin| self.origins.primary(*origin)).unwrap_or(at)
    }

    /// The origin of a node that `by` made out of what stands at a place.
    pub fn made_from(&mut self, by: Option<Span>, at: Option<Span>) -> OriginId {
        let data = self.read(at);
        self.generated(by, data)
    }

    /// The origin of a node that `by` changed and that came from `was` before.
    pub fn patched(&mut self, by: Option<Span>, was: OriginId) -> OriginId {
        match by {
            Some(by) if self.options.trace => {
                let by = self.written(by);
                self.origins.intern(Chain::Patched { by, was })
            }
            _ => was,
        }
    }

    /// The origin of a node that `by` changed a part of: what was there before is in it still.
    pub fn adapted(&mut self, by: Option<Span>, was: OriginId) -> OriginId {
        self.generated(by, was)
    }

    /// The origin of a node that `by` made out of `data`.
    pub fn generated(&mut self, by: Option<Span>, data: OriginId) -> OriginId {
        match by {
            Some(by) if self.options.trace => {
                let by = self.written(by);
                self.origins.intern(Chain::Generated { by, data })
            }
            _ => data,
        }
    }
}
