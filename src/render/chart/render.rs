//! A chart with values to manifests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gotmpl::{Engine, Error, MapRef, Services, Templates, Text, Value, helm};
use source::{Chain, Diagnostic, Diagnostics, FrameId, Lines, OriginId, Origins, SourceId, Span};

use crate::world::World;

use super::ahead::{self, Ahead, Board, Made};
use super::capabilities::KubeVersion;
use super::coalesce::{Coalesce, NoTable};
use super::codes::{
    ARGUMENT_INVALID, CHART_DEPRECATED, CHART_NOT_INSTALLABLE, DEPENDENCY_MISSING, KUBE_VERSION_INCOMPATIBLE,
    SUBCHART_VALUES_NO_TABLE,
};
use super::dependencies::{self, Process, is_compatible};
use super::graph::{ChartId, Graph, Switch};
use super::load::{self, Chart, LoadCx, fail};
use super::log::{self, Level};
use super::lookup::{self, Cluster, Lookup};
use super::manifests::{self, Batch, Manifest, Parts, Rendered};
use super::parse::{self, Early};
use super::pieces::Piece;
use super::profile::Profile;
use super::reads::{Reads, Watched};
use super::scope::{self, Template};
use super::snapshot::Snapshot;
use super::values::{ValueFlags, user_values};
use super::{Fail, audit, failed, schema};

/// What a rendering is told beside the chart.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// The release's name.
    pub release: String,
    /// Its namespace.
    pub namespace: String,
    /// `--is-upgrade`
    pub is_upgrade: bool,
    /// `--kube-version`; without it the profile's.
    pub kube_version: Option<KubeVersion>,
    /// `--api-versions`, beside the profile's.
    pub api_versions: Vec<String>,
    /// The user's values.
    pub values: ValueFlags,
    /// Manifests that `lookup` answers from; without any it finds nothing.
    pub lookup: Vec<PathBuf>,
    /// `--skip-schema-validation`
    pub skip_schema_validation: bool,
    /// `--include-crds`
    pub include_crds: bool,
    /// Whether origins are followed.
    pub trace: bool,
    /// `--debug`
    pub debug: bool,
    /// Whether it is also said what Helm says nothing of: actions that print nothing, annotations without effect. Needs
    /// `trace`.
    pub audit: bool,
    /// Only text is wanted, and then the process ends: manifests come without their documents, and what rendering
    /// needed is not freed.
    pub text_only: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        RenderOptions {
            release: "release-name".to_owned(),
            namespace: "default".to_owned(),
            is_upgrade: false,
            kube_version: None,
            api_versions: Vec::new(),
            values: ValueFlags::default(),
            lookup: Vec::new(),
            skip_schema_validation: false,
            include_crds: false,
            trace: false,
            debug: false,
            audit: false,
            text_only: false,
        }
    }
}

/// A file under `crds/` of a chart, which is applied as it stands.
#[derive(Clone)]
pub struct Crd {
    /// The path below the chart's name.
    pub path: String,
    /// The text.
    pub text: Piece,
    /// The same as a source.
    pub source: SourceId,
}

/// What a chart came to.
#[derive(Default)]
pub struct Rendering {
    /// The files under `crds/`, where they were asked for.
    pub crds: Vec<Crd>,
    /// In the order of installing.
    pub manifests: Vec<Manifest>,
    /// The same, of what runs around the installing.
    pub hooks: Vec<Manifest>,
    /// What each template came to, where origins were followed.
    pub files: Vec<RenderedFile>,
    /// What kept whole charts out of it.
    pub absent: Vec<OriginId>,
    /// What the templates read of the values, where that is audited.
    pub reads: Reads,
}

/// What one template came to.
pub struct RenderedFile {
    /// The template's name, such as `chart/templates/a.yaml`.
    pub path: Arc<str>,
    /// Its text.
    pub source: SourceId,
    /// Whether it wrote nothing but space.
    pub is_blank: bool,
    /// What kept something out of it: conditions, empty values.
    pub gaps: Vec<OriginId>,
}

