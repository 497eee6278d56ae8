//! KRM functions that are programs: a ResourceList goes in, another comes out.
//!
//! One runs only where a build was told both `--enable-alpha-plugins` and `--enable-exec`, in the directory of the
//! kustomization that names it (kyaml 0.21.1, `runfn` and `fn/runtime/exec`). Containers are not run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use source::{Chain, OriginId, Place, Source, SourceKind, Span};
use yaml::{Kind, NodeId, Options, Profile, Tree, read_first};

use crate::render::kustomize::codes::{FIELD_UNSUPPORTED, FUNCTION_FAILED};
use crate::render::kustomize::context::Cx;
use crate::render::kustomize::decode::{Decode, Decoder, Text, record};
use crate::render::kustomize::error::BuildError;
use crate::render::kustomize::loader::Root;
use crate::render::kustomize::output::to_yaml;
use crate::render::kustomize::res_map::ResMap;
use crate::render::kustomize::resource::{Behavior, Resource};
use crate::render::kustomize::resources::read_resources;
use crate::render::kustomize::step::{Generator, Transformer};
use crate::world::Program;

record! {
    /// What the annotation `config.kubernetes.io/function` says.
    pub struct FunctionSpec {
        /// Whether what the function gave counts although it failed; nothing goes by it here.
        defer_failure: bool = "deferFailure",
        /// The image, if it is one.
        container: Option<ContainerSpec> = "container",
        /// The program, if it is one.
        exec: Option<ExecSpec> = "exec",
    }
}

record! {
    /// A function that is an image.
    pub struct ContainerSpec {
        /// Its name.
        image: Text = "image",
    }
}

record! {
    /// A function that is a program.
    pub struct ExecSpec {
        /// Its file.
        path: Text = "path",
        /// What stands behind it.
        args: Vec<Text> = "args",
        /// Variables, as NAME=VALUE.
        envs: Vec<Text> = "envs",
    }
}

/// Where the function of a configuration is told, the newer name first.
const FUNCTION: [&str; 2] = ["config.kubernetes.io/function", "config.k8s.io/function"];
/// How a function asks that the name of what it made gets a hash.
const NEEDS_HASH: &str = "kustomize.config.k8s.io/needs-hash";
/// How a function says what becomes of an object that is there already.
const BEHAVIOR: &str = "kustomize.config.k8s.io/behavior";
const LOCAL: &str = "config.kubernetes.io/local-config";
/// What a pipeline of functions notes, and takes away behind each.
const NUMBERS: [&str; 4] = [
    "config.k8s.io/id",
    "internal.config.kubernetes.io/id",
    "config.kubernetes.io/index",
    "internal.config.kubernetes.io/index",
];
const ID: &str = "kustomize.config.k8s.io/id";

/// A function with its configuration.
pub struct Function {
    config: Resource,
    /// `None` where programs are not enabled: then nothing happens, as upstream has it.
    program: Option<Program>,
    at: Place,
}

/// The function that an object configures; `None` where it is none.
///
/// # Errors
/// It is a container, or what it is cannot be read.
pub fn function(config: &Resource, root: &Root, cx: &Cx<'_>) -> Result<Option<Function>, BuildError> {
    let Some((key, text)) = FUNCTION.iter().find_map(|key| Some((key, config.annotation(key)?))) else {
        return match config.annotation("config.kubernetes.io/container") {
            Some(image) if !image.is_empty() => Err(is_container(config, image)),
            _ => Ok(None),
        };
    };
    if text.is_empty() {
        return Ok(None);
    }
    let spec = spec(text).map_err(|(message, upstream)| {
        let upstream = format!("loader: failed to get FunctionSpec: {key} unmarshal error: {upstream}");
        let message = format!("the annotation {key} cannot be read: {message}");
        BuildError::new(&FUNCTION_FAILED, config.place(), message, upstream)
    })?;
    if let Some(image) = spec.container.as_ref().map(|container| &container.image).filter(|i| !i.is_empty()) {
        return Err(is_container(config, image));
    }
    let exec = spec.exec.unwrap_or_default();
    let program = (cx.options.exec && !exec.path.is_empty()).then(|| {
        let path = exec.path.as_str();
        // What has a slash is found from the directory of the kustomization, what has none on the search path.
        let path = if path.contains('/') { root.dir.join(path) } else { PathBuf::from(path) };
        let arguments = exec.args.iter().map(|text| text.value.clone()).collect();
        let given = exec.envs.iter().map(|text| &text.value).chain(&cx.options.environment);
        let environment: BTreeMap<String, String> = given
            .filter_map(|text| text.split_once('=').filter(|(_, value)| !value.contains('=')))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Program { path, arguments, environment: environment.into_iter().collect(), dir: root.dir.clone() }
    });
    Ok(Some(Function { config: config.clone(), program, at: config.place() }))
}

