//! What templates see: the scope of each chart, and which template is rendered with which scope.

use std::collections::BTreeMap;
use std::sync::Arc;

use gotmpl::helm::{self, Capabilities};
use gotmpl::{Data, Map, MapRef, Text, Type, Value};
use source::{Chain, Frame, FrameId, OriginId, Origins, SourceId, Span};

use super::capabilities::{API_VERSIONS, DEFAULT_VERSION, KubeVersion};
use super::graph::{ChartId, Graph, Switch};
use super::load::ChartFile;
use super::metadata::{ImportValues, Metadata};
use super::profile::Profile;
use super::render::RenderOptions;

/// One template to render.
pub(crate) struct Template<'c> {
    /// The name under which others find it: `chart/charts/sub/templates/a.yaml`.
    pub name: Arc<str>,
    /// Its text.
    pub file: &'c ChartFile,
    /// `.Template.BasePath`
    pub base: Value,
    /// The scope of its chart; all templates of a chart share it.
    pub scope: MapRef,
    /// What switched its chart on.
    pub frame: FrameId,
}

impl Template<'_> {
    /// Whether what it renders is shown to people and is no manifest.
    pub(crate) fn is_notes(&self) -> bool {
        self.name.ends_with("NOTES.txt")
    }

    /// Whether it only defines, and renders nothing.
    pub(crate) fn is_partial(&self) -> bool {
        self.name.rsplit('/').next().unwrap_or(&self.name).starts_with('_')
    }
}

/// The templates of all charts by name. Where copies of a chart have the same path, the last one counts.
pub(crate) fn templates<'c>(
    graph: &Graph<'c>,
    values: &MapRef,
    options: &RenderOptions,
    profile: Profile,
    origins: &mut Option<&mut Origins>,
) -> Vec<Template<'c>> {
    let release = Value::map([
        ("Name".into(), Value::str(options.release.as_str())),
        ("Namespace".into(), Value::str(options.namespace.as_str())),
        ("IsUpgrade".into(), Value::bool(options.is_upgrade)),
        ("IsInstall".into(), Value::bool(!options.is_upgrade)),
        ("Revision".into(), Value::int(1)),
        ("Service".into(), Value::str("Helm")),
    ]);
    let mut builder = Builder {
        graph,
        profile,
        origins: origins.as_deref_mut(),
        release,
        capabilities: capabilities(options, profile),
        templates: BTreeMap::new(),
    };
    builder.add(Graph::ROOT, Some(values.clone()), FrameId::TOP);
    let mut templates: Vec<_> = builder.templates.into_values().collect();
    let slashes = |name: &str| name.bytes().filter(|b| *b == b'/').count();
    templates
        .sort_by_cached_key(|t| (std::cmp::Reverse(slashes(&t.name)), std::cmp::Reverse(t.name.clone())));
    templates
}

struct Builder<'g, 'c, 'a> {
    graph: &'g Graph<'c>,
    profile: Profile,
    origins: Option<&'a mut Origins>,
    release: Value,
    capabilities: Value,
    templates: BTreeMap<Arc<str>, Template<'c>>,
}

