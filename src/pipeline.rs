//! The order of the stages: the only file that knows it.

mod baseline;
mod beside;
mod charts;
mod fingerprint;
mod manifests;
mod overlays;
mod secrets;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use source::{Class, Diagnostic, Diagnostics, Origins, SourceKind, Sources, Span, TargetId};

pub use baseline::{BASELINE_STALE, Known};
pub use fingerprint::{Fingerprint, fingerprints};
use manifests::Manifests;

use crate::kube::Bundle;
use crate::load::{self, Loaded, Request, Role};
use crate::render::chart::codes::DEPENDENCY_MISSING;
use crate::render::chart::{Cluster, Profile, RenderOptions, Unused};
use crate::render::kustomize::Files;
use crate::schema::{self, Schema, Version};
use crate::world::World;
use crate::{lint, render, validate};

/// Which stages run, and what they are told.
#[derive(Clone, Default)]
pub struct Settings {
    /// What is read.
    pub request: Request,
    /// The server whose verdict is wanted, if one is.
    pub validate: Option<Server>,
    /// The rules to run; `None` where lint is not wanted.
    pub lint: Option<Rules>,
    /// Manifests that the `lookup` of charts answers from.
    pub lookup: Vec<PathBuf>,
    /// Whether the cost of each rule is measured.
    pub measures_rules: bool,
    /// Whether nobody asks for the objects once they are judged, so that they can be dropped.
    pub drops_objects: bool,
}

/// Which rules run.
#[derive(Clone, Default)]
pub struct Rules {
    /// What the command line and the configuration of the working directory say.
    pub settings: lint::Settings,
    /// Finds the configurations of the directories of files, given in full; `None` where one configuration was named.
    pub nested: Option<Nested>,
    /// The day on which suppressions with a date are judged, like 2027-01-31; the world's own day without.
    pub today: Option<String>,
}

/// The nearest configuration of a directory, if it is not that of the working directory; `Err` tells what is wrong
/// with it.
pub type Nested = Arc<dyn Fn(&Path, &dyn World) -> Result<Option<lint::Nested>, String> + Send + Sync>;

/// The server that validation answers for.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its version.
    pub version: Version,
    /// Files and directories that say what its cluster has; with any, what they do not say is not there.
    pub state: Vec<PathBuf>,
    /// Files and directories with CustomResourceDefinitions that count beside those of the input.
    pub crds: Vec<PathBuf>,
    /// JSON Schemas that judge in place of the tables.
    pub locations: Option<validate::Locations>,
}

impl Default for Server {
    fn default() -> Self {
        Server { version: schema::NEWEST, state: Vec::new(), crds: Vec::new(), locations: None }
    }
}

