//! The order of the stages: the only file that knows it.

use std::time::Duration;

use rustc_hash::FxHashSet;
use source::{Class, Diagnostic, Diagnostics, Place, SourceId, Sources, Span};
use yaml::Node;

use crate::kube::Bundle;
use crate::load::{self, Loaded, Request, Role};
use crate::report::{Masks, expand};
use crate::world::World;
use crate::{lint, render};

/// Which stages run, and what they are told.
#[derive(Clone, Default)]
pub struct Settings {
    /// What is read.
    pub request: Request,
    /// Whether the server's verdict is wanted.
    pub validate: bool,
    /// The rules to run; `None` where lint is not wanted.
    pub lint: Option<lint::Settings>,
}

/// What a run came to.
pub struct Outcome {
    /// Every text of the run.
    pub sources: Sources,
    /// What was read, file by file.
    pub files: Vec<load::File>,
    /// The objects.
    pub bundle: Bundle,
    /// What was found, every place a span, in the order of the texts.
    pub diagnostics: Vec<Diagnostic>,
    /// What must not be shown.
    pub masks: Masks,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
}

/// Runs the stages over what the request names. `Err` is a wrong request.
pub fn run(settings: &Settings, world: &dyn World) -> Result<Outcome, String> {
    let mut clock = Clock::new(world);
    let mut out = Diagnostics::new();
    let loaded = load::load(&settings.request, world, &mut out)?;
    clock.lap("load");
    let bundle = render::plain(&loaded, &mut out);
    clock.lap("render");
    let read = out.len();
    if let Some(rules) = &settings.lint {
        lint::stage(&bundle, &lint::Cx { settings: rules, cluster: None }, &mut out);
        clock.lap("lint");
    }
    let Loaded { sources, files } = loaded;
    let masks = Masks::new(secrets(&bundle));
    let mut diagnostics = out.into_vec();
    for diagnostic in &mut diagnostics[read..] {
        expand(diagnostic, &bundle.origins);
    }
    withhold(&mut diagnostics, &files);
    settle(&mut diagnostics, &masks, &sources);
    clock.lap("settle");
    Ok(Outcome { sources, files, bundle, diagnostics, masks, timings: clock.laps })
}

/// Drops what follows from a mistake that has been told already: whatever validation and rules say of a document
/// that could not be read whole.
fn withhold(diagnostics: &mut Vec<Diagnostic>, files: &[load::File]) {
    if files.iter().all(|f| !f.broken) {
        return;
    }
    let broken = |span: Span| {
        files.get(span.source.0 as usize).is_some_and(|file| {
            file.docs.iter().any(|d| {
                let (start, end) = d.doc.span();
                d.broken && start <= span.start && span.start < end
            })
        })
    };
    diagnostics.retain(|d| match (&d.class, d.primary.at) {
        (Class::Policy | Class::Server { .. }, Place::Span(span)) => !broken(span),
        _ => true,
    });
}

/// Sorts by place and hides what must not be shown.
fn settle(diagnostics: &mut [Diagnostic], masks: &Masks, sources: &Sources) {
    let place = |d: &Diagnostic| match d.primary.at {
        Place::Span(span) => (span.source, span.start, span.end),
        Place::Origin(_) => (SourceId(u32::MAX), 0, 0),
    };
    diagnostics.sort_by(|a, b| {
        (place(a), std::cmp::Reverse(a.severity), a.code.id, &a.message).cmp(&(
            place(b),
            std::cmp::Reverse(b.severity),
            b.code.id,
            &b.message,
        ))
    });
    for diagnostic in diagnostics {
        masks.clean(diagnostic, sources);
    }
}

/// The values of all Secrets, where they stand in the texts.
fn secrets(bundle: &Bundle) -> Vec<Span> {
    let mut spans = Vec::new();
    for secret in bundle.resources.iter().filter(|r| &*r.id.gvk.kind == "Secret") {
        let root = secret.root();
        let values = ["data", "stringData"].into_iter().filter_map(|key| root.get(key));
        // What kubectl keeps of the last `apply` repeats the whole object.
        let copy = root
            .at("metadata.annotations")
            .and_then(|a| a.get("kubectl.kubernetes.io/last-applied-configuration"));
        for node in values.flat_map(Node::entries).map(|(_, value)| value).chain(copy) {
            if let Some(Place::Span(span)) = secret_place(secret, node, bundle) {
                spans.push(span);
            }
        }
    }
    spans
}

fn secret_place(secret: &crate::kube::Resource, node: Node<'_>, bundle: &Bundle) -> Option<Place> {
    bundle.origins.primary(secret.origin(node)).map(Place::Span)
}

impl Outcome {
    /// How many charts, kustomizations and manifests were met.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally { objects: self.bundle.resources.len(), ..Tally::default() };
        for file in &self.files {
            match file.role {
                Role::Chart => tally.charts += 1,
                Role::Kustomization => tally.kustomizations += 1,
                _ if !file.is_read => tally.unread += 1,
                _ if file.broken || file.docs.iter().any(|d| d.content.is_object()) => tally.manifests += 1,
                _ => tally.others += 1,
            }
        }
        tally
    }

    /// Whether something could not be judged at all.
    pub fn is_unjudged(&self) -> bool {
        self.diagnostics.iter().any(|d| load::UNJUDGED.contains(&d.code))
    }

    /// In how many files something was found.
    pub fn files_with_findings(&self) -> usize {
        let places = self.diagnostics.iter().filter_map(|d| match d.primary.at {
            Place::Span(span) => Some(span.source),
            Place::Origin(_) => None,
        });
        places.collect::<FxHashSet<_>>().len()
    }
}

/// What was met.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Charts.
    pub charts: usize,
    /// Kustomizations.
    pub kustomizations: usize,
    /// Files with objects, or with what was to be some.
    pub manifests: usize,
    /// Files that hold something else.
    pub others: usize,
    /// Files that could not be read.
    pub unread: usize,
    /// Objects.
    pub objects: usize,
}

struct Clock<'a> {
    world: &'a dyn World,
    last: Duration,
    laps: Vec<(&'static str, Duration)>,
}

impl<'a> Clock<'a> {
    fn new(world: &'a dyn World) -> Self {
        Clock { world, last: now(world), laps: Vec::new() }
    }

    fn lap(&mut self, name: &'static str) {
        let now = now(self.world);
        self.laps.push((name, now.saturating_sub(self.last)));
        self.last = now;
    }
}

fn now(world: &dyn World) -> Duration {
    let (seconds, nanos) = world.now();
    Duration::new(u64::try_from(seconds).unwrap_or(0), nanos)
}