/// Renders the chart at a path; with `trace`, `origins` takes in where everything came from.
///
/// The steps come in the order of `helm template`, so that of several mistakes the one is told that Helm would have
/// met first.
///
/// # Errors
/// What stopped Helm.
pub fn template(
    path: &Path,
    options: &RenderOptions,
    origins: &mut Origins,
    cx: &mut LoadCx<'_>,
) -> Result<Rendering, Fail> {
    if options.debug && cx.profile == Profile::Helm4 {
        note_debug("Original chart version", &[("version", "")], path, cx);
    }
    load::locate(path, cx)?;
    if options.debug && cx.profile == Profile::Helm4 {
        let absolute = cx.world.canonical(path).unwrap_or_else(|_| path.to_owned());
        note_debug("Chart path", &[("path", &absolute.display().to_string())], path, cx);
    }
    let mut origins = options.trace.then_some(origins);
    let user = user_values(&options.values, cx, &mut origins)?;
    let mut early = Early::new(cx.profile.engine());
    let gathered = load::gather(path, cx, &mut |file| early.see(file))?;
    let chart = Arc::new(load::make(gathered, cx)?);
    let mut cluster = Cluster::new(&options.lookup);
    let second = Second { ahead: ahead(&chart, &user, &early, options, cx.profile), early };
    let rendering = render(&chart, &user, &second, &mut cluster, options, origins, cx);
    if let Some(ahead) = &second.ahead {
        ahead.board.close();
    }
    if options.text_only {
        // Nobody waits for what the second thread is at.
        second.early.aside().close();
        std::mem::forget((chart, second));
    }
    rendering
}

/// What a second thread does for a rendering, if there is one.
struct Second {
    early: Early,
    ahead: Option<Arc<Ahead>>,
}

/// Lets the second thread render too, where only the text is wanted and there is one. Helm 3's metadata are an object
/// whose lists nobody watches.
fn ahead(
    chart: &Arc<Chart>,
    user: &MapRef,
    early: &Early,
    options: &RenderOptions,
    profile: Profile,
) -> Option<Arc<Ahead>> {
    let is_wanted = options.text_only && !options.trace && early.aside().is_there();
    if !is_wanted || profile.is_helm3() || !options.lookup.is_empty() {
        return None;
    }
    let ahead = Arc::new(Ahead {
        chart: chart.clone(),
        user: Snapshot::of(user)?,
        options: options.clone(),
        profile,
        trees: early.trees().clone(),
        board: Board::default(),
    });
    early.aside().give(ahead.clone());
    Some(ahead)
}

/// The values of a chart as templates see them, without a word about what is wrong with them.
pub(crate) fn values_of(graph: &mut Graph<'_>, user: &MapRef, profile: Profile) -> Option<MapRef> {
    let mut out = Diagnostics::new();
    let mut process = Process { graph: &mut *graph, profile, origins: None, out: &mut out };
    dependencies::process(&mut process, user).ok()?;
    let mut coalesce = Coalesce { graph, profile, origins: None, out: &mut out, merge: false };
    coalesce.run(Graph::ROOT, Some(user)).ok()
}

/// Renders a chart that was loaded, with the values of the options; `lookup` answers from the cluster, which several
/// renderings may share, and not from what the options name.
///
/// # Errors
/// What stopped Helm.
pub fn render_loaded(
    chart: &Chart,
    options: &RenderOptions,
    cluster: &mut Cluster<'_>,
    origins: &mut Origins,
    cx: &mut LoadCx<'_>,
) -> Result<Rendering, Fail> {
    let mut origins = options.trace.then_some(origins);
    let user = user_values(&options.values, cx, &mut origins)?;
    let second = Second { early: Early::new(cx.profile.engine()), ahead: None };
    render(chart, &user, &second, cluster, options, origins, cx)
}

/// The name that `--name-template` gives: a template without data.
///
/// # Errors
/// What is wrong with it, in Go's words.
pub fn name_of_template(text: &str, profile: Profile, world: &dyn World) -> Result<String, String> {
    let mut templates = Templates::new(profile.engine());
    templates.add("name-template", text, None).map_err(|error| error.to_string())?;
    let lookup = Lookup::default();
    let mut services = WorldServices { world, lookup: &lookup };
    let mut engine = Engine::new(&templates, gotmpl::Options::new(profile.engine()), &mut services);
    let text = engine.render("name-template", Value::NIL).map_err(|error| error.to_string())?;
    Ok(utf8(text))
}

