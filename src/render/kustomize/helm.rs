//! `helmCharts`: charts rendered by our own renderer, as kustomize has helm render them.
//!
//! Nothing is fetched and no program is run: a chart has to be there, where `chartHome` says.

mod values;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use source::{OriginId, Origins, Place, Source, SourceKind, Span};

use super::codes::{FILE_UNREADABLE, GENERATOR_INVALID, REMOTE_RESOURCE};
use super::context::Cx;
use super::decode::Spanned;
use super::embedded;
use super::error::BuildError;
use super::kustomization::{HelmChart, HelmGlobals, Kustomization};
use super::loader::{Root, clean};
use super::resource::Resource;
use super::resources::read_resources_at;
use super::step::Generator;
use crate::render::chart::{
    Fail, KubeVersion, LoadCx, OutputOptions, Profile, RenderOptions, ValueFlags, name_of_template, output,
    template,
};
use crate::world::FileKind;
use values::{Inline, Laid};

/// The charts of a kustomization. `namespace` is what the layers above say, for charts that say none.
///
/// # Errors
/// Charts are not switched on, a chart has no name, or its values files cannot be read.
pub fn configure(
    kustomization: &Kustomization,
    root: &Rc<Root>,
    namespace: &str,
    cx: &mut Cx<'_>,
) -> Result<Vec<Box<dyn Generator>>, BuildError> {
    let globals = kustomization.helm_globals.clone().unwrap_or_default();
    let mut steps: Vec<Box<dyn Generator>> = Vec::new();
    for chart in &kustomization.helm_charts {
        let mut chart = chart.clone();
        if chart.namespace.is_empty() {
            chart.value.namespace = if kustomization.namespace.is_empty() {
                Spanned { value: namespace.to_owned(), at: None }
            } else {
                kustomization.namespace.clone()
            };
        }
        let step = ChartGenerator::new(chart, &globals, root, cx).map_err(|error| {
            error.wrap("trouble configuring builtin HelmChartInflationGenerator with config")
        })?;
        steps.push(Box::new(step));
    }
    Ok(steps)
}

/// One chart, or a HelmChartInflationGenerator.
pub struct ChartGenerator {
    chart: Spanned<HelmChart>,
    merge: Inline,
    /// Where the chart's directory is.
    home: PathBuf,
    /// As the kustomization may name it.
    values_file: String,
    root: Rc<Root>,
}

impl ChartGenerator {
    /// Checks what is asked for.
    ///
    /// # Errors
    /// Charts are not switched on, the chart has no name, or its values files cannot be read.
    pub fn new(
        chart: Spanned<HelmChart>,
        globals: &HelmGlobals,
        root: &Rc<Root>,
        cx: &mut Cx<'_>,
    ) -> Result<ChartGenerator, BuildError> {
        let at = chart.at;
        if !cx.options.helm {
            let message = "a chart is to be rendered, and that is not switched on";
            return Err(invalid(at, message, "must specify --enable-helm")
                .help("build with --enable-helm: charts are rendered by this program, helm is not needed"));
        }
        if chart.name.is_empty() {
            return Err(invalid(at, "a chart needs a name", "chart name cannot be empty"));
        }
        let home = match globals.chart_home.as_str() {
            "" => "charts",
            home => home,
        };
        let mut home = clean(&root.dir.join(home));
        if !chart.version.is_empty() && !chart.repo.is_empty() {
            home.push(format!("{}-{}", chart.name.value, chart.version.value));
        }
        let values_file = match chart.values_file.as_str() {
            "" => {
                let file = home.join(&chart.name.value).join("values.yaml");
                file.strip_prefix(&root.dir).unwrap_or(&file).display().to_string()
            }
            file => file.to_owned(),
        };
        for file in &chart.additional_values_files {
            root.load(file, place(file.at), cx)
                .map_err(|error| error.wrap("could not load additionalValuesFile"))?;
        }
        let merge = Inline::parse(&chart.values_merge).ok_or_else(|| {
            let upstream = "valuesMerge must be one of [merge override replace]";
            let message = "`valuesMerge` is `merge`, `override` or `replace`";
            invalid(chart.values_merge.at, message, upstream)
        })?;
        Ok(ChartGenerator { chart, merge, home, values_file, root: root.clone() })
    }

