//! The objects that `generators`, `transformers` and `validators` name: the builtin kinds, each with its own configuration.
//!
//! They make the same steps as the fields of a kustomization do, with field specs of their own. Fields that a kind does not
//! know are passed over, as upstream's decoder does here. Kinds that are not builtin are functions.

mod config;
mod function;
mod iam_policy;
mod value_add;

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use source::{Diagnostics, OriginId, Place, Source, SourceKind};
use yaml::{Doc, Node, Options, Profile, read_first};

use super::codes::{FIELD_UNSUPPORTED, GENERATOR_INVALID, TRANSFORMER_INVALID};
use super::context::Cx;
use super::decode::{Decode, Decoder, Spanned};
use super::error::BuildError;
use super::field_spec::FieldSpec;
use super::generate::{DataGenerator, Product};
use super::hash;
use super::helm::ChartGenerator;
use super::kustomization::{FieldSpecArgs, GeneratorArgs, HelmChart, HelmGlobals, Metadata, Patch};
use super::loader::Root;
use super::objects::origins;
use super::output::to_yaml;
use super::patches::{Json6902Step, PatchStep, StrategicMergeStep};
use super::replacements::ReplacementStep;
use super::res_map::ResMap;
use super::resource::Resource;
use super::step::{Generator, Transformer};
use super::transform::{
    Affix, AffixTransformer, ImageTransformer, MapTransformer, NamespaceTransformer, ReplicaTransformer,
    Subjects,
};
use config::{
    AnnotationsConfig, ImageConfig, JsonPatchConfig, LabelsConfig, NamespaceConfig, PrefixConfig,
    ReplacementConfig, ReplicaConfig, StrategicMergeConfig, SuffixConfig,
};