fn render(
    chart: &Chart,
    user: &MapRef,
    second: &Second,
    cluster: &mut Cluster<'_>,
    options: &RenderOptions,
    mut origins: Option<&mut Origins>,
    cx: &mut LoadCx<'_>,
) -> Result<Rendering, Fail> {
    let top = Span::top(chart.source);
    if !matches!(&*chart.metadata.kind, "" | "application") {
        let upstream = format!("{} charts are not installable", chart.metadata.kind);
        return Err(fail(&CHART_NOT_INSTALLABLE, top, "a library chart cannot be rendered alone", &upstream));
    }
    if chart.metadata.deprecated {
        let upstream = match cx.profile {
            Profile::Helm3 => "WARNING: This chart is deprecated".to_owned(),
            Profile::Helm4 => log::line(Level::Warn, "this chart is deprecated", &[]),
        };
        cx.out.push(Diagnostic::new(&CHART_DEPRECATED, top, "this chart is deprecated").upstream(upstream));
    }
    check_dependencies(chart, cx.profile)?;
    check_name(&options.release, chart, cx)?;
    let mut graph = Graph::new(chart, origins.as_deref_mut());
    let mut process =
        Process { graph: &mut graph, profile: cx.profile, origins: origins.as_deref_mut(), out: cx.out };
    if let Err(no_table) = dependencies::process(&mut process, user) {
        let mut text = no_table.text();
        if cx.profile == Profile::Helm4 {
            let what = "chart dependencies processing failed";
            let logged = log::line(Level::Error, what, &[("error", &text)]);
            cx.out.push(Diagnostic::new(&SUBCHART_VALUES_NO_TABLE, top, what).upstream(logged));
            text = format!("{what}: {text}");
        }
        return Err(no_table_failed(&no_table, &text, top));
    }
    let mut coalesce = Coalesce {
        graph: &graph,
        profile: cx.profile,
        origins: origins.as_deref_mut(),
        out: cx.out,
        merge: false,
    };
    let values = coalesce
        .run(Graph::ROOT, Some(user))
        .map_err(|no_table| no_table_failed(&no_table, &no_table.text(), top))?;
    if !options.skip_schema_validation {
        schema::validate(&graph, &values, options, cx)?;
    }
    // From here on Helm has a release to show, and says how.
    let with_hint = |error: Fail| {
        if options.debug {
            return error;
        }
        error.map_upstream(|text| format!("{text}\n\nUse --debug flag to render out invalid YAML"))
    };
    check_kube_version(chart, options).map_err(with_hint)?;
    let watched = if options.audit { Watched::of(&values) } else { Watched::default() };
    let files = execute(&graph, &values, second, cluster, options, &mut origins, cx).map_err(with_hint)?;
    if options.audit {
        audit::indents(&files, cx.out);
    }
    let traced = if origins.is_some() { files.iter().map(rendered_file).collect() } else { Vec::new() };
    let sorted = manifests::sort(files, cx.profile, cx.sources, cx.out)
        .map_err(|unreadable| with_hint(failed::manifest(&unreadable, cx.sources, origins.as_deref())))?;
    if options.audit {
        sorted.manifests.iter().for_each(|manifest| audit::list(manifest, cx.out));
    }
    let absent = match origins {
        Some(origins) => graph.absent.iter().map(|switch| switched_off(*switch, origins)).collect(),
        None => Vec::new(),
    };
    let mut crds = Vec::new();
    if options.include_crds {
        collect_crds(&graph, Graph::ROOT, &mut crds);
    }
    let reads = watched.reads();
    if options.text_only {
        // A twentieth of the time of a large chart would go into taking its values apart.
        std::mem::forget((graph, values));
    }
    Ok(Rendering { crds, manifests: sorted.manifests, hooks: sorted.hooks, files: traced, absent, reads })
}

/// The origin of a chart's absence.
fn switched_off(switch: Switch, origins: &mut Origins) -> OriginId {
    let (frame, lines) = (FrameId::TOP, Lines::Own(None));
    origins.intern(Chain::Branched { at: switch.at, frame, cond: switch.cond, lines })
}

fn rendered_file(file: &Rendered) -> RenderedFile {
    let mut from = 0;
    let mut gaps = Vec::new();
    for (to, origin) in &file.segments {
        if from == *to {
            gaps.push(*origin);
        }
        from = *to;
    }
    gaps.sort_unstable();
    gaps.dedup();
    let is_blank = file.text.trim().is_empty();
    RenderedFile { path: file.path.clone(), source: file.source, is_blank, gaps }
}

fn note_debug(message: &str, attributes: &[(&str, &str)], path: &Path, cx: &mut LoadCx<'_>) {
    let line = log::line(Level::Debug, message, attributes);
    let at = cx.place(path);
    cx.out.push(Diagnostic::new(&super::codes::DEBUG, at, message).upstream(line));
}