    fn check_that_it_is_there(&self, path: &Path, cx: &Cx<'_>) -> Result<(), BuildError> {
        if matches!(cx.world.stat(path), Ok(FileKind::Directory)) {
            return Ok(());
        }
        let shown = path.display();
        if self.chart.repo.is_empty() {
            let upstream = format!("no repo specified for pull, no chart found at '{shown}'");
            let message = format!("there is no chart at {shown}");
            return Err(BuildError::new(&FILE_UNREADABLE, place(self.chart.name.at), message, upstream));
        }
        let message = format!("the chart is not at {shown}, and none is fetched");
        let upstream = format!("unable to run: 'helm pull' for '{}'", self.chart.repo.value);
        let (home, name) = (self.home.display(), &self.chart.name.value);
        Err(BuildError::new(&REMOTE_RESOURCE, place(self.chart.repo.at), message, upstream).help(format!(
            "fetch it once: `helm pull --untar --untardir {home} --repo {} {name}`",
            self.chart.repo.value
        )))
    }

    /// The values file, or the text that takes its place where values are written inline.
    fn values(&self, cx: &mut Cx<'_>) -> Result<(PathBuf, Option<String>), BuildError> {
        let inline = self.chart.values_inline.as_ref();
        let inline = inline.filter(|inline| !inline.tree.children(inline.tree.root()).is_empty());
        let at = place(self.chart.values_file.at.or(self.chart.at));
        let Some(inline) = inline else {
            let file = self.root.load(&self.values_file, at, cx)?;
            return Ok((file.path, None));
        };
        let own = match self.merge {
            Inline::Alone => None,
            _ => Some(self.root.load_text(&self.values_file, at, cx)?),
        };
        let text = values::merged(own, &inline.tree, self.merge)
            .map_err(|text| invalid(inline.at, format!("the values cannot be merged: {text}"), text))?;
        Ok((self.home.join(format!("{}-kustomize-values.yaml", self.chart.name.value)), Some(text)))
    }

    fn options(&self, values: &Path, profile: Profile, cx: &Cx<'_>) -> Result<RenderOptions, BuildError> {
        let chart = &self.chart;
        let both = |own: &str, flag: &str| if own.is_empty() { flag.to_owned() } else { own.to_owned() };
        let version = both(&chart.kube_version, &cx.options.helm_kube_version);
        let kube_version = match version.as_str() {
            "" => None,
            text => Some(KubeVersion::parse(text, profile.is_helm3()).map_err(|error| {
                let upstream = format!("Error: invalid kube version '{text}': {error}");
                invalid(
                    chart.kube_version.at.or(chart.at),
                    format!("`{text}` is no version: {error}"),
                    upstream,
                )
            })?),
        };
        let release = match (chart.release_name.as_str(), chart.name_template.as_str()) {
            ("", "") => "release-name".to_owned(),
            (name, "") => name.to_owned(),
            ("", text) => name_of_template(text, profile, cx.world).map_err(|text| {
                invalid(chart.name_template.at, format!("the name cannot be made: {text}"), text)
            })?,
            _ => {
                let upstream = "Error: cannot set --name-template and also specify a name";
                let message = "`releaseName` and `nameTemplate` exclude each other";
                return Err(invalid(chart.name_template.at, message, upstream));
            }
        };
        let mut files = vec![values.display().to_string()];
        let more = chart.additional_values_files.iter();
        files.extend(more.map(|file| self.root.dir.join(&file.value).display().to_string()));
        let own: Vec<String> = chart.api_versions.iter().map(|text| text.value.clone()).collect();
        Ok(RenderOptions {
            release,
            namespace: both(&chart.namespace, "default"),
            kube_version,
            api_versions: if own.is_empty() { cx.options.helm_api_versions.clone() } else { own },
            values: ValueFlags { files, ..ValueFlags::default() },
            include_crds: chart.include_crds,
            debug: chart.debug || cx.options.helm_debug,
            ..RenderOptions::default()
        })
    }

