//! The walk from the top kustomization down to its bases, and what is done once at the end.

use std::rc::Rc;
use std::sync::Arc;

use source::{OriginId, Place, Span};

use super::absorb::{ORIGIN_ANNOTATION, absorb};
use super::codes::{FILE_UNREADABLE, KUSTOMIZATION_TOO_DEEP, KUSTOMIZATION_WRONG_KIND};
use super::config::TransformerConfig;
use super::context::{Cx, Reorder};
use super::decode::{Pairs, Spanned, Text};
use super::error::{BuildError, ErrorKind};
use super::field_spec::FieldSpec;
use super::loader::Root;
use super::provenance::{
    Here, Provenance, TRANSFORMATIONS_ANNOTATION, note_generated, note_origin, note_transformation,
};
use super::read::{Layer, read};
use super::res_id::is_known;
use super::res_map::ResMap;
use super::resource::Resource;
use super::resources::{named, read_resources_at};
use super::step::{Generator, Transformer};
use super::transform::{
    Affix, AffixTransformer, ImageTransformer, MapTransformer, NamespaceTransformer, ReplicaTransformer,
    labels_of_kustomization,
};
use super::variables::Variables;
use super::{
    configurations, crds, embedded, findings, generate, hash, helm, names, openapi, order, output, patches,
    plugins, replacements,
};

/// Kustomizations that name each other deeper than this are refused: a chain that long is a mistake of what wrote it, and
/// each level is held until the last one is built.
const DEPTH: usize = 5_000;