fn check_dependencies(chart: &Chart, profile: Profile) -> Result<(), Fail> {
    let declared = chart.metadata.dependencies.as_deref().unwrap_or_default();
    let is_missing = |name: &str| !chart.dependencies.iter().any(|sub| sub.metadata.name == name);
    let missing: Vec<_> = declared.iter().filter(|d| is_missing(&d.name)).collect();
    let Some(first) = missing.first() else { return Ok(()) };
    let names: Vec<_> = missing.iter().map(|d| &*d.name).collect();
    let names = names.join(", ");
    let found = format!("found in Chart.yaml, but missing in charts/ directory: {names}");
    let upstream = match profile {
        Profile::Helm3 => format!(
            "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies: {found}"
        ),
        Profile::Helm4 => format!(
            "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: {found}"
        ),
    };
    let at = Span::new(chart.source, first.span.0, first.span.1);
    let mut error =
        fail(&DEPENDENCY_MISSING, at, format!("declared here and missing in charts/: {names}"), &upstream);
    error.0.help = Some("run `helm dependency build` in the chart's directory".to_owned());
    for dependency in &missing[1..] {
        let at = Span::new(chart.source, dependency.span.0, dependency.span.1);
        error.0.related.push(source::Label::new(at, "missing too"));
    }
    Err(error)
}

const NAME_RULE: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

fn check_name(name: &str, chart: &Chart, cx: &mut LoadCx<'_>) -> Result<(), Fail> {
    let legal = |part: &str| {
        let ends = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let bytes = part.as_bytes();
        ends(bytes.first())
            && ends(bytes.last())
            && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
    };
    let problem = if name.is_empty() {
        "no name provided".to_owned()
    } else if name.len() > 53 || !name.split('.').all(legal) {
        format!(
            "invalid release name, must match regex {NAME_RULE} and the length must not be longer than 53"
        )
    } else {
        return Ok(());
    };
    let text = format!("release name {}: {problem}", gotmpl::strconv::quote(name.as_bytes()));
    let top = Span::top(chart.source);
    let mut upstream = text.clone();
    if cx.profile == Profile::Helm4 {
        let what = "release name check failed";
        let logged = log::line(Level::Error, what, &[("error", &text)]);
        cx.out.push(Diagnostic::new(&ARGUMENT_INVALID, top, what).upstream(logged));
        upstream = format!("{what}: {text}");
    }
    Err(fail(&ARGUMENT_INVALID, top, text, &upstream))
}

fn no_table_failed(no_table: &NoTable, upstream: &str, top: Span) -> Fail {
    let message = format!("the values of the subchart {} must be a table", no_table.name);
    let origin = no_table.value.origin;
    if origin == source::OriginId::UNKNOWN {
        fail(&SUBCHART_VALUES_NO_TABLE, top, message, upstream)
    } else {
        fail(&SUBCHART_VALUES_NO_TABLE, origin, message, upstream)
    }
}

fn check_kube_version(chart: &Chart, options: &RenderOptions) -> Result<(), Fail> {
    let range = &chart.metadata.kube_version;
    let default = KubeVersion::default();
    let version = options.kube_version.as_ref().unwrap_or(&default);
    if range.is_empty() || is_compatible(range, &version.normalized) {
        return Ok(());
    }
    let text = format!(
        "chart requires kubeVersion: {range} which is incompatible with Kubernetes {}",
        version.version
    );
    Err(fail(&KUBE_VERSION_INCOMPATIBLE, Span::top(chart.source), text.clone(), &text)
        .map_help("set the cluster's version with --kube-version"))
}