/// Reads the annotation; the error is told twice, in our words and in upstream's.
fn spec(text: &str) -> Result<FunctionSpec, (String, String)> {
    let text: Arc<str> = text.into();
    let mut found = source::Diagnostics::new();
    let source = source::SourceId(u32::MAX);
    let doc = read_first(source, &text, &Options::new(Profile::HelmValues), &mut found);
    if let Some(fault) = found.iter().next() {
        return Err((fault.message.clone(), fault.upstream.clone().unwrap_or_default()));
    }
    let mut decoder = Decoder::new(source, "FunctionSpec");
    let spec = match doc.as_ref().and_then(|doc| doc.root()) {
        Some(node) => FunctionSpec::decode(node, &mut decoder),
        None => FunctionSpec::default(),
    };
    // Of a container only the image is of use: it is refused.
    match decoder.misfits.into_iter().find(|_| spec.container.is_none()) {
        Some(misfit) => Err((misfit.message, misfit.upstream)),
        None => Ok(spec),
    }
}

fn is_container(config: &Resource, image: &str) -> BuildError {
    let kind = config.kind();
    let message = format!("{kind} is a function in the container {image}, and no container is run");
    let upstream = format!("couldn't execute function: containers are not run: {image}");
    BuildError::new(&FIELD_UNSUPPORTED, config.place(), message, upstream).help(
        "name a program under `exec` and build with --enable-alpha-plugins --enable-exec, replace it by a builtin kind, or run it over the output",
    )
}

impl Generator for Function {
    fn generate(&mut self, cx: &mut Cx<'_>) -> Result<Vec<Resource>, BuildError> {
        let mut made: Vec<Resource> = Vec::new();
        for tree in self.call(&[], cx)? {
            let mut resource = Resource::new(tree);
            let hash = take(&mut resource, NEEDS_HASH);
            let behavior = take(&mut resource, BEHAVIOR);
            resource.notes.needs_hash = match hash.as_deref() {
                None => false,
                Some("1" | "t" | "T" | "TRUE" | "true" | "True") => true,
                Some("0" | "f" | "F" | "FALSE" | "false" | "False") => false,
                Some(other) => {
                    let value = gotmpl::strconv::quote(other.as_bytes());
                    let upstream =
                        format!("the annotation \"{NEEDS_HASH}\" contains an invalid value ({value})");
                    let message = format!("the annotation {NEEDS_HASH} of what the function made is {value}");
                    return Err(BuildError::new(&FUNCTION_FAILED, self.at, message, upstream));
                }
            };
            resource.notes.behavior = Some(Behavior::parse(&behavior.unwrap_or_default()));
            made.push(resource);
        }
        Ok(made)
    }
}

impl Transformer for Function {
    fn transform(&mut self, all: &mut ResMap, cx: &mut Cx<'_>) -> Result<(), BuildError> {
        if all.is_empty() || self.program.is_none() {
            return Ok(());
        }
        let given: Vec<Tree> = all.iter().map(Resource::exposed).collect();
        let mut new = ResMap::new();
        for tree in self.call(&given, cx)? {
            let mut resource = Resource::new(tree);
            take(&mut resource, ID);
            let id = resource.id().clone();
            new.append(resource).map_err(|error| {
                let upstream = format!("plugin {} generated duplicate resource: {id}", self.name());
                error.map_upstream(|_| upstream).via(self.at, "the function gave it twice")
            })?;
        }
        let mut kept: Vec<Resource> = Vec::with_capacity(all.len());
        let mut left: Vec<Option<Resource>> = new.clear().into_iter().map(Some).collect();
        let mut places: std::collections::HashMap<_, usize> =
            left.iter().flatten().enumerate().map(|(at, resource)| (resource.id().clone(), at)).collect();
        for old in all.clear() {
            let Some(mut resource) = places.remove(old.id()).and_then(|at| left[at].take()) else { continue };
            resource.variables.clone_from(&old.variables);
            if cx.options.trace {
                self.inherit(old.tree(), resource.fields_mut(), cx);
            }
            kept.push(resource);
        }
        kept.extend(left.into_iter().flatten());
        for resource in kept {
            all.push(resource);
        }
        Ok(())
    }
}

