//! A chart as it is written, and its renderings as targets of their own: one for each of its test values, or one with
//! its defaults.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use source::{Diagnostic, Diagnostics, Origins, Sources, Span, TargetId};

use super::Settings;
use crate::kube::{Bundle, Resource};
use crate::lint::{ChartFile, ChartView};
use crate::load::{Loaded, Role};
use crate::render::chart::{
    Chart, Cluster, KubeVersion, LoadCx, Profile, RenderOptions, Seeded, Unused, ValueFlags, add_all_objects,
    add_objects, ci_values, codes, load, render_loaded, template,
};
use crate::schema;
use crate::world::World;

/// One rendering that is wanted.
pub(super) struct Wanted<'a> {
    path: &'a Path,
    chart: &'a Chart,
    values: Option<PathBuf>,
    kube_version: Option<KubeVersion>,
}

/// The directories of the charts that were found.
pub(super) fn directories(loaded: &Loaded) -> Vec<PathBuf> {
    let files = loaded.files.iter().filter(|file| file.role == Role::Chart);
    let names = files.filter_map(|file| loaded.sources.get(file.source));
    let folder = |name: &str| Path::new(name).parent().map_or_else(PathBuf::new, Path::to_owned);
    let folders = names.map(|source| folder(&source.name));
    folders.map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }).collect()
}

/// Reads a chart; what stops that is told.
pub(super) fn read(
    path: &Path,
    sources: &mut Sources,
    world: &dyn World,
    out: &mut Diagnostics,
) -> Option<Chart> {
    let mut cx = LoadCx { world, sources, profile: Profile::default(), out };
    match load(path, &mut cx) {
        Ok(chart) => Some(chart),
        Err(failure) => {
            out.push(*failure.0);
            None
        }
    }
}

/// A chart as rules see it.
pub(super) fn view(chart: &Chart, sources: &Sources) -> ChartView {
    let mut files = Vec::new();
    add_files(chart, "", sources, &mut files);
    ChartView::new(files)
}

fn add_files(chart: &Chart, folder: &str, sources: &Sources, into: &mut Vec<ChartFile>) {
    let mut add = |path: &str, source| {
        let text = sources.get(source).map(|source| source.text().clone());
        into.push(ChartFile { path: format!("{folder}{path}"), source, text: text.unwrap_or_default() });
    };
    add("Chart.yaml", chart.source);
    chart.values_file.iter().for_each(|source| add("values.yaml", *source));
    for file in chart.templates.iter().chain(&chart.files) {
        add(&file.name, file.source);
    }
    for subchart in &chart.dependencies {
        let folder = format!("{folder}charts/{}/", subchart.metadata.name);
        add_files(subchart, &folder, sources, into);
    }
}

/// The renderings of a chart: with each of its `ci/*-values.yaml`, else with its defaults.
/// A library has none.
pub(super) fn renderings<'a>(
    path: &'a Path,
    chart: &'a Chart,
    settings: &Settings,
    world: &dyn World,
) -> Vec<Wanted<'a>> {
    if chart.is_library() {
        return Vec::new();
    }
    // Only a version that somebody chose is told to the chart; without one it sees what Helm would tell it.
    let server = settings.validate.as_ref().filter(|server| server.version != schema::NEWEST);
    let kube_version = server.and_then(|s| KubeVersion::parse(&format!("{}.0", s.version), false).ok());
    let mut values: Vec<Option<PathBuf>> = ci_values(world, path).into_iter().map(Some).collect();
    if values.is_empty() {
        values.push(None);
    }
    let wanted = |values| Wanted { path, chart, values, kube_version: kube_version.clone() };
    values.into_iter().map(wanted).collect()
}

