//! `plimsoll fn`: this program as a KRM function, a ResourceList in and a ResourceList out.

use std::mem::ManuallyDrop;
use std::sync::Arc;

use clap::ValueEnum as _;
use source::{Diagnostic, Diagnostics, OriginId, Origins, Place, Severity, SourceId, Sources};
use yaml::{Doc, Kind, Node, NodeId, Options, Profile, Tree, read_first};

use super::common::{FailOn, Run, Selection, Target, run_in};
use super::{Exit, Failure, output};
use crate::config::Configuration;
use crate::load::{FILE_LIMIT, Request};
use crate::pipeline::{self, Outcome};
use crate::render::kustomize::{self, BuildOptions, Cx, Reorder};
use crate::report;
use crate::world::{Disk, Memory, World};

/// Work as a KRM function: a ResourceList on standard input, a ResourceList on standard output
///
/// The `functionConfig` says what is done: kind Check, Validate or Lint of `apiVersion: plimsoll/v1`, with
/// kubernetesVersion, select, ignore and failOn under `spec`; a ConfigMap with the same under `data` and the word check,
/// validate or lint under `run`; or a Kustomization, whose transformers run over the items. Without one, items are
/// checked. Findings are told as `results`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {}

/// What the `functionConfig` asks for.
struct Job {
    validates: bool,
    lints: bool,
    fails_on: FailOn,
    target: Target,
    selection: Selection,
}

/// Runs the subcommand.
pub(super) fn run(_: Arguments) -> Result<Exit, Failure> {
    let bytes =
        Disk.stdin(FILE_LIMIT).map_err(|error| Failure::unjudged(format!("standard input: {error}")))?;
    let text: Arc<str> =
        String::from_utf8(bytes.to_vec()).map_err(|_| Failure::usage("standard input is not UTF-8"))?.into();
    let (text, exit) = answer(&text)?;
    output::result(&text)?;
    Ok(exit)
}

/// The ResourceList that answers one.
fn answer(text: &Arc<str>) -> Result<(String, Exit), Failure> {
    let mut found = Diagnostics::new();
    let doc = read_first(SourceId(0), text, &Options::new(Profile::Kustomize), &mut found);
    if let Some(fault) = found.iter().next() {
        return Err(Failure::usage(format!("standard input is no YAML: {}", fault.message)));
    }
    let no_list = || {
        Failure::usage("standard input is no ResourceList").help(
            "a function gets `kind: ResourceList` with `items`; `plimsoll check -` takes plain manifests",
        )
    };
    let doc = doc.ok_or_else(no_list)?;
    let root = doc.root().ok_or_else(no_list)?;
    if root.get("kind").map(Node::text) != Some("ResourceList") {
        return Err(no_list());
    }
    let mut tree = Tree::of_doc(&doc, OriginId::UNKNOWN).ok_or_else(no_list)?;
    let config = root.get("functionConfig").filter(|config| config.kind() == Kind::Map);
    if let Some(config) = config.filter(|config| config.get("kind").map(Node::text) == Some("Kustomization"))
    {
        return kustomized(&mut tree, config);
    }
    let job = Job::of(config)?;
    let items = Items::of(&doc);
    let outcome = &job.run(&items)?.outcome;
    let exit = match outcome.diagnostics.iter().any(|d| job.fails_on.counts(d.severity)) {
        true => Exit::Findings,
        false => Exit::Clean,
    };
    put_results(&mut tree, outcome.diagnostics.iter().map(|d| (d, items.of_diagnostic(d, outcome))));
    Ok((print(&tree)?, exit))
}

fn print(tree: &Tree) -> Result<String, Failure> {
    yaml::emit::tree(tree).map_err(|error| Failure::usage(format!("the list cannot be printed: {error}")))
}