impl Builder<'_, '_, '_> {
    /// The scope of a chart and of all below it; `values` is `None` where the parent has no table for it.
    fn add(&mut self, chart: ChartId, values: Option<MapRef>, parent: FrameId) -> MapRef {
        let node = &self.graph[chart];
        let frame = match (&mut self.origins, node.switch) {
            (Some(origins), Some(Switch { at, cond })) => origins.frame(Frame { parent, call: at, cond }),
            _ => parent,
        };
        if let Some(origins) = &mut self.origins {
            // Which charts there are is a way to go too.
            self.graph.path(chart).bytes().for_each(|byte| origins.follow(u64::from(byte)));
        }
        let engine = self.profile.engine();
        let values = values.unwrap_or_default();
        let typed = MapRef { map: values.with_type(helm::values_type(engine)).into(), origin: values.origin };
        let files: Vec<_> = node
            .chart
            .files
            .iter()
            .map(|file| {
                let origin = self.whole(file.source, file.data.len());
                (Text::from(&*file.name).over(origin), Text::shared(file.data.clone(), origin))
            })
            .collect();
        let meta = helm::chart(engine, &self.metadata(chart), node.parent.is_none());
        let subcharts = MapRef::new();
        let scope = MapRef::from(Map::new(helm::values_type(engine)));
        for (key, value) in [
            ("Chart", meta),
            ("Files", helm::files(files)),
            ("Release", self.release.clone()),
            ("Capabilities", self.capabilities.clone()),
            ("Values", typed.into()),
            ("Subcharts", subcharts.clone().into()),
        ] {
            scope.insert(key.into(), value);
        }
        for &subchart in &self.graph[chart].subcharts {
            let name = self.graph.name(subchart);
            // A dot in the name is a step of the path.
            let table = super::dependencies::table(&values, name).ok();
            let inner = self.add(subchart, table, frame);
            subcharts.insert(name.into(), inner.into());
        }
        if let Some(origins) = self.origins.as_deref_mut() {
            // What keeps charts out decides over the keys. Whose chart it would have been nobody knows any more.
            let switches = self.graph[chart].subcharts.iter().filter_map(|&sub| self.graph[sub].switch);
            let all = switches.chain(self.graph.absent.iter().copied());
            let shape = all.fold(OriginId::UNKNOWN, |all, switch| origins.union(all, switch.cond));
            subcharts.note_shape(shape);
        }
        let path = self.graph.path(chart);
        let base = Value::str(format!("{path}/templates"));
        let is_library = node.chart.is_library();
        for file in &node.chart.templates {
            let base_name = file.name.rsplit('/').next().unwrap_or(&file.name);
            if is_library && !base_name.starts_with('_') {
                continue;
            }
            let name: Arc<str> = format!("{path}/{}", file.name).into();
            let template =
                Template { name: name.clone(), file, base: base.clone(), scope: scope.clone(), frame };
            self.templates.insert(name, template);
        }
        scope
    }

    fn whole(&mut self, source: SourceId, length: usize) -> OriginId {
        match &mut self.origins {
            Some(origins) => origins.intern(Chain::Read(Span::new(source, 0, length as u32))),
            None => OriginId::UNKNOWN,
        }
    }

    fn metadata(&mut self, chart: ChartId) -> helm::Metadata {
        let node = &self.graph[chart];
        let Metadata { maintainers, annotations, .. } = &node.chart.metadata;
        let read = &node.chart.metadata;
        let origin = self.whole(node.chart.source, 0);
        let text = |text: &str| Text::from(text).over(origin);
        let texts = |all: &[String]| all.iter().map(|t| text(t)).collect::<Vec<_>>();
        let meta = self.graph.meta(chart);
        let dependencies = meta.dependencies.iter().flatten().map(|&id| {
            let dependency = self.graph.dependency(id);
            helm::Dependency {
                name: text(&dependency.name),
                version: text(&dependency.version),
                repository: text(&dependency.repository),
                condition: text(&dependency.condition),
                tags: texts(&dependency.tags),
                enabled: dependency.enabled,
                import_values: dependency.import_values.iter().filter_map(import).collect(),
                alias: text(&dependency.alias),
            }
        });
        helm::Metadata {
            name: text(&meta.name),
            home: text(&read.home),
            sources: texts(&read.sources),
            version: text(&read.version),
            description: text(&read.description),
            keywords: texts(&read.keywords),
            maintainers: maintainers
                .iter()
                .map(|m| helm::Maintainer { name: text(&m.name), email: text(&m.email), url: text(&m.url) })
                .collect(),
            icon: text(&read.icon),
            api_version: text(&read.api_version),
            condition: text(&read.condition),
            tags: text(&read.tags),
            app_version: text(&read.app_version),
            deprecated: read.deprecated,
            annotations: annotations
                .as_ref()
                .map(|all| all.iter().map(|(k, v)| (text(k), text(v))).collect()),
            kube_version: text(&read.kube_version),
            dependencies: dependencies.collect(),
            kind: text(&read.kind),
        }
    }
}

/// An import as Helm leaves it behind: child and parent, spelt out.
fn import(import: &ImportValues) -> Option<Value> {
    let (child, parent) = match import {
        ImportValues::Export(name) => (format!("exports.{name}"), ".".to_owned()),
        ImportValues::Table { child, parent } | ImportValues::Imported { child, parent } => {
            (child.clone(), parent.clone())
        }
        ImportValues::Other => return None,
    };
    let entries =
        BTreeMap::from([("child".into(), Value::str(child)), ("parent".into(), Value::str(parent))]);
    Some(Value::new(Data::Map(Map::of(Type::Map(&Type::String), entries).into())))
}

fn capabilities(options: &RenderOptions, profile: Profile) -> Value {
    let default = KubeVersion::default();
    let version = options.kube_version.as_ref().unwrap_or(&default);
    let api_versions = API_VERSIONS.iter().copied().chain(options.api_versions.iter().map(String::as_str));
    // The minor version of the client library, without the patch.
    let client = DEFAULT_VERSION.rsplit_once('.').map_or(DEFAULT_VERSION, |(minor, _)| minor);
    helm::capabilities(
        profile.engine(),
        &Capabilities {
            version: version.version.as_str().into(),
            normalized: version.normalized.as_str().into(),
            major: version.major.as_str().into(),
            minor: version.minor.as_str().into(),
            api_versions: api_versions.map(Text::from).collect(),
            helm: profile.version().into(),
            git_commit: "".into(),
            git_tree_state: "".into(),
            go_version: profile.go_version().into(),
            client: client.into(),
        },
    )
}