impl Wanted<'_> {
    /// Renders; what stops it is told and leaves no object.
    pub(super) fn render(
        &self,
        cluster: &mut Cluster<'_>,
        origins: &mut Origins,
        sources: &mut Sources,
        world: &dyn World,
        out: &mut Diagnostics,
        secrets: &mut Vec<Span>,
        unused: &mut Unused,
    ) -> Vec<Resource> {
        let files = self.values.iter().map(|path| path.display().to_string()).collect();
        let options = RenderOptions {
            values: ValueFlags { files, ..ValueFlags::default() },
            kube_version: self.kube_version.clone(),
            include_crds: true,
            trace: true,
            audit: true,
            ..RenderOptions::default()
        };
        let world = Seeded::new(world, &[&self.path.display().to_string(), &options.release]);
        let mut cx = LoadCx { world: &world, sources, profile: Profile::default(), out };
        match render_loaded(self.chart, &options, cluster, origins, &mut cx) {
            Ok(mut rendering) => {
                unused.add(self.values.as_ref(), Some(&mut rendering));
                let mut bundle = Bundle { resources: Vec::new(), origins: std::mem::take(origins) };
                let left_out = add_objects(&rendering, cx.sources, &mut bundle);
                *origins = bundle.origins;
                if left_out > 0 {
                    let at = cx.place(&self.path.join("Chart.yaml"));
                    let hooks = if left_out == 1 { "1 hook".to_owned() } else { format!("{left_out} hooks") };
                    let message = format!("{hooks} for tests and for deleting left out");
                    cx.out.push(Diagnostic::new(&codes::HOOKS_LEFT_OUT, at, message));
                }
                bundle.resources
            }
            Err(failure) => {
                unused.add(self.values.as_ref(), None);
                out.push(*failure.0);
                secrets.extend(failure.1);
                Vec::new()
            }
        }
    }
}

/// Tells what of a chart had no effect in any of its renderings.
pub(super) fn tell_unused(
    unused: Unused,
    chart: &Chart,
    sources: &mut Sources,
    world: &dyn World,
    out: &mut Diagnostics,
) {
    let mut cx = LoadCx { world, sources, profile: Profile::default(), out };
    unused.tell(chart, &mut cx);
}

/// Renders one chart as it is asked for, its hooks and tests among the objects; what stops it is told.
pub(super) fn one(
    path: &Path,
    options: &RenderOptions,
    profile: Profile,
    world: &dyn World,
    sources: &mut Sources,
    out: &mut Diagnostics,
    secrets: &mut Vec<Span>,
) -> Bundle {
    let world = Seeded::new(world, &[&path.display().to_string(), &options.release]);
    let mut bundle = Bundle::default();
    let mut cx = LoadCx { world: &world, sources, profile, out };
    match template(path, options, &mut bundle.origins, &mut cx) {
        Ok(rendering) => add_all_objects(&rendering, cx.sources, &mut bundle),
        Err(failure) => {
            secrets.extend(failure.1);
            out.push(*failure.0);
        }
    }
    bundle
}

/// What several renderings found, each thing once.
#[derive(Default)]
pub(super) struct Told {
    all: Vec<Diagnostic>,
    known: HashMap<Finding, usize>,
}

/// What makes two findings the same: their kind, their place in the texts, and their words.
type Finding = (&'static str, Option<Span>, String);

impl Told {
    /// Adds what a rendering found: what stands there already, at the same place and in the same words, only gets the
    /// rendering's name.
    pub(super) fn add(&mut self, found: Diagnostics, target: TargetId, origins: &Origins) {
        for mut diagnostic in found {
            let place = origins.primary(diagnostic.primary.at);
            let finding = (diagnostic.code.id, place, diagnostic.message.clone());
            match self.known.get(&finding).and_then(|at| self.all.get_mut(*at)) {
                Some(known) => known.renders.push(target),
                None => {
                    self.known.insert(finding, self.all.len());
                    diagnostic.renders.push(target);
                    self.all.push(diagnostic);
                }
            }
        }
    }

    /// In the order in which they were found first.
    pub(super) fn into_vec(self) -> Vec<Diagnostic> {
        self.all
    }
}