impl Job {
    fn of(config: Option<Node<'_>>) -> Result<Job, Failure> {
        let kind = config.and_then(|config| config.get("kind")).map_or("", Node::text);
        let section = if kind == "ConfigMap" { "data" } else { "spec" };
        let settings = config.and_then(|config| config.get(section));
        let text = |key: &str| settings.and_then(|settings| settings.get(key)).map_or("", Node::text);
        let wanted = if kind == "ConfigMap" { text("run") } else { kind };
        let (validates, lints) = match wanted {
            "" | "check" | "Check" => (true, true),
            "validate" | "Validate" => (true, false),
            "lint" | "Lint" => (false, true),
            other => {
                return Err(Failure::usage(format!("the functionConfig asks for `{other}`"))
                    .help("kinds are Check, Validate, Lint and Kustomization; a ConfigMap says check, validate or lint under `run`"));
            }
        };
        let list = |key: &str| -> Vec<String> {
            let Some(node) = settings.and_then(|settings| settings.get(key)) else { return Vec::new() };
            match node.kind() {
                Kind::Seq => node.items().map(|item| item.text().to_owned()).collect(),
                _ => node
                    .text()
                    .split(',')
                    .map(|word| word.trim().to_owned())
                    .filter(|w| !w.is_empty())
                    .collect(),
            }
        };
        let fails_on = match text("failOn") {
            "" => FailOn::Error,
            word => FailOn::from_str(word, false).map_err(|_| {
                Failure::usage(format!("`failOn: {word}` is no severity"))
                    .help("it is error, warning, note or never")
            })?,
        };
        let version = text("kubernetesVersion");
        let target = Target {
            kubernetes_version: (!version.is_empty()).then(|| version.to_owned()),
            ..Target::default()
        };
        let selection = Selection { select: list("select"), ignore: list("ignore"), ..Selection::default() };
        Ok(Job { validates, lints, fails_on, target, selection })
    }

    /// The items as files of a world that has nothing else.
    fn run(&self, items: &Items) -> Result<ManuallyDrop<Run>, Failure> {
        let configuration = Configuration::default();
        let mut world = Memory::new();
        let mut paths = Vec::new();
        for item in &items.all {
            world = world.with(&item.name, &item.text);
            paths.push(item.name.clone().into());
        }
        let mut rules = self.selection.rules(&configuration, &self.target)?;
        rules.nested = None;
        let settings = pipeline::Settings {
            request: Request { paths, objects_only: true, ..Request::default() },
            validate: if self.validates { Some(self.target.server(&configuration)?) } else { None },
            lint: self.lints.then_some(rules),
            ..pipeline::Settings::default()
        };
        if items.all.is_empty() {
            return Err(Failure::usage("the ResourceList has no items"));
        }
        run_in(&world, &settings, &self.selection)
    }
}

/// The items of a list, each as a file.
struct Items {
    all: Vec<Item>,
}

struct Item {
    /// What its file is called.
    name: String,
    text: String,
    /// What orchestrators note: the file that it was read from, and its place in there.
    path: String,
    index: String,
}

impl Item {
    /// How the names of the files begin; the place in the list follows.
    const PREFIX: &str = "item-";
}

const PATHS: [&str; 2] = ["internal.config.kubernetes.io/path", "config.kubernetes.io/path"];
const INDEXES: [&str; 2] = ["internal.config.kubernetes.io/index", "config.kubernetes.io/index"];

impl Items {
    fn of(doc: &Arc<Doc>) -> Items {
        let root = doc.root();
        let items = root.and_then(|root| root.get("items")).into_iter().flat_map(|items| items.items());
        let all = items.enumerate().map(|(at, node)| {
            let annotations = node.at("metadata.annotations");
            let note = |keys: [&str; 2]| {
                let find = |key: &str| annotations.and_then(|map| map.get(key)).map(|v| v.text().to_owned());
                keys.into_iter().find_map(find).unwrap_or_default()
            };
            let mut tree = Tree::new(OriginId::UNKNOWN);
            let top = tree.take_in(node, &|_| OriginId::UNKNOWN);
            tree.set_root(top);
            Item {
                name: format!("{}{at}.yaml", Item::PREFIX),
                text: yaml::emit::tree(&tree).unwrap_or_default(),
                path: note(PATHS),
                index: note(INDEXES),
            }
        });
        Items { all: all.collect() }
    }