fn execute(
    graph: &Graph<'_>,
    values: &MapRef,
    second: &Second,
    cluster: &mut Cluster<'_>,
    options: &RenderOptions,
    origins: &mut Option<&mut Origins>,
    cx: &mut LoadCx<'_>,
) -> Result<Vec<Rendered>, Fail> {
    let engine = cx.profile.engine();
    let early = &second.early;
    let files = scope::templates(graph, values, options, cx.profile, &mut origins.as_deref_mut());
    // Where nothing is told along the way, files are parsed while others are rendered already.
    let begins = options.text_only && !options.trace && early.aside().is_there();
    let begun = if begins { parse::begin(&files, engine, early.trees()) } else { None };
    let is_begun = begun.is_some();
    let profile = cx.profile;
    let unparsed = |(file, error): (&Template<'_>, Error)| failed::syntax(file, &error, profile);
    let templates = match begun {
        Some(templates) => templates,
        None => parse::parse(&files, engine, early).map_err(unparsed)?,
    };
    let rendered = render_files(&files, &templates, second, cluster, options, origins, cx);
    if is_begun {
        parse::check(&files, engine, &templates).map_err(unparsed)?;
    }
    if options.text_only {
        std::mem::forget((files, templates));
    }
    rendered
}

/// Renders the files in their order, but for those that only define.
fn render_files(
    files: &[Template<'_>],
    templates: &Templates,
    second: &Second,
    cluster: &mut Cluster<'_>,
    options: &RenderOptions,
    origins: &mut Option<&mut Origins>,
    cx: &mut LoadCx<'_>,
) -> Result<Vec<Rendered>, Fail> {
    let engine = cx.profile.engine();
    let lookup = cluster.objects(cx, origins)?;
    let mut services = WorldServices { world: cx.world, lookup };
    let mut rendered = Vec::new();
    let mut batch = Batch::default();
    let witness = second.ahead.as_ref().map(|_| ahead::watch(files));
    for (at, file) in files.iter().enumerate().filter(|(_, file)| !file.is_partial()) {
        let name = name_of_file(file, engine);
        if let (Some(ahead), Some(witness)) = (&second.ahead, &witness) {
            witness.watch(&name);
            witness.unseen(|| {
                file.scope.insert("Template".into(), name);
            });
            if witness.saw() {
                ahead.board.close();
            } else if let Some(Made { text, parts }) = ahead.board.take(at, files.len()) {
                if !file.is_notes() {
                    rendered.push(Rendered { parts: Some(parts), ..Rendered::of(file, text) });
                }
                continue;
            }
        } else {
            file.scope.insert("Template".into(), name);
        }
        cx.world.begin(&file.name);
        let run = Engine::new(templates, gotmpl::Options::new(engine), &mut services);
        let mut run = match origins {
            Some(origins) => run.traced(origins).within(file.frame),
            None => run,
        };
        let text = run.render(&file.name, file.scope.clone().into());
        let nothings = run.nothings();
        let text = text.map_err(|error| {
            let origins = origins.as_deref();
            let mut failure = failed::template(file, &error, cx.profile, templates, origins);
            failure.1.extend(origins.into_iter().flat_map(|origins| lookup::secrets(lookup, origins)));
            failure
        })?;
        if options.audit {
            audit::nothings(nothings, cx.out);
        }
        if !file.is_notes() {
            let segments = match origins {
                Some(_) => text.segments().map(|(range, origin)| (range.end as u32, origin)).collect(),
                None => Vec::new(),
            };
            let text = Arc::new(utf8(text));
            let parts = options.text_only.then(|| Parts::of(text.clone(), cx.profile));
            if let Some(parts) = &parts {
                batch.add(parts, second.early.aside());
            }
            rendered.push(Rendered { parts, segments, ..Rendered::of(file, text) });
        }
    }
    Ok(rendered)
}

/// `.Template` of a file.
pub(crate) fn name_of_file(file: &Template<'_>, engine: gotmpl::Profile) -> Value {
    let template = MapRef::from(gotmpl::Map::new(helm::values_type(engine)));
    template.insert("Name".into(), Value::str(&*file.name));
    template.insert("BasePath".into(), file.base.clone());
    template.into()
}

/// Helm hands on whatever bytes there are, and its YAML reader refuses what is no UTF-8; so does ours the character
/// that stands in for it.
pub(crate) fn utf8(text: Text) -> String {
    // Checking first is several times as fast as looking for what has to be replaced.
    String::from_utf8(text.into_bytes())
        .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

struct WorldServices<'a> {
    world: &'a dyn World,
    lookup: &'a Lookup,
}

impl Services for WorldServices<'_> {
    fn lookup(&mut self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, Error> {
        Ok(self.lookup.find(version, kind, namespace, name))
    }

    fn now(&mut self) -> (i64, u32) {
        self.world.now()
    }

    fn random(&mut self, buffer: &mut [u8]) {
        self.world.random(buffer);
    }

    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
}

/// The files under `crds/` of a chart, then those of its subcharts.
fn collect_crds(graph: &Graph<'_>, chart: ChartId, into: &mut Vec<Crd>) {
    let path = graph.path(chart);
    for file in &graph[chart].chart.files {
        let name = &file.name;
        let is_manifest = name.rsplit_once('.').is_some_and(|(_, extension)| {
            ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        });
        if name.starts_with("crds/") && is_manifest {
            let text = Piece::Own(String::from_utf8_lossy(&file.data).into());
            into.push(Crd { path: format!("{path}/{name}"), text, source: file.source });
        }
    }
    for &subchart in &graph[chart].subcharts {
        collect_crds(graph, subchart, into);
    }
}