/// Builds a directory: the objects as they are printed, in order.
///
/// # Errors
/// What stopped it. Nothing of a build that failed is of use.
pub fn build(path: &str, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError> {
    let root = Root::top(path, cx)?;
    let layer = read(&root, cx)?;
    openapi::set(&layer.kustomization, &root, cx)?;
    let notes = layer.kustomization.build_metadata.clone();
    let notes_origins = (!notes.is_empty()).then(Here::default);
    let sort_options = layer.kustomization.sort_options.clone();
    let target = Target { layer, root, here: notes_origins, helm_namespace: String::new(), depth: 0 };
    let mut gathered = target.accumulate(Gathered::default(), cx)?;
    let config = gathered.config();
    let all = &mut gathered.all;
    hash::add_hashes(all, cx)?;
    names::fix(all, &config, cx)?;
    gathered.variables.resolve(all, &config, cx)?;
    drop_local(all, cx)?;
    match (&sort_options, cx.options.reorder) {
        (Some(options), _) => order::sort(all, options)?,
        (None, Some(Reorder::None)) => {}
        (None, _) => order::legacy(all)?,
    }
    let wanted = |note: &str| notes.iter().find(|known| known.value == note);
    let managed = wanted("managedByLabel");
    if cx.options.managed_by_label || managed.is_some() {
        managed_by(managed.and_then(|note| note.at)).transform(all, cx)?;
    }
    let kept = [
        (ORIGIN_ANNOTATION, wanted("originAnnotations")),
        (TRANSFORMATIONS_ANNOTATION, wanted("transformerAnnotations")),
    ];
    let mut list = all.clear();
    for resource in &mut list {
        for (annotation, note) in kept {
            match note {
                None => resource.remove_annotation(annotation, OriginId::UNKNOWN),
                Some(note) => resource.asked_for(annotation, note.at, cx),
            }
        }
        output::finish(resource);
    }
    Ok(list)
}

/// The version that is imitated.
pub const VERSION: &str = "v5.8.1";

fn managed_by(at: Option<Span>) -> MapTransformer {
    let text = |text: &str| Spanned { value: text.to_owned(), at };
    let pair = (text("app.kubernetes.io/managed-by"), text(&format!("kustomize-{VERSION}")));
    MapTransformer::new(Pairs(vec![pair]), &[FieldSpec::fixed("", "", "", "metadata/labels", true)])
}

/// Says of an object that it is for the build alone, unless it says `false`.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// What takes part in a build and is not printed. All that is left needs a kind and a name.
fn drop_local(all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
    for resource in &*all {
        let tree = resource.tree();
        let has_kind = tree.get(tree.root(), "kind").is_some_and(|kind| !tree.is_null(kind));
        if !resource.is_empty() && (!has_kind || resource.kind().is_empty() || resource.name().is_empty()) {
            named(&resource.exposed())?;
        }
        paired_annotations(resource)?;
    }
    let is_local = |resource: &Resource| {
        resource.is_empty() || resource.annotation(LOCAL_CONFIG).is_some_and(|value| value != "false")
    };
    if cx.options.trace {
        for resource in all.iter_fields() {
            let Some(said) = resource.origin_of_annotation(LOCAL_CONFIG) else { continue };
            if is_local(resource) {
                cx.drop_object(resource.place(), said);
            } else {
                resource.is_wholly(said, cx);
            }
        }
    }
    if all.iter().any(is_local) {
        let kept: Vec<Resource> = all.clear().into_iter().filter(|resource| !is_local(resource)).collect();
        *all = kept.into_iter().collect();
    }
    Ok(())
}

/// Refuses an object whose annotations are no names and values.
fn paired_annotations(resource: &Resource) -> Result<(), BuildError> {
    let tree = resource.tree();
    let Some(annotations) = resource.metadata().and_then(|map| tree.get(map, "annotations")) else {
        return Ok(());
    };
    output::pairs_up(tree, annotations).map_err(|upstream| {
        let message = "annotations are a map, not a list";
        BuildError::new(&super::codes::RESOURCE_INVALID, tree.origin(annotations), message, upstream)
    })
}

/// What was gathered so far: objects, and what is done to them at the end.
#[derive(Default)]
struct Gathered {
    all: ResMap,
    config: Option<Arc<TransformerConfig>>,
    variables: Variables,
}

impl Gathered {
    fn config(&self) -> Arc<TransformerConfig> {
        self.config.clone().unwrap_or_default()
    }

    fn add_config(&mut self, config: Arc<TransformerConfig>, at: Place) -> Result<(), BuildError> {
        match &mut self.config {
            None if Arc::ptr_eq(&config, &TransformerConfig::builtin()) => self.config = Some(config),
            // Nearly all layers have the built-in tables alone.
            Some(own) if Arc::ptr_eq(own, &config) && Arc::ptr_eq(own, &TransformerConfig::builtin()) => {}
            // Merging is no mere union, not even with nothing: of two fields of one path it may keep the one for a kind.
            own => Arc::make_mut(own.get_or_insert_default()).merge(&config).map_err(|text| {
                let message = "two layers disagree on whether a field is made";
                BuildError::new(&super::codes::KUSTOMIZATION_INVALID, at, message, text)
                    .wrap("merging config")
            })?,
        }
        Ok(())
    }
}

/// One kustomization of a build.
struct Target {
    layer: Layer,
    root: Rc<Root>,
    /// Where it is, if that is noted.
    here: Option<Here>,
    /// The namespace that charts get from the layers above.
    helm_namespace: String,
    depth: usize,
}

impl Target {
    /// Adds what this layer has to what was gathered: nothing yet, or, for a component, what its parent has.
    fn accumulate(&self, gathered: Gathered, cx: &mut Cx<'_>) -> Result<Gathered, BuildError> {
        stacker::maybe_grow(256 << 10, 4 << 20, || self.accumulate_inner(gathered, cx))
    }

    fn accumulate_inner(&self, mut gathered: Gathered, cx: &mut Cx<'_>) -> Result<Gathered, BuildError> {
        let k = &self.layer.kustomization;
        let top = Place::from(Span::top(self.layer.source));
        self.add_resources(&mut gathered, &k.resources, cx)
            .map_err(|error| error.wrap("accumulating resources"))?;
        gathered.add_config(configurations::load(&k.configurations, &self.root, cx)?, top)?;
        if !k.crds.is_empty() {
            gathered.add_config(Arc::new(crds::load(&k.crds, &self.root, cx)?), top)?;
        }
        self.generate(&mut gathered, cx)?;
        for entry in &k.components {
            gathered = self
                .add_component(gathered, entry, cx)
                .map_err(|error| error.wrap("accumulating components"))?;
        }
        for (step, provenance) in self.transformers(&gathered.config(), cx)? {
            run(step, provenance.as_ref(), &mut gathered.all, cx)?;
        }
        // What is written and empty could say something.
        let affixes = [&k.name_prefix, &k.name_suffix].into_iter().filter(|text| text.is_empty());
        for at in affixes.filter_map(|text| text.at).filter(|_| cx.options.trace) {
            let said = cx.read(Some(at));
            for resource in gathered.all.iter_fields() {
                resource.is_kept(&["name"], said, cx);
            }
        }
        findings::selector::check(k, &gathered.all, cx);
        self.validate(&mut gathered.all, cx)?;
        let all = &mut gathered.all;
        gathered.variables.add(&k.vars, all).map_err(|error| error.wrap("merging vars"))?;
        Ok(gathered)
    }

    /// Files and directories, in order.
    fn add_resources(
        &self,
        gathered: &mut Gathered,
        entries: &[Text],
        cx: &mut Cx<'_>,
    ) -> Result<(), BuildError> {
        for entry in entries {
            let Err(as_file) = self.add_file(gathered, entry, cx) else { continue };
            if as_file.kind == ErrorKind::Remote {
                return Err(as_file);
            }
            let root = match self.root.child(entry, entry.at, cx) {
                Ok(root) => root,
                Err(_) if as_file.kind == ErrorKind::MalformedYaml => return Err(as_file),
                Err(as_directory) => return Err(neither(as_file, as_directory)),
            };
            let added = self.add_directory(gathered, entry, root, false, cx);
            added.map_err(|error| error.wrap(format!("accumulation err='{}'", as_file.upstream())))?;
        }
        Ok(())
    }

    fn add_file(&self, gathered: &mut Gathered, entry: &Text, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let at = entry.at.map_or(Place::from(OriginId::UNKNOWN), Place::from);
        let path = &***entry;
        let told = |error: BuildError| error.wrap(format!("accumulating resources from '{path}'"));
        let malformed = |error: BuildError| match error.kind {
            ErrorKind::MalformedYaml => error.map_upstream(|text| format!("{text} in File: {path}")),
            _ => error,
        };
        let (source, text) = self.root.load_text(path, at, cx).map_err(|error| {
            let error = match error.kind {
                ErrorKind::MalformedYaml => self.via(error.wrap("MalformedYAMLError"), entry),
                _ => error,
            };
            told(malformed(error))
        })?;
        let is_asked = cx.options.trace || cx.options.findings;
        let place = if is_asked { embedded::Place::file(source) } else { embedded::Place::reread(source) };
        let trees = read_resources_at(&place, &text, cx.origins)
            .map_err(|error| told(self.via(malformed(error), entry)))?;
        let mut resources: Vec<Resource> = trees.into_iter().map(Resource::new).collect();
        cx.schema_is_read |= resources.iter().any(|resource| !is_known(&resource.id().gvk));
        if let Some(here) = &self.here {
            note_origin(&mut resources, &here.join(path).file());
        }
        let first = gathered.all.len();
        for resource in resources {
            let other = gathered.all.by_current_id(resource.id()).first().copied();
            gathered.all.append(resource).map_err(|error| {
                let error = self.via(error, entry);
                match other {
                    Some(other) if other >= first => told(error),
                    _ => error.wrap(format!("merging resources from '{path}'")),
                }
            })?;
        }
        Ok(())
    }

    /// With the entry that led there, for errors in what it names.
    fn via(&self, error: BuildError, entry: &Text) -> BuildError {
        match entry.at {
            Some(at) => error.via(at, "named here"),
            None => error,
        }
    }

    fn add_component(
        &self,
        mut gathered: Gathered,
        entry: &Text,
        cx: &mut Cx<'_>,
    ) -> Result<Gathered, BuildError> {
        let quoted = |error: BuildError, what: &str| {
            error.map_upstream(|text| format!("{what} {}", gotmpl::strconv::quote(text.as_bytes())))
        };
        let root = self.root.child(entry, entry.at, cx).map_err(|error| quoted(error, "loader.New"))?;
        let added = self.add_directory(&mut gathered, entry, root, true, cx);
        added.map_err(|error| quoted(error, "accumulateDirectory:"))?;
        Ok(gathered)
    }

    fn add_directory(
        &self,
        gathered: &mut Gathered,
        entry: &Text,
        root: Rc<Root>,
        is_component: bool,
        cx: &mut Cx<'_>,
    ) -> Result<(), BuildError> {
        let at = entry.at.map_or(Place::from(OriginId::UNKNOWN), Place::from);
        let dir = root.dir.display().to_string();
        if self.depth >= DEPTH {
            let message = format!("kustomizations name each other more than {DEPTH} levels deep");
            let upstream = format!("kustomizations are nested more than {DEPTH} levels deep at '{dir}'");
            return Err(BuildError::new(&KUSTOMIZATION_TOO_DEEP, at, message, upstream));
        }
        let layer = read(&root, cx).map_err(|error| {
            let error = error.wrap(format!("couldn't make target for path '{dir}'"));
            self.via(error, entry)
        })?;
        openapi::set(&layer.kustomization, &root, cx)?;
        if is_component != layer.is_component() {
            let shown = root.shown.display();
            let (message, upstream, help) = if is_component {
                let kind = &*layer.kustomization.kind;
                (
                    format!("{shown} is no component"),
                    format!("expected kind 'Component' for path '{dir}' but got '{}'", *kind),
                    "name it under `resources`, or make it `kind: Component`",
                )
            } else {
                (
                    format!("{shown} is a component"),
                    format!("expected kind != 'Component' for path '{dir}'"),
                    "name it under `components`",
                )
            };
            return Err(BuildError::new(&KUSTOMIZATION_WRONG_KIND, at, message, upstream).help(help));
        }
        let own = &self.layer.kustomization.namespace;
        let target = Target {
            layer,
            root,
            here: self.here.as_ref().map(|here| here.join(entry)),
            helm_namespace: if own.is_empty() { self.helm_namespace.clone() } else { own.value.clone() },
            depth: self.depth + 1,
        };
        let start = if is_component { std::mem::take(gathered) } else { Gathered::default() };
        let told = |error: BuildError, what: &str| self.via(error.wrap(format!("{what} '{dir}'")), entry);
        let result =
            target.accumulate(start, cx).map_err(|error| told(error, "recursed accumulation of path"))?;
        let merged = gathered.all.append_all(result.all);
        merged.map_err(|error| told(error, "recursed merging from path"))?;
        gathered
            .add_config(result.config.unwrap_or_default(), at)
            .and_then(|()| gathered.variables.merge(result.variables))
            .map_err(|error| told(error, "recursed merging from path"))
    }

    fn generate(&self, gathered: &mut Gathered, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let k = &self.layer.kustomization;
        let mut steps: Vec<(Box<dyn Generator>, Option<Provenance>)> = Vec::new();
        let maps = k.config_map_generator.len();
        for (at, step) in generate::configure(k, &self.root).into_iter().enumerate() {
            let kind = if at < maps { "ConfigMapGenerator" } else { "SecretGenerator" };
            steps.push((step, self.builtin(kind)));
        }
        for step in helm::configure(k, &self.root, &self.helm_namespace, cx)? {
            steps.push((step, self.builtin("HelmChartInflationGenerator")));
        }
        let told = |error: BuildError| error.wrap("loading generator plugins");
        for config in &self.plugin_configs(&k.generators, cx).map_err(told)? {
            let step = plugins::generator(config, &self.root, cx).map_err(told)?;
            steps.push((step, self.of_plugin(config, cx)));
        }
        for (mut step, provenance) in steps {
            let mut resources = step.generate(cx)?;
            if let Some(provenance) = &provenance {
                note_generated(&mut resources, provenance);
            }
            for resource in resources {
                absorb(&mut gathered.all, resource, cx)
                    .map_err(|error| error.wrap("merging from generator"))?;
            }
        }
        Ok(())
    }

    /// The transformers of this layer, in upstream's order.
    fn transformers(
        &self,
        config: &TransformerConfig,
        cx: &mut Cx<'_>,
    ) -> Result<Vec<(Box<dyn Transformer>, Option<Provenance>)>, BuildError> {
        let k = &self.layer.kustomization;
        let mut steps: Vec<(Box<dyn Transformer>, Option<Provenance>)> = Vec::new();
        let mut add = |kind: &str, step: Box<dyn Transformer>| steps.push((step, self.builtin(kind)));
        for step in patches::configure_strategic_merge(k, &self.root, cx)? {
            add("PatchStrategicMergeTransformer", step);
        }
        for step in patches::configure(k, &self.root, cx)? {
            add("PatchTransformer", step);
        }
        if !k.namespace.is_empty() {
            let step = NamespaceTransformer::new(&k.namespace, k.namespace.at, &config.namespace);
            add("NamespaceTransformer", Box::new(step));
        }
        if !k.name_prefix.is_empty() {
            let (text, at) = (&**k.name_prefix, k.name_prefix.at);
            let step = AffixTransformer::new(Affix::Prefix, text, at, &config.name_prefix);
            add("PrefixTransformer", Box::new(step));
        }
        if !k.name_suffix.is_empty() {
            let (text, at) = (&**k.name_suffix, k.name_suffix.at);
            let step = AffixTransformer::new(Affix::Suffix, text, at, &config.name_suffix);
            add("SuffixTransformer", Box::new(step));
        }
        for step in labels_of_kustomization(k, config)? {
            add("LabelTransformer", Box::new(step));
        }
        if !k.common_annotations.0.is_empty() {
            let step = MapTransformer::new(k.common_annotations.clone(), &config.common_annotations);
            add("AnnotationsTransformer", Box::new(step));
        }
        for step in patches::configure_json6902(k, &self.root, cx)? {
            add("PatchJson6902Transformer", step);
        }
        for replica in &k.replicas {
            let step = ReplicaTransformer::new(replica.clone(), &config.replicas);
            add("ReplicaCountTransformer", Box::new(step));
        }
        for image in &k.images {
            add("ImageTagTransformer", Box::new(ImageTransformer::new(image.clone(), &config.images)));
        }
        for step in replacements::configure(k, &self.root, cx)? {
            add("ReplacementTransformer", step);
        }
        steps.extend(self.plugin_transformers(&k.transformers, cx)?);
        Ok(steps)
    }

    fn plugin_transformers(
        &self,
        entries: &[Text],
        cx: &mut Cx<'_>,
    ) -> Result<Vec<(Box<dyn Transformer>, Option<Provenance>)>, BuildError> {
        let mut steps: Vec<(Box<dyn Transformer>, Option<Provenance>)> = Vec::new();
        for config in &self.plugin_configs(entries, cx)? {
            steps.push((plugins::transformer(config, &self.root, cx)?, self.of_plugin(config, cx)));
        }
        Ok(steps)
    }

    /// The objects that entries of `generators`, `transformers` or `validators` are or name, texts first.
    fn plugin_configs(&self, entries: &[Text], cx: &mut Cx<'_>) -> Result<ResMap, BuildError> {
        let mut gathered = Gathered::default();
        let mut paths = Vec::new();
        for entry in entries {
            let place = embedded::of_scalar(entry, 0, cx);
            let Ok(trees) = read_resources_at(&place, &entry.value.as_str().into(), cx.origins) else {
                paths.push(entry.clone());
                continue;
            };
            let mut resources: Vec<Resource> = trees.into_iter().map(Resource::new).collect();
            if let Some(here) = &self.here {
                note_origin(&mut resources, &here.join(self.layer.file_name).file());
            }
            for resource in resources {
                gathered.all.append(resource)?;
            }
        }
        self.add_resources(&mut gathered, &paths, cx)?;
        Ok(gathered.all)
    }

    /// What is noted of the objects that a plugin made or changed.
    fn of_plugin(&self, config: &Resource, cx: &mut Cx<'_>) -> Option<Provenance> {
        self.here.as_ref()?;
        let namespace = config.metadata().and_then(|metadata| config.tree().get(metadata, "namespace"));
        let namespace = namespace.map_or(OriginId::UNKNOWN, |node| config.tree().origin(node));
        let name = cx.origin_of_name(config);
        let id = config.original_id();
        let text = config.annotation(ORIGIN_ANNOTATION).unwrap_or_default();
        let path = text.lines().find_map(|line| line.strip_prefix("path: ")).unwrap_or_default();
        Some(Provenance {
            configured_in: path.to_owned(),
            named: cx.both(name, namespace),
            configured_by: [
                id.gvk.api_version(),
                id.gvk.kind.to_string(),
                id.name.to_string(),
                id.namespace.to_string(),
            ],
            ..Provenance::default()
        })
    }

    /// Runs what may look and not touch.
    fn validate(&self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        let entries = &self.layer.kustomization.validators;
        for (mut step, _) in self.plugin_transformers(entries, cx)? {
            let shown = |resource: &Resource| output::to_yaml(&resource.exposed()).unwrap_or_default();
            let before: Vec<_> =
                all.iter().map(|resource| (labels(resource).is_some(), shown(resource))).collect();
            step.transform(all, cx)?;
            let is_let = |(resource, (had_labels, before)): (&Resource, &(bool, Vec<u8>))| {
                let resource = match labels(resource) {
                    // Upstream takes the label off again, and compares nodes with where they were read: other labels come out
                    // of that as other nodes.
                    Some(labels) if resource.tree().get(labels, VERDICT).is_some() => {
                        let mut without = resource.clone();
                        if let Some(metadata) = without.metadata() {
                            let is_alone = without.tree().children(labels).len() == 2;
                            if *had_labels || !is_alone {
                                return false;
                            }
                            without.fields_mut().forget(metadata, "labels");
                        }
                        shown(&without)
                    }
                    _ => shown(resource),
                };
                resource == *before
            };
            if all.len() != before.len() || !all.iter().zip(&before).all(is_let) {
                let at = entries.first().and_then(|entry| entry.at);
                let at = at.unwrap_or(Span::top(self.layer.source));
                let message = "a validator may look at objects and not change them, and one did";
                let upstream = "validator shouldn't modify the resource map: nodes unequal";
                return Err(BuildError::new(&super::codes::TRANSFORMER_INVALID, at, message, upstream)
                    .help("its place is under `transformers`"));
            }
        }
        Ok(())
    }

    fn builtin(&self, kind: &str) -> Option<Provenance> {
        Some(self.here.as_ref()?.builtin(self.layer.file_name, kind))
    }
}

/// Runs a transformer, and drops what it left nothing of.
fn run(
    mut step: Box<dyn Transformer>,
    provenance: Option<&Provenance>,
    all: &mut ResMap,
    cx: &mut Cx<'_>,
) -> Result<(), BuildError> {
    step.transform(all, cx)?;
    if let Some(provenance) = provenance {
        note_transformation(all, provenance, cx);
    }
    all.drop_empty();
    Ok(())
}

/// The label that a validator may put on objects.
const VERDICT: &str = "validated-by";

fn labels(resource: &Resource) -> Option<yaml::NodeId> {
    resource.tree().get(resource.metadata()?, "labels")
}

/// An entry is neither a file nor a directory of use: upstream tells both; the one that says more is shown.
fn neither(as_file: BuildError, as_directory: BuildError) -> BuildError {
    let wrapped = format!("accumulation err='{}': {}", as_file.upstream(), as_directory.upstream());
    let is_plain = |error: &BuildError| *error.diagnostic.code == FILE_UNREADABLE;
    let shown = if is_plain(&as_file) && !is_plain(&as_directory) { as_directory } else { as_file };
    shown.map_upstream(|_| wrapped)
}

#[cfg(test)]
mod tests;