/// What a run came to.
pub struct Outcome {
    /// Every text of the run.
    pub sources: Sources,
    /// What was read, file by file.
    pub files: Vec<load::File>,
    /// The objects, unless they were to be dropped.
    pub bundle: Bundle,
    /// How many objects were judged and dropped.
    pub dropped: usize,
    /// What was found, stage by stage.
    pub diagnostics: Vec<Diagnostic>,
    /// How many findings were left out because they depend on what could not be read.
    pub withheld: usize,
    /// Where the values of Secrets stand, which must not be shown.
    pub secrets: Vec<Span>,
    /// How long each stage took.
    pub timings: Vec<(&'static str, Duration)>,
    /// How long each rule took, all threads together, the dearest first; empty where that was not measured.
    pub rules: Vec<(&'static str, Duration)>,
}

/// Runs the stages over what the request names. `Err` is a wrong request.
pub fn run(settings: &Settings, world: &dyn World) -> Result<Outcome, String> {
    let mut clock = Clock::new(world);
    let mut out = Diagnostics::new();
    let found = load::find(&settings.request, world)?;
    let Manifests { mut loaded, mut bundle, waiting, mut dropped, mut secrets, mut withheld } =
        manifests::read(settings, found, world, &mut out);
    clock.lap(if waiting.is_some() { "load, validate" } else { "load" });
    let of_rules = || now(world);
    let meter = settings.measures_rules.then(|| lint::Meter::new(&of_rules));
    let mut judges = Judges::new(settings, &loaded.sources, world)?;
    judges.meter = meter.as_ref();
    if let Some(waiting) = &waiting {
        let rest = render::plain(waiting);
        let mut found = Diagnostics::new();
        judges.validate(&rest, &mut found, &mut clock);
        withheld += withhold(&mut found, 0, &rest.origins, &loaded.files);
        for mut diagnostic in found {
            manifests::place(&mut diagnostic, &rest.origins);
            out.push(diagnostic);
        }
        if settings.drops_objects {
            dropped += rest.resources.len();
            secrets.extend(secrets::values(&rest));
        }
    }
    let read = out.len();
    if waiting.is_none() {
        judges.validate(&bundle, &mut out, &mut clock);
    }
    judges.lint(false, &bundle, &loaded.sources, &mut out, &mut clock);
    withheld += withhold(&mut out, read, &bundle.origins, &loaded.files);
    // Every rendering of a chart is judged alone, for two of them have the same objects; what several have in common
    // is told once.
    let charts: Vec<PathBuf> = charts::directories(&loaded);
    let mut target = 0;
    let mut cluster = Cluster::new(&settings.lookup);
    for path in &charts {
        let Some(chart) = charts::read(path, &mut loaded.sources, world, &mut out) else { continue };
        let view = charts::view(&chart, &loaded.sources);
        judges.judge_chart(&view, path, &loaded.sources, &mut out);
        let mut told = charts::Told::default();
        let mut unused = Unused::default();
        for rendering in charts::renderings(path, &chart, settings, world) {
            target += 1;
            let mut found = Diagnostics::new();
            let mut origins = std::mem::take(&mut bundle.origins);
            let resources = rendering.render(
                &mut cluster,
                &mut origins,
                &mut loaded.sources,
                world,
                &mut found,
                &mut secrets,
                &mut unused,
            );
            clock.lap("render");
            let rendered = Bundle { resources, origins };
            judges.judge(true, &rendered, &loaded.sources, &mut found, &mut clock);
            told.add(found, TargetId(target), &rendered.origins);
            bundle.origins = rendered.origins;
            bundle.resources.extend(rendered.resources);
        }
        out.extend(told.into_vec());
        if settings.lint.is_some() {
            let mut noticed = Diagnostics::new();
            charts::tell_unused(unused, &chart, &mut loaded.sources, world, &mut noticed);
            judges.judge_advice(noticed, path, &loaded.sources, &mut out);
        }
    }
    let mut files = Files::default();
    let mut told = charts::Told::default();
    for folder in overlays::wanted(&loaded, world) {
        target += 1;
        let mut found = Diagnostics::new();
        let mut origins = std::mem::take(&mut bundle.origins);
        let resources =
            overlays::build(&folder, &mut files, &mut origins, &mut loaded.sources, world, &mut found);
        clock.lap("render");
        let built = Bundle { resources, origins };
        judges.judge(false, &built, &loaded.sources, &mut found, &mut clock);
        told.add(found, TargetId(target), &built.origins);
        bundle.origins = built.origins;
        bundle.resources.extend(built.resources);
    }
    out.extend(told.into_vec());
    if request_is_for_folders(&settings.request, world) {
        render::kustomize::findings::unused_file::check(&files, world, &mut out);
    }
    let Loaded { mut sources, files } = loaded;
    let is_whole = files.iter().all(|f| !f.broken) && !out.iter().any(|d| d.class == Class::Render);
    let is_part = !settings.request.is_whole();
    judges.close(&mut sources, is_whole, is_part, &mut out);
    secrets.extend(secrets::values(&bundle));
    Ok(Outcome {
        sources,
        files,
        bundle,
        dropped,
        diagnostics: out.into_vec(),
        withheld,
        secrets,
        timings: clock.laps,
        rules: meter.map_or_else(Vec::new, |meter| meter.spent()),
    })
}

/// Whether all that lies in some directory was asked for, so that what nothing uses can be told.
fn request_is_for_folders(request: &Request, world: &dyn World) -> bool {
    let is_folder = |path: &PathBuf| matches!(world.stat(path), Ok(crate::world::FileKind::Directory));
    !request.changed && request.paths.iter().any(is_folder)
}

/// Renders one chart as it is asked for, without judging what comes of it.
pub fn chart(path: &Path, options: &RenderOptions, profile: Profile, world: &dyn World) -> Outcome {
    let mut clock = Clock::new(world);
    let (mut sources, mut out) = (Sources::new(), Diagnostics::new());
    let mut secrets = Vec::new();
    let bundle = charts::one(path, options, profile, world, &mut sources, &mut out, &mut secrets);
    clock.lap("render");
    secrets.extend(secrets::values(&bundle));
    Outcome {
        sources,
        files: Vec::new(),
        bundle,
        dropped: 0,
        diagnostics: out.into_vec(),
        withheld: 0,
        secrets,
        timings: clock.laps,
        rules: Vec::new(),
    }
}

/// What a person asked to be told of the objects.
struct Judges<'a> {
    settings: &'a Settings,
    world: &'a dyn World,
    rules: Option<lint::Settings>,
    nested: Vec<lint::Nested>,
    here: PathBuf,
    today: String,
    crds: Bundle,
    state: Option<Bundle>,
    comments: lint::Comments,
    ledger: lint::Ledger,
    meter: Option<&'a lint::Meter<'a>>,
}

impl<'a> Judges<'a> {
    fn new(settings: &'a Settings, sources: &Sources, world: &'a dyn World) -> Result<Self, String> {
        let server = settings.validate.as_ref();
        let asked = settings.lint.as_ref();
        let of_rules = asked.map(|rules| &rules.settings.cluster_state);
        let paths = server.map(|server| &server.state).or(of_rules).map_or(&[][..], Vec::as_slice);
        // What the schema says, validation has said better.
        let without_schema = |rules: lint::Settings| match settings.validate {
            Some(_) => rules.without("schema-invalid"),
            None => rules,
        };
        let here = world.canonical(Path::new(".")).unwrap_or_else(|_| PathBuf::from("/"));
        let mut nested = match asked.and_then(|rules| rules.nested.as_ref()) {
            Some(find) => nested_of(sources, &here, find, world)?,
            None => Vec::new(),
        };
        for one in &mut nested {
            one.settings = without_schema(std::mem::take(&mut one.settings));
        }
        let today = asked.and_then(|rules| rules.today.clone());
        Ok(Judges {
            settings,
            world,
            rules: asked.map(|rules| without_schema(rules.settings.clone())),
            nested,
            here,
            today: today.unwrap_or_else(|| lint::date(world.now().0)),
            crds: server
                .map_or_else(|| Ok(Bundle::default()), |server| beside::definitions(server, world))?,
            state: (!paths.is_empty()).then(|| beside::cluster(paths, world)).transpose()?,
            comments: lint::Comments::default(),
            ledger: lint::Ledger::default(),
            meter: None,
        })
    }