impl Function {
    /// As upstream names it.
    fn name(&self) -> String {
        let id = self.config.id();
        format!("api: {}, kind: {}, name: {}", id.gvk.api_version(), id.gvk.kind, id.name)
    }

    fn failed(&self, message: String, upstream: String) -> BuildError {
        let upstream = format!("couldn't execute function: {upstream}");
        BuildError::new(&FUNCTION_FAILED, self.at, message, upstream)
    }

    /// Runs it over objects; a generator gets its own configuration in their place.
    fn call(&self, objects: &[Tree], cx: &mut Cx<'_>) -> Result<Vec<Tree>, BuildError> {
        let Some(program) = &self.program else { return Ok(Vec::new()) };
        let shown = program.path.display().to_string();
        let unprintable =
            |text: String| self.failed(format!("what it is given cannot be printed: {text}"), text);
        let mut config = self.config.tree().clone();
        annotate(&mut config, &[(LOCAL, "true")]);
        let own = [config.clone()];
        let objects = if objects.is_empty() { &own[..] } else { objects };
        let mut input = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n".to_owned();
        for (at, object) in objects.iter().enumerate() {
            let (index, id) = (at.to_string(), (at + 1).to_string());
            let mut object = object.clone();
            annotate(
                &mut object,
                &NUMBERS.map(|key| (key, if key.ends_with("index") { &*index } else { &*id })),
            );
            put(&mut input, "- ", &to_yaml(&object).map_err(unprintable)?);
        }
        input.push_str("functionConfig:\n");
        put(&mut input, "  ", &to_yaml(&config).map_err(unprintable)?);
        let ran = cx.world.execute(program, input.as_bytes()).map_err(|error| {
            self.failed(format!("{shown} cannot be run: {error}"), format!("fork/exec {shown}: {error}"))
        })?;
        let said = String::from_utf8_lossy(&ran.errors).trim_end().to_owned();
        let text: Arc<str> = String::from_utf8_lossy(&ran.output).into();
        if ran.code != Some(0) {
            let status = ran.code.map_or("signal: killed".to_owned(), |code| format!("exit status {code}"));
            let mut message = format!("{shown} failed with {status}");
            let told: Vec<String> =
                results(&text).into_iter().chain((!said.is_empty()).then_some(said)).collect();
            if !told.is_empty() {
                message = format!("{message}: {}", told.join("\n"));
            }
            return Err(self.failed(message, status));
        }
        let name = format!("{} {} (output)", self.config.kind(), self.config.name());
        let source = cx.sources.add(Source::new(name, SourceKind::Rendered, text.clone()));
        let trees = read_resources(source, &text, cx.origins)
            .map_err(|error| error.via(self.at, "this function gave it").wrap("couldn't execute function"))?;
        let by = cx.origins.primary(self.at);
        let cleaned = trees.into_iter().map(|mut tree| {
            let annotations = tree.get(tree.root(), "metadata").and_then(|m| tree.get(m, "annotations"));
            for key in NUMBERS {
                annotations.and_then(|annotations| tree.forget(annotations, key));
            }
            if let (Some(annotations), Some(metadata)) = (annotations, tree.get(tree.root(), "metadata"))
                && tree.children(annotations).is_empty()
            {
                tree.forget(metadata, "annotations");
            }
            note_path(&mut tree);
            if cx.options.trace {
                made_by(&mut tree, by, cx);
            }
            tree
        });
        Ok(cleaned.collect())
    }