    fn render(&self, chart: &Path, cx: &mut Cx<'_>) -> Result<String, BuildError> {
        let profile = cx.options.helm_profile.unwrap_or(Profile::Helm3);
        let (file, text) = self.values(cx)?;
        let options = self.options(&file, profile, cx)?;
        let printing = OutputOptions {
            no_hooks: self.chart.skip_hooks,
            skip_tests: self.chart.skip_tests,
            ..OutputOptions::default()
        };
        let laid = Laid::new(cx.world, file, text);
        let mut chart_cx = LoadCx { world: &laid, sources: &mut *cx.sources, profile, out: &mut *cx.out };
        let mut origins = Origins::new();
        let rendered = template(chart, &options, &mut origins, &mut chart_cx).and_then(|rendering| {
            let at = self.chart.at.unwrap_or_else(|| Span::top(source::SourceId(0)));
            output(&rendering, &printing, profile, at, &laid)
        });
        rendered.map(|output| output.stdout.to_string()).map_err(|Fail(mut diagnostic, secrets)| {
            // Its places are of another store, and may be of a Secret's values: the entry stands for them.
            diagnostic.related.clear();
            if !secrets.is_empty() || !matches!(diagnostic.primary.at, Place::Span(_)) {
                diagnostic.primary.at = place(self.chart.at);
            }
            let upstream = diagnostic.upstream.take().unwrap_or_else(|| diagnostic.message.clone());
            let name = &self.chart.name.value;
            diagnostic.upstream =
                Some(format!("{upstream}\n: unable to run: 'helm template {name}': exit status 1"));
            BuildError { diagnostic, kind: super::error::ErrorKind::Plain }
        })
    }
}

impl Generator for ChartGenerator {
    fn generate(&mut self, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError> {
        let chart = self.home.join(&self.chart.name.value);
        self.check_that_it_is_there(&chart, cx)?;
        let text: std::sync::Arc<str> = self.render(&chart, cx)?.into();
        let name = format!("{} (rendered)", self.chart.name.value);
        let source = cx.sources.add(Source::new(name, SourceKind::Rendered, text.clone()));
        let trees =
            read_resources_at(&embedded::Place::file(source), &text, cx.origins).map_err(|error| {
                let error = error.wrap("could not parse bytes into resource map");
                match self.chart.at {
                    Some(at) => error.via(at, "rendered from this chart"),
                    None => error,
                }
            })?;
        let mut resources: Vec<Resource> = trees.into_iter().map(Resource::new).collect();
        for resource in &mut resources {
            resource.notes.is_from_helm = true;
        }
        Ok(resources)
    }
}

fn invalid(at: Option<Span>, message: impl Into<String>, upstream: impl Into<String>) -> BuildError {
    BuildError::new(&GENERATOR_INVALID, place(at), message, upstream)
}

fn place(at: Option<Span>) -> Place {
    at.map_or(Place::Origin(OriginId::UNKNOWN), Place::Span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::context::BuildOptions;
    use crate::render::kustomize::decode::{Decode, Decoder};
    use crate::render::kustomize::testing::with_cx;
    use crate::world::Memory;
    use yaml::{Options, read_first};

    const TEMPLATE: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Release.Namespace }}\ndata:\n  a: {{ .Values.a | quote }}\n  b: {{ .Values.b | quote }}\n";