    /// The item that a finding is about.
    fn of_diagnostic(&self, diagnostic: &Diagnostic, outcome: &Outcome) -> Option<&Item> {
        let Place::Span(span) = diagnostic.primary.at else { return None };
        let name = &outcome.sources.get(span.source)?.name;
        let at: usize = name.strip_prefix(Item::PREFIX)?.strip_suffix(".yaml")?.parse().ok()?;
        self.all.get(at)
    }
}

/// Puts findings into the list, in the form that functions tell results.
fn put_results<'d>(tree: &mut Tree, found: impl Iterator<Item = (&'d Diagnostic, Option<&'d Item>)>) {
    let none = OriginId::UNKNOWN;
    let root = tree.root();
    let results = tree.seq(none);
    for (diagnostic, item) in found {
        let result = tree.map(none);
        let mut message = diagnostic.message.clone();
        if let Some(advice) = diagnostic.advice() {
            message = format!("{message}; {advice}");
        }
        text(tree, result, "message", &message);
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "info",
        };
        text(tree, result, "severity", severity);
        if let Some(subject) = &diagnostic.subject {
            let reference = tree.map(none);
            let api_version = match &*subject.group {
                "" => subject.version.to_string(),
                group => format!("{group}/{}", subject.version),
            };
            for (key, value) in [
                ("apiVersion", &*api_version),
                ("kind", &*subject.kind),
                ("name", &*subject.name),
                ("namespace", &*subject.namespace),
            ] {
                text(tree, reference, key, value);
            }
            tree.set(result, "resourceRef", reference);
            if !subject.path.is_empty() {
                let field = tree.map(none);
                text(tree, field, "path", &subject.path);
                tree.set(result, "field", field);
            }
        }
        if let Some(item) = item.filter(|item| !item.path.is_empty()) {
            let file = tree.map(none);
            text(tree, file, "path", &item.path);
            if !item.index.is_empty() {
                let index = tree.plain(item.index.as_str(), none);
                tree.set(file, "index", index);
            }
            tree.set(result, "file", file);
        }
        let tags = tree.map(none);
        text(tree, tags, "code", diagnostic.code.id);
        tree.set(result, "tags", tags);
        tree.push(results, result);
    }
    tree.forget(root, "results");
    if !tree.children(results).is_empty() {
        tree.set(root, "results", results);
    }
}

fn text(tree: &mut Tree, map: NodeId, key: &str, value: &str) {
    if !value.is_empty() {
        let value = tree.string(value, OriginId::UNKNOWN);
        tree.set(map, key, value);
    }
}

/// A build takes these away; an orchestrator needs them to find its files again.
const KEPT: &str = "fn.plimsoll/";

/// Runs the transformers of a kustomization over the items.
fn kustomized(tree: &mut Tree, config: Node<'_>) -> Result<(String, Exit), Failure> {
    let none = OriginId::UNKNOWN;
    let root = tree.root();
    let items = tree.get(root, "items").map_or(Vec::new(), |items| tree.children(items).to_vec());
    let mut resources = String::new();
    for item in items {
        let mut own = Tree::new(none);
        let top = own.graft(tree, item);
        own.set_root(top);
        rename(&mut own, |key| {
            (PATHS.contains(&key) || INDEXES.contains(&key)).then(|| format!("{KEPT}{key}"))
        });
        if !resources.is_empty() {
            resources.push_str("---\n");
        }
        resources.push_str(&print(&own)?);
    }
    let mut layer = Tree::new(none);
    let top = layer.take_in(config, &|_| none);
    layer.set_root(top);
    if let Some(metadata) = layer.get(top, "metadata")
        && let Some(annotations) = layer.get(metadata, "annotations")
    {
        let keys: Vec<String> =
            layer.entries(annotations).map(|(key, _)| layer.text(key).to_owned()).collect();
        for key in keys.iter().filter(|key| key.contains("config.kubernetes.io/")) {
            layer.forget(annotations, key);
        }
    }
    if ["resources", "bases", "components"].iter().any(|key| layer.get(top, key).is_some()) {
        return Err(Failure::usage("the Kustomization of a function has the items for its resources")
            .help("take `resources`, `bases` and `components` out"));
    }
    let list = layer.seq(none);
    let name = layer.string("items.yaml", none);
    layer.push(list, name);
    layer.set(top, "resources", list);
    let world = Memory::new().with("kustomization.yaml", print(&layer)?).with("items.yaml", &resources);
    let options = BuildOptions { reorder: Some(Reorder::None), ..BuildOptions::default() };
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    let mut cx = Cx::new(&world, &options, &mut sources, &mut origins, &mut out);
    let built = kustomize::build(".", &mut cx);
    let mut told: Vec<Diagnostic> = match &built {
        Ok(_) => out.into_vec(),
        Err(error) => vec![(*error.diagnostic).clone()],
    };
    report::settle(&mut told, &origins, &sources, std::iter::empty());
    put_results(tree, told.iter().map(|d| (d, None)));
    let Ok(built) = built else { return Ok((print(tree)?, Exit::Findings)) };
    let list = tree.seq(none);
    for resource in built {
        let mut own = resource.tree().clone();
        rename(&mut own, |key| key.strip_prefix(KEPT).map(str::to_owned));
        let item = tree.graft(&own, own.root());
        tree.push(list, item);
    }
    tree.set(root, "items", list);
    Ok((print(tree)?, Exit::Clean))
}