    /// A chart as it is written, by the configuration of its folder.
    fn judge_chart(
        &mut self,
        chart: &lint::ChartView,
        path: &Path,
        sources: &Sources,
        out: &mut Diagnostics,
    ) {
        let stage = |file: &str, cx: &lint::Cx<'_>| lint::chart_stage(chart, file, cx, out);
        self.of_chart(path, sources, stage);
    }

    /// What its renderings noticed of a chart, by the same.
    fn judge_advice(&mut self, noticed: Diagnostics, path: &Path, sources: &Sources, out: &mut Diagnostics) {
        let stage = |file: &str, cx: &lint::Cx<'_>| lint::advice_stage(noticed, file, cx, out);
        self.of_chart(path, sources, stage);
    }

    fn of_chart(
        &mut self,
        path: &Path,
        sources: &Sources,
        stage: impl FnOnce(&str, &lint::Cx<'_>) -> lint::Ledger,
    ) {
        let Some(rules) = &self.rules else { return };
        let directory = crate::world::plain(&self.here.join(path));
        let nested = self.nested.iter().filter(|nested| directory.starts_with(&nested.directory));
        let nearest = nested.max_by_key(|nested| nested.directory.as_os_str().len());
        self.comments.read(sources);
        let cx = lint::Cx {
            settings: nearest.map_or(rules, |nested| &nested.settings),
            nested: &[],
            here: &self.here,
            cluster: None,
            sources: Some(sources),
            comments: Some(&self.comments),
            today: Some(&self.today),
            meter: self.meter,
        };
        let file = crate::world::plain(&path.join("Chart.yaml"));
        self.ledger.merge(stage(&file.to_string_lossy(), &cx));
    }

    /// Judges what a kustomization was built to, or (`is_rendered`) what a chart was rendered to.
    fn judge(
        &mut self,
        is_rendered: bool,
        bundle: &Bundle,
        sources: &Sources,
        out: &mut Diagnostics,
        clock: &mut Clock<'_>,
    ) {
        self.validate(bundle, out, clock);
        self.lint(is_rendered, bundle, sources, out, clock);
    }

    /// Says what a server would.
    fn validate(&self, bundle: &Bundle, out: &mut Diagnostics, clock: &mut Clock<'_>) {
        let Some(server) = &self.settings.validate else { return };
        let locations = server.locations.as_ref().map(|all| (all, self.world));
        let schema = Schema::of(server.version);
        let cx = validate::Cx { schema, crds: &self.crds, cluster: self.state.as_ref(), locations };
        validate::stage(bundle, &cx, out);
        clock.lap("validate");
    }

    /// Holds objects to the rules. What a chart was rendered to (`is_rendered`) gets its namespace with the release.
    fn lint(
        &mut self,
        is_rendered: bool,
        bundle: &Bundle,
        sources: &Sources,
        out: &mut Diagnostics,
        clock: &mut Clock<'_>,
    ) {
        let Some(rules) = &self.rules else { return };
        self.comments.read(sources);
        let of_release = is_rendered.then(|| rules.clone().without("namespace-default"));
        let nested: Vec<_> = match is_rendered {
            true => self.nested.iter().map(released).collect(),
            false => Vec::new(),
        };
        let cx = lint::Cx {
            settings: of_release.as_ref().unwrap_or(rules),
            nested: if is_rendered { &nested } else { &self.nested },
            here: &self.here,
            cluster: self.state.as_ref(),
            sources: Some(sources),
            comments: Some(&self.comments),
            today: Some(&self.today),
            meter: self.meter,
        };
        self.ledger.merge(lint::stage(bundle, &cx, out));
        clock.lap("lint");
    }

    /// Says at the end which suppressions came to nothing: several targets may share one.
    fn close(&self, sources: &mut Sources, is_whole: bool, is_part: bool, out: &mut Diagnostics) {
        let Some(rules) = &self.rules else { return };
        let nested = self.nested.iter().flat_map(|nested| &nested.settings.allowed);
        let mut end = lint::Closing { today: Some(&self.today), is_whole, is_part, sources };
        self.ledger.report(&self.comments, rules.allowed.iter().chain(nested), &mut end, out);
    }
}

/// A configuration for what a chart was rendered to.
fn released(nested: &lint::Nested) -> lint::Nested {
    let settings = nested.settings.clone().without("namespace-default");
    lint::Nested { directory: nested.directory.clone(), settings }
}

/// The configurations of the directories that the files are in; each directory is asked about once.
fn nested_of(
    sources: &Sources,
    here: &Path,
    find: &Nested,
    world: &dyn World,
) -> Result<Vec<lint::Nested>, String> {
    let mut directories = BTreeSet::new();
    for (_, source) in sources.iter().filter(|(_, s)| s.kind == SourceKind::File) {
        directories.extend(crate::world::plain(&here.join(&*source.name)).parent().map(Path::to_owned));
    }
    let mut all: Vec<lint::Nested> = Vec::new();
    for directory in directories {
        if let Some(found) = find(&directory, world)?
            && all.iter().all(|known| known.directory != found.directory)
        {
            all.push(found);
        }
    }
    Ok(all)
}

/// Drops what follows from a mistake that has been told already, from the diagnostic at index `from` on: what is
/// said of a document that could not be read whole, and what a rule misses among objects of which some could not
/// be read. Returns how many of the latter there were. The files are those of the diagnostics, in order.
fn withhold(out: &mut Diagnostics, from: usize, origins: &Origins, files: &[load::File]) -> usize {
    if files.iter().all(|f| !f.broken) {
        return 0;
    }
    let first = files.first().map_or(0, |file| file.source.0);
    let is_broken = |span: Span| {
        let file = span.source.0.checked_sub(first).and_then(|at| files.get(at as usize));
        let docs = file.map_or(&[][..], |file| &file.docs);
        let at = docs.partition_point(|d| d.span.0 <= span.start);
        at.checked_sub(1).is_some_and(|at| docs[at].broken)
    };
    // A reference may lead to an object that stands where nothing could be read.
    let looks_around = |d: &Diagnostic| {
        lint::rules::find(d.code.id)
            .is_some_and(|r| r.group == lint::Group::References && matches!(r.check, lint::Check::Bundle(_)))
    };
    let (mut index, mut withheld) = (0, 0);
    out.retain(|d| {
        index += 1;
        if index <= from {
            return true;
        }
        if d.class == Class::Policy && looks_around(d) {
            withheld += 1;
            return false;
        }
        !origins.primary(d.primary.at).is_some_and(is_broken)
    });
    withheld
}

impl Outcome {
    /// How many charts, kustomizations and manifests were met.
    pub fn tally(&self) -> Tally {
        let objects = self.dropped + self.bundle.resources.len();
        let mut tally = Tally { objects, ..Tally::default() };
        for file in &self.files {
            match file.role {
                Role::Chart => tally.charts += 1,
                Role::Kustomization => tally.kustomizations += 1,
                _ if !file.is_read => tally.unread += 1,
                _ if file.broken || file.has_objects() => tally.manifests += 1,
                _ => tally.others += 1,
            }
        }
        tally
    }

    /// Whether something could not be judged at all.
    pub fn is_unjudged(&self) -> bool {
        let is_unjudged = |code| load::UNJUDGED.contains(&code) || *code == DEPENDENCY_MISSING;
        self.diagnostics.iter().any(|d| is_unjudged(d.code))
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