    fn built(chart: &str, helm: bool) -> Result<String, String> {
        let kustomization = format!("namespace: ns\nhelmCharts:\n- {chart}\n");
        let world = Memory::new()
            .with("k/kustomization.yaml", kustomization)
            .with("k/more.yaml", "b: more\n")
            .with("k/charts/c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
            .with("k/charts/c/values.yaml", "a: own\nb: own\n")
            .with("k/charts/c/templates/m.yaml", TEMPLATE);
        with_cx(&world, &BuildOptions { helm, ..BuildOptions::default() }, |cx| {
            let root = Root::top("k", cx).map_err(|e| e.upstream().to_owned())?;
            let (source, text) = root.load_text("kustomization.yaml", OriginId::UNKNOWN, cx).unwrap();
            let options = Options::new(yaml::Profile::HelmValues);
            let doc = read_first(source, &text, &options, &mut source::Diagnostics::new()).unwrap();
            let mut decoder = Decoder::new(source, "Kustomization");
            let kustomization = Kustomization::decode(doc.root().unwrap(), &mut decoder);
            assert_eq!(decoder.misfits, []);
            let mut steps =
                configure(&kustomization, &root, "above", cx).map_err(|e| e.upstream().to_owned())?;
            let resources = steps[0].generate(cx).map_err(|e| e.upstream().to_owned())?;
            assert!(resources.iter().all(|resource| resource.notes.is_from_helm));
            Ok(resources
                .iter()
                .map(|r| yaml::emit::tree(r.tree()).unwrap())
                .collect::<Vec<_>>()
                .join("---\n"))
        })
    }

    #[test]
    fn values_are_laid_over_each_other() {
        let has = |chart: &str, a: &str, b: &str| {
            let text = built(chart, true).unwrap();
            assert!(text.contains(&format!("  a: \"{a}\"\n  b: \"{b}\"\n")), "{chart}: {text}");
        };
        has("{name: c}", "own", "own");
        has("{name: c, additionalValuesFiles: [more.yaml]}", "own", "more");
        has("{name: c, valuesInline: {a: inline}}", "inline", "own");
        has("{name: c, valuesInline: {a: inline}, valuesMerge: merge}", "own", "own");
        has("{name: c, valuesInline: {a: inline}, valuesMerge: replace}", "inline", "own");
        has("{name: c, valuesFile: more.yaml}", "own", "more");
    }

    #[test]
    fn names_and_namespaces() {
        assert!(built("{name: c}", true).unwrap().contains("name: release-name-ns\n"));
        assert!(built("{name: c, releaseName: r, namespace: x}", true).unwrap().contains("name: r-x\n"));
        assert!(
            built("{name: c, nameTemplate: '{{ \"N\" | lower }}'}", true).unwrap().contains("name: n-ns\n")
        );
    }

    #[test]
    fn charts_are_of_helm_3_unless_told_otherwise() {
        let files = Memory::new()
            .with("k/kustomization.yaml", "helmCharts: [{name: c}]\n")
            .with("k/charts/c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
            .with("k/charts/c/values.yaml", "")
            .with(
                "k/charts/c/templates/m.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {helm: {{ .Capabilities.HelmVersion.Version }}}\n",
            );
        for (profile, version) in
            [(None, "v3."), (Some(Profile::Helm3), "v3."), (Some(Profile::Helm4), "v4.")]
        {
            let options = BuildOptions { helm: true, helm_profile: profile, ..BuildOptions::default() };
            let printed = with_cx(&files, &options, |cx| {
                let built = super::super::build("k", cx).unwrap();
                yaml::emit::tree(built[0].tree()).unwrap()
            });
            assert!(printed.contains(&format!("helm: {version}")), "{printed}");
        }
    }

    #[test]
    fn what_cannot_be() {
        let error = |chart: &str| built(chart, true).unwrap_err();
        assert!(built("{name: c}", false).unwrap_err().ends_with("must specify --enable-helm"));
        assert!(error("{name: ''}").ends_with("chart name cannot be empty"));
        assert!(error("{name: none}").starts_with("no repo specified for pull, no chart found at '"));
        assert!(error("{name: none, repo: https://x}").starts_with("unable to run: 'helm pull'"));
        assert!(
            error("{name: c, valuesMerge: x}")
                .ends_with("valuesMerge must be one of [merge override replace]")
        );
        assert!(
            error("{name: c, additionalValuesFiles: [../x]}").contains("could not load additionalValuesFile")
        );
    }
}