/// The generator that an object asks for.
///
/// # Errors
/// It is no generator, or its configuration is not what it should be.
pub fn generator(
    config: &Resource,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Box<dyn Generator>, BuildError> {
    if let Some(function) = foreign_function(config, root, cx)? {
        return Ok(Box::new(function));
    }
    let made = read(config, cx).and_then(|read| make_generator(config, &read, root, cx));
    made.map_err(|error| error.wrap("failed to load generator"))
}

fn make_generator(
    config: &Resource,
    read: &Read,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Box<dyn Generator>, BuildError> {
    let product = match config.kind() {
        "ConfigMapGenerator" => Product::ConfigMap,
        "SecretGenerator" => Product::Secret,
        "HelmChartInflationGenerator" => {
            let (globals, chart): (HelmGlobals, Spanned<HelmChart>) = (read.decode()?, read.decode()?);
            let step =
                ChartGenerator::new(chart, &globals, root, cx).map_err(|error| fails(error, config))?;
            return Ok(Box::new(step));
        }
        "IAMPolicyGenerator" => return Ok(Box::new(iam_policy::IamPolicy(read.decode()?))),
        kind if is_transformer(kind) => {
            let upstream = format!("plugin {} not a generator", config.original_id());
            let message = format!("{kind} makes nothing: its place is under `transformers`");
            return Err(BuildError::new(&GENERATOR_INVALID, config.place(), message, upstream));
        }
        _ => return Err(unknown(config)),
    };
    let mut args: Spanned<GeneratorArgs> = read.decode()?;
    if let Some(metadata) = read.node().and_then(|root| root.get("metadata")) {
        let metadata: Metadata = read.decode_node(metadata)?;
        for (own, general) in
            [(&mut args.value.name, metadata.name), (&mut args.value.namespace, metadata.namespace)]
        {
            if own.is_empty() {
                *own = general;
            }
        }
    }
    Ok(Box::new(DataGenerator::new(product, args, root.clone())))
}

const TRANSFORMERS: [&str; 14] = [
    "AnnotationsTransformer",
    "HashTransformer",
    "ImageTagTransformer",
    "LabelTransformer",
    "NamespaceTransformer",
    "PatchJson6902Transformer",
    "PatchStrategicMergeTransformer",
    "PatchTransformer",
    "PrefixSuffixTransformer",
    "PrefixTransformer",
    "ReplacementTransformer",
    "ReplicaCountTransformer",
    "SuffixTransformer",
    "ValueAddTransformer",
];

fn is_transformer(kind: &str) -> bool {
    TRANSFORMERS.contains(&kind)
}

/// The transformer that an object asks for.
///
/// # Errors
/// It is no transformer, or its configuration is not what it should be.
pub fn transformer(
    config: &Resource,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Box<dyn Transformer>, BuildError> {
    if let Some(function) = foreign_function(config, root, cx)? {
        return Ok(Box::new(function));
    }
    let read = read(config, cx)?;
    let kind = config.kind().to_owned();
    if kind.ends_with("Generator")
        && matches!(
            kind.as_str(),
            "ConfigMapGenerator" | "SecretGenerator" | "IAMPolicyGenerator" | "HelmChartInflationGenerator"
        )
    {
        let upstream = format!("plugin {} not a transformer", config.original_id());
        let message = format!("{kind} changes nothing: its place is under `generators`");
        return Err(BuildError::new(&TRANSFORMER_INVALID, config.place(), message, upstream));
    }
    if !is_transformer(&kind) {
        return Err(unknown(config));
    }
    make_transformer(&kind, &read, root, cx).map_err(|error| fails(error, config))
}

fn make_transformer(
    kind: &str,
    read: &Read,
    root: &Rc<Root>,
    cx: &mut Cx<'_>,
) -> Result<Box<dyn Transformer>, BuildError> {
    Ok(match kind {
        "PrefixTransformer" => Box::new(prefix(read)?),
        "SuffixTransformer" => Box::new(suffix(read)?),
        "PrefixSuffixTransformer" => Box::new(Both(prefix(read)?, suffix(read)?)),
        "AnnotationsTransformer" => {
            let config: AnnotationsConfig = read.decode()?;
            Box::new(MapTransformer::new(config.annotations, &to_specs(&config.field_specs)))
        }
        "LabelTransformer" => {
            let config: LabelsConfig = read.decode()?;
            Box::new(MapTransformer::new(config.labels, &to_specs(&config.field_specs)))
        }
        "NamespaceTransformer" => Box::new(namespace(read)?),
        "ImageTagTransformer" => {
            let config: ImageConfig = read.decode()?;
            Box::new(ImageTransformer::new(config.image_tag, &to_specs(&config.field_specs)))
        }
        "ReplicaCountTransformer" => {
            let config: ReplicaConfig = read.decode()?;
            Box::new(ReplicaTransformer::new(config.replica, &to_specs(&config.field_specs)))
        }
        "PatchTransformer" => {
            let config: Spanned<Patch> = read.decode()?;
            Box::new(PatchStep::new(&config, config.at, root, cx)?)
        }
        "PatchJson6902Transformer" => {
            let config: Spanned<JsonPatchConfig> = read.decode()?;
            let patch = Patch {
                path: config.path.clone(),
                patch: config.json_op.clone(),
                target: config.target.clone(),
                options: None,
            };
            Box::new(Json6902Step::new(&patch, config.at, root, cx)?)
        }
        "PatchStrategicMergeTransformer" => {
            let config: Spanned<StrategicMergeConfig> = read.decode()?;
            Box::new(StrategicMergeStep::new(&config.paths, &config.patches, config.at, root, cx)?)
        }
        "ReplacementTransformer" => {
            let config: ReplacementConfig = read.decode()?;
            Box::new(ReplacementStep::new(&config.replacements, root, cx)?)
        }
        "HashTransformer" => Box::new(Hash),
        _ => Box::new(value_add::ValueAdd::new(read.decode()?, root, cx)?),
    })
}

fn prefix(read: &Read) -> Result<AffixTransformer, BuildError> {
    let config: PrefixConfig = read.decode()?;
    let specs = config.field_specs.as_deref().ok_or_else(|| no_specs(read))?;
    Ok(AffixTransformer::new(Affix::Prefix, &config.prefix, config.prefix.at, &to_specs(specs)))
}

fn suffix(read: &Read) -> Result<AffixTransformer, BuildError> {
    let config: SuffixConfig = read.decode()?;
    let specs = config.field_specs.as_deref().ok_or_else(|| no_specs(read))?;
    Ok(AffixTransformer::new(Affix::Suffix, &config.suffix, config.suffix.at, &to_specs(specs)))
}

/// A PrefixSuffixTransformer: two transformers that count as one.
struct Both(AffixTransformer, AffixTransformer);

impl Transformer for Both {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        self.0.transform(all, cx)?;
        self.1.transform(all, cx)
    }
}

fn namespace(read: &Read) -> Result<NamespaceTransformer, BuildError> {
    let config: NamespaceConfig = read.decode()?;
    let namespace = config.metadata.unwrap_or_default().namespace;
    let specs = to_specs(&config.field_specs);
    let mut step = NamespaceTransformer::new(&namespace, namespace.at, &specs);
    step.unset_only = config.unset_only;
    step.subjects = match config.subjects.as_str() {
        "" | "defaultOnly" => Subjects::Default,
        "allServiceAccounts" => Subjects::ServiceAccounts,
        "none" => Subjects::None,
        other => {
            let upstream = format!(
                "invalid value {} for setRoleBindingSubjects: must be one of \"defaultOnly\", \"none\" or \"allServiceAccounts\"",
                gotmpl::strconv::quote(other.as_bytes())
            );
            let message = "`setRoleBindingSubjects` is `defaultOnly`, `none` or `allServiceAccounts`";
            return Err(BuildError::new(&TRANSFORMER_INVALID, place(config.subjects.at), message, upstream));
        }
    };
    Ok(step)
}

fn to_specs(args: &[FieldSpecArgs]) -> Vec<FieldSpec> {
    args.iter().map(FieldSpecArgs::to_spec).collect()
}

fn no_specs(read: &Read) -> BuildError {
    let message = "`fieldSpecs` says which fields are changed, and it is missing";
    BuildError::new(&TRANSFORMER_INVALID, read.top(), message, "fieldSpecs is not expected to be nil")
}

fn fails(error: BuildError, config: &Resource) -> BuildError {
    error
        .wrap(format!("plugin {} fails configuration", config.original_id()))
        .via(config.place(), "asked for here")
}

fn unknown(config: &Resource) -> BuildError {
    let id = config.original_id();
    let upstream = format!("unable to load builtin {}", super::res_id::gvk_text(&id.gvk));
    let message = format!("there is no builtin kind {}", id.gvk.kind);
    let error = BuildError::new(&TRANSFORMER_INVALID, config.place(), message, upstream);
    let near = source::closest(&id.gvk.kind, TRANSFORMERS);
    match near {
        Some(near) => error.help(format!("did you mean {near}?")),
        None => error,
    }
}

/// Puts hashes behind the names that want one, before the end of the build does.
struct Hash;

impl Transformer for Hash {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        hash::add_hashes(all, cx)
    }
}

/// A configuration as it was read once more, from the text that the object has when it is printed.
struct Read {
    doc: Option<Arc<Doc>>,
    source: source::SourceId,
    kind: String,
    at: Place,
}

fn place(at: Option<source::Span>) -> Place {
    at.map_or(Place::Origin(OriginId::UNKNOWN), Place::Span)
}

fn read(config: &Resource, cx: &mut Cx<'_>) -> Result<Read, BuildError> {
    let id = config.original_id();
    if !is_builtin(config) {
        return Err(foreign(config, cx));
    }
    let bytes = to_yaml(config.tree()).map_err(|text| {
        let upstream = format!("marshalling yaml from res {id}: {text}");
        BuildError::new(&TRANSFORMER_INVALID, config.place(), format!("it cannot be read: {text}"), upstream)
    })?;
    let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
    let name = format!("{} {}", id.gvk.kind, id.name);
    let source = cx.sources.add(Source::new(name, SourceKind::Rendered, text.clone()));
    let doc = read_first(source, &text, &Options::new(Profile::HelmValues), &mut Diagnostics::new());
    if let Some(doc) = doc.as_ref().filter(|_| cx.options.trace) {
        let origins = origins(doc, config.tree(), cx.origins);
        for (at, origin) in origins.into_iter().enumerate() {
            if let Some((start, end)) = doc.node(yaml::NodeId(at as u32)).and_then(Node::span) {
                cx.reprinted.insert(source::Span::new(source, start, end), origin);
            }
        }
    }
    Ok(Read { doc, source, kind: id.gvk.kind.to_string(), at: config.place() })
}

fn is_builtin(config: &Resource) -> bool {
    let gvk = config.original_id().gvk;
    gvk.group.is_empty() && &*gvk.version == "builtin"
}

/// The function that an object of another kind is, where functions are enabled.
fn foreign_function(
    config: &Resource,
    root: &Root,
    cx: &Cx<'_>,
) -> Result<Option<function::Function>, BuildError> {
    if is_builtin(config) || !cx.options.alpha_plugins {
        Ok(None)
    } else {
        function::function(config, root, cx)
    }
}

/// What is no builtin kind is a program or a container.
fn foreign(config: &Resource, cx: &Cx<'_>) -> BuildError {
    let kind = config.kind();
    let function = ["config.kubernetes.io/function", "config.k8s.io/function"]
        .iter()
        .find_map(|key| config.annotation(key));
    let upstream = format!("external plugins disabled; unable to load external plugin '{kind}'");
    let (message, help) = match function {
        Some(text) if text.contains("container") => (
            format!("{kind} is a function in a container, and no container is run"),
            "name a program under `exec`, replace it by a builtin kind, or run it over the output",
        ),
        Some(_) => (
            format!(
                "{kind} is a function that is a program, and programs are run only where that is asked for"
            ),
            "build with --enable-alpha-plugins --enable-exec",
        ),
        None => (
            format!("{kind} is no builtin kind, and no plugin is loaded"),
            "the builtin kinds have `apiVersion: builtin`",
        ),
    };
    let code = if cx.options.alpha_plugins { &FIELD_UNSUPPORTED } else { &TRANSFORMER_INVALID };
    BuildError::new(code, config.place(), message, upstream).help(help)
}

impl Read {
    fn node(&self) -> Option<Node<'_>> {
        self.doc.as_ref()?.root()
    }

    fn top(&self) -> Place {
        self.at
    }

    /// The whole configuration as a record. Fields that the record does not know are other records', or nobody's.
    fn decode<T: Decode>(&self) -> Result<T, BuildError> {
        match self.node() {
            Some(node) => self.decode_node(node),
            None => Ok(T::default()),
        }
    }

    fn decode_node<T: Decode>(&self, node: Node<'_>) -> Result<T, BuildError> {
        let mut decoder = Decoder::new(self.source, &format!("{}Plugin", self.kind));
        let record = T::decode(node, &mut decoder);
        match decoder.misfits.into_iter().find(|misfit| misfit.known.is_empty()) {
            None => Ok(record),
            Some(misfit) => {
                let upstream = format!("error unmarshaling JSON: while decoding JSON: {}", misfit.upstream);
                Err(BuildError::new(&TRANSFORMER_INVALID, misfit.at, misfit.message, upstream)
                    .via(self.at, "in this object"))
            }
        }
    }
}

/// The name of the directory that a kustomization is in.
fn base_name(root: &Root) -> String {
    Path::new(&root.dir).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