    /// What a function left as it was came from where it came from before.
    fn inherit(&self, old: &Tree, new: &mut Tree, cx: &mut Cx<'_>) {
        let mut open = vec![(old.root(), new.root())];
        while let Some((from, to)) = open.pop() {
            match (old.kind(from), new.kind(to)) {
                (Kind::Scalar, Kind::Scalar) if old.text(from) == new.text(to) => {}
                (Kind::Map, Kind::Map) => {
                    let entries: Vec<(NodeId, NodeId)> = new.entries(to).collect();
                    for (key, value) in entries {
                        if let Some((_, old_key, old_value)) = old.entry(from, new.text(key)) {
                            new.set_origin(key, old.origin(old_key));
                            open.push((old_value, value));
                        }
                    }
                }
                (Kind::Seq, Kind::Seq) => {
                    open.extend(old.children(from).iter().copied().zip(new.children(to).iter().copied()));
                }
                _ => {
                    // The function is what it was made by; the value that stood there is what it lost to.
                    if let Some(by) = cx.origins.primary(new.origin(to)) {
                        let origin = cx.origins.intern(Chain::Patched { by, was: old.origin(from) });
                        new.set_origin(to, origin);
                    }
                    continue;
                }
            }
            new.set_origin(to, old.origin(from));
        }
    }
}

/// All nodes were made by the function.
fn made_by(tree: &mut Tree, by: Option<Span>, cx: &mut Cx<'_>) {
    let made = cx.generated(by, OriginId::UNKNOWN);
    let mut open = vec![tree.root()];
    while let Some(node) = open.pop() {
        open.extend(tree.children(node));
        tree.set_origin(node, made);
    }
}

fn take(resource: &mut Resource, key: &str) -> Option<String> {
    let value = resource.annotation(key)?.to_owned();
    resource.remove_annotation(key, OriginId::UNKNOWN);
    Some(value)
}

fn annotate(tree: &mut Tree, annotations: &[(&str, &str)]) {
    let mut map = tree.root();
    for name in ["metadata", "annotations"] {
        map = match tree.get(map, name).filter(|found| tree.kind(*found) == Kind::Map) {
            Some(found) => found,
            None => {
                let made = tree.map(OriginId::UNKNOWN);
                tree.set(map, name, made);
                made
            }
        };
    }
    for (key, value) in annotations {
        let value = tree.string(*value, OriginId::UNKNOWN);
        tree.set(map, key, value);
    }
}

/// Where an orchestrator would write the object: upstream notes it of all that a function gave, and a validator that is
/// a function has changed the objects by that alone.
fn note_path(tree: &mut Tree) {
    const PATHS: [&str; 2] = ["internal.config.kubernetes.io/path", "config.kubernetes.io/path"];
    let known = {
        let root = tree.node(tree.root());
        let text = |path: &str| root.at(path).map_or("", yaml::Node::text);
        let annotations = root.at("metadata.annotations");
        let own = PATHS.iter().find_map(|key| annotations?.get(key));
        match (own, text("metadata.namespace")) {
            (Some(own), _) => own.text().to_owned(),
            (None, "") => format!("{}_{}.yaml", text("kind").to_lowercase(), text("metadata.name")),
            (None, namespace) => {
                format!("{namespace}/{}_{}.yaml", text("kind").to_lowercase(), text("metadata.name"))
            }
        }
    };
    annotate(tree, &PATHS.map(|key| (key, &*known)));
}

/// Puts a text of several lines below another, the first behind `lead` and all as deep.
fn put(out: &mut String, lead: &str, yaml: &[u8]) {
    for (at, line) in String::from_utf8_lossy(yaml).lines().enumerate() {
        if !line.is_empty() {
            out.push_str(if at == 0 { lead } else { "  " });
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// What the results of a ResourceList say.
fn results(text: &Arc<str>) -> Vec<String> {
    let options = Options::new(Profile::Kustomize);
    let doc = read_first(source::SourceId(u32::MAX), text, &options, &mut source::Diagnostics::new());
    let results = doc.as_ref().and_then(|doc| doc.root()).and_then(|root| root.get("results"));
    let texts = results.into_iter().flat_map(|results| results.items());
    texts.filter_map(|result| result.get("message")).map(|message| message.text().to_owned()).collect()
}