/// Gives annotations other names.
fn rename(tree: &mut Tree, name: impl Fn(&str) -> Option<String>) {
    let annotations = tree.get(tree.root(), "metadata").and_then(|m| tree.get(m, "annotations"));
    let Some(annotations) = annotations else { return };
    let keys: Vec<(NodeId, String)> =
        tree.entries(annotations).filter_map(|(key, _)| name(tree.text(key)).map(|new| (key, new))).collect();
    for (key, new) in keys {
        tree.set_text(key, new, OriginId::UNKNOWN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_to(config: &str) -> (String, Exit) {
        let text = format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a # kept\n    annotations:\n      config.kubernetes.io/index: \"0\"\n      config.kubernetes.io/path: a.yaml\n  dato: {{}}\n{config}"
        );
        answer(&text.into()).map_err(|failure| failure.to_text()).unwrap()
    }

    #[test]
    fn findings_are_results_and_items_stay() {
        let (text, exit) = answer_to("functionConfig:\n  kind: ConfigMap\n  data:\n    run: validate\n");
        assert_eq!(exit, Exit::Findings);
        assert!(text.contains("name: a # kept"), "{text}");
        for part in [
            "results:",
            "severity: error",
            "name: a",
            "path: dato",
            "path: a.yaml",
            "index: 0",
            "code: unknown-field",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let (_, exit) = answer_to("functionConfig:\n  kind: Validate\n  spec:\n    failOn: never\n");
        assert_eq!(exit, Exit::Clean);
    }

    #[test]
    fn values_of_secrets_do_not_reach_the_results() {
        // The finding quotes the name, which is the value too.
        let list = "kind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: Hunter_2\n  stringData:\n    key: Hunter_2\n";
        let (text, exit) = answer(&list.into()).map_err(|failure| failure.to_text()).unwrap();
        assert_eq!(exit, Exit::Findings);
        let results = text.split_once("results:").unwrap().1;
        assert!(results.contains("message: '`******`"), "{text}");
    }

    #[test]
    fn a_severity_that_is_none_is_told() {
        let config = "functionConfig:\n  kind: Check\n  spec:\n    failOn: fatal\n";
        let text = format!("kind: ResourceList\nitems: []\n{config}");
        let failure = answer(&text.into()).map(|_| ()).unwrap_err();
        assert!(failure.to_text().contains("`failOn: fatal` is no severity"));
    }

    #[test]
    fn a_kustomization_changes_items_and_leaves_the_notes_of_orchestrators() {
        let config = "functionConfig:\n  apiVersion: kustomize.config.k8s.io/v1beta1\n  kind: Kustomization\n  namePrefix: p-\n";
        let (text, exit) = answer_to(config);
        assert_eq!(exit, Exit::Clean);
        assert!(text.contains("name: p-a"), "{text}");
        assert!(text.contains("config.kubernetes.io/path: a.yaml"), "{text}");
        assert!(!text.contains(KEPT), "{text}");
    }
}
