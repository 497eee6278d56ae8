//! The builds of the suite that succeed, and what can be changed in their input: fields of resources and patches, of
//! kustomizations, and what generators read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll::kube::Bundle;
use plimsoll::render::kustomize::{BuildOptions, Cx, Reorder, add_objects, build};
use serde_json::Value as Json;
use source::{Diagnostics, Origins, Source, SourceId, SourceKind, Sources, Span};
use yaml::{Kind, Node, Options, Profile};

use super::leaves::{Leaf, Words, collect, spread};
use super::tree::Tree;
use super::world::Changed;
use super::{Run, Subject};

struct Case {
    id: String,
    path: String,
    options: BuildOptions,
}

/// One case for each build that succeeds.
pub fn cases(dir: &Path) -> Result<Vec<Box<dyn Subject>>, String> {
    let told = |e: std::io::Error| format!("{}: {e}", dir.display());
    let dir = dir.join("cases").canonicalize().map_err(told)?;
    let mut found: Vec<Box<dyn Subject>> = Vec::new();
    let entries: Result<BTreeSet<PathBuf>, _> =
        std::fs::read_dir(&dir).map_err(told)?.map(|entry| entry.map(|entry| entry.path())).collect();
    for folder in entries.map_err(told)? {
        let text = std::fs::read_to_string(folder.join("case.json")).map_err(told)?;
        let case: Json = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        if case["exit"] != 0 {
            continue;
        }
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let args: Vec<&str> =
            case["args"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let has = |flag: &str| args.iter().any(|arg| arg.starts_with(flag));
        let options = BuildOptions {
            trace: true,
            helm: has("--enable-helm"),
            load_anywhere: has("--load-restrictor=LoadRestrictionsNone"),
            reorder: has("--reorder=none").then_some(Reorder::None),
            ..BuildOptions::default()
        };
        let path = folder.join(text("path")).display().to_string();
        found.push(Box::new(Case { id: text("id"), path, options }));
    }
    Ok(found)
}

impl Subject for Case {
    fn id(&self) -> &str {
        &self.id
    }

    /// The files that objects are told apart by are their origins, so these are always asked for.
    fn render(&self, world: &Changed, _: bool) -> Option<Run> {
        let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
        let mut cx = Cx::new(world, &self.options, &mut sources, &mut origins, &mut out);
        let built = build(&self.path, &mut cx).ok()?;
        let dropped = std::mem::take(&mut cx.dropped);
        let mut bundle = Bundle { resources: Vec::new(), origins };
        add_objects(&built, "built", &mut sources, &mut bundle).ok()?;
        let mut tree = Tree::default();
        for resource in &bundle.resources {
            let root = resource.root();
            let file = bundle.origins.primary(resource.origin(root)).and_then(|at| sources.get(at.source));
            let file = file.map_or(String::new(), |source| source.name.to_string());
            tree.add_document(&file, root, &|node| resource.origin(node));
        }
        let file = |place: source::Place| {
            let source = bundle.origins.primary(place).and_then(|at| sources.get(at.source));
            source.map_or(String::new(), |source| source.name.to_string())
        };
        let gaps = dropped.into_iter().map(|(object, cond)| (file(object), vec![cond])).collect();
        Some(Run { tree, origins: bundle.origins, sources, gaps, absent: Vec::new() })
    }

    fn leaves(&self, base: &Run, count: usize) -> Vec<Leaf> {
        let inputs = Inputs::of(&base.sources);
        let mut all = Vec::new();
        for (id, source) in files(&base.sources) {
            let Ok(file) = Path::new(&*source.name).canonicalize() else { continue };
            let text = source.text();
            let whole = Span::new(id, 0, text.len() as u32);
            if inputs.lines.contains(&file) {
                let is_whole = inputs.whole.contains(&file);
                lines(&file, id, text, &mut all);
                // Each line is a part of what the other generator reads as a whole.
                for leaf in all.iter_mut().filter(|leaf| is_whole && leaf.span.source == id) {
                    leaf.within = Some(whole);
                }
            } else if inputs.whole.contains(&file) {
                all.push(Leaf::raw(&file, whole, text));
            } else if !inputs.tables.contains(&file) && !is_of_chart(&file) {
                of_text(text, whole, &file, is_kustomization(&file), &mut all);
            }
        }
        all.retain(|leaf| !TABLES.iter().any(|table| leaf.path.contains(table)));
        spread(all, count)
    }

    fn words(&self, base: &Run) -> Words {
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        for leaf in self.leaves(base, usize::MAX) {
            let is_name = ["name", "app", "kind", "namespace"].iter().any(|key| leaf.path.ends_with(key));
            if let Some(text) = leaf.text().filter(|_| is_name) {
                *words.entry(text.to_owned()).or_default() += 1;
            }
        }
        let mut all: Vec<_> = words.into_iter().collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        Words::spread(all.into_iter().map(|(word, _)| word).collect())
    }
}

fn files(sources: &Sources) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
    let mut names = BTreeSet::new();
    sources.iter().filter(move |(_, s)| s.kind == SourceKind::File && names.insert(s.name.clone()))
}

fn is_kustomization(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    matches!(name, Some("kustomization.yaml" | "kustomization.yml" | "Kustomization"))
}

/// What charts render is the other proof's matter.
fn is_of_chart(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "charts")
}

/// What says which fields transformers change, and how charts are rendered: `docs/provenance.md` says that these are not
/// followed.
const TABLES: [&str; 4] = ["fieldSpecs", "configurations", "helmCharts", "helmGlobals"];

/// The files that generators read as text.
#[derive(Default)]
struct Inputs {
    whole: BTreeSet<PathBuf>,
    lines: BTreeSet<PathBuf>,
    /// Tables of fields and schemas.
    tables: BTreeSet<PathBuf>,
}

impl Inputs {
    fn of(sources: &Sources) -> Inputs {
        let mut inputs = Inputs::default();
        for (id, source) in files(sources) {
            let file = Path::new(&*source.name);
            let Some(folder) = file.parent().filter(|_| is_kustomization(file)) else { continue };
            let options = Options::new(Profile::HelmValues);
            let Some(doc) = yaml::read_first(id, source.text(), &options, &mut Diagnostics::new()) else {
                continue;
            };
            let mut open: Vec<Node<'_>> = doc.root().into_iter().collect();
            while let Some(node) = open.pop() {
                open.extend(node.items());
                for (key, value) in node.entries() {
                    open.push(value);
                    let key = key.text().to_lowercase();
                    let into = match &*key {
                        "files" => &mut inputs.whole,
                        "configurations" | "crds" | "openapi" | "valuesfile" => &mut inputs.tables,
                        "env" | "envs" => &mut inputs.lines,
                        _ => continue,
                    };
                    let inner = value.items().chain(value.entries().map(|(_, value)| value));
                    for item in std::iter::once(value).chain(inner).filter(|n| n.kind() == Kind::Scalar) {
                        let path = item.text().split_once('=').map_or(item.text(), |(_, path)| path);
                        into.extend(folder.join(path).canonicalize().ok());
                    }
                }
            }
        }
        inputs
    }
}

/// Each line that says something.
fn lines(file: &Path, source: SourceId, text: &str, into: &mut Vec<Leaf>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let said = bare.trim_start_matches('\u{FEFF}').trim_start();
        let end = start + bare.len();
        if !said.is_empty() && !said.starts_with('#') {
            let span = Span::new(source, (end - said.len()) as u32, end as u32);
            into.push(Leaf::raw(file, span, said));
        }
        start += line.len();
    }
}

/// The leaves of all documents of a text; those of a text inside of a scalar stand for the scalar.
fn of_text(text: &Arc<str>, at: Span, file: &Path, is_kustomization: bool, into: &mut Vec<Leaf>) {
    let profile = if is_kustomization { Profile::HelmValues } else { Profile::Kustomize };
    let mut found = Diagnostics::new();
    for doc in yaml::read(at.source, text, &Options::new(profile), &mut found) {
        let Some(root) = doc.root().filter(|_| !doc.is_broken()) else { continue };
        let mut own = Vec::new();
        collect(root, at, file, &mut own);
        for leaf in own {
            let inner = if is_kustomization || is_plugin(root) { inner(&leaf, text, at) } else { None };
            match inner {
                Some((inner, span)) => of_text(&inner, span, file, false, into),
                None => into.push(leaf),
            }
        }
    }
}

/// Whether it configures a step of the build, whose fields are those of a kustomization.
fn is_plugin(root: Node<'_>) -> bool {
    root.at("apiVersion").is_some_and(|version| version.text() == "builtin")
}

/// The text of a patch, or of what else stands in a scalar, with its place.
fn inner(leaf: &Leaf, text: &str, at: Span) -> Option<(Arc<str>, Span)> {
    let raw = text.get((leaf.span.start - at.start) as usize..(leaf.span.end - at.start) as usize)?;
    let skipped = match raw.as_bytes().first()? {
        b'|' => raw.find('\n')? + 1,
        b'\'' if raw[1..].starts_with(['[', '{']) => 1,
        _ => return None,
    };
    let body: Arc<str> = raw[skipped..].trim_end_matches('\'').into();
    let is_made_of_more = |root: Node<'_>| root.kind() != Kind::Scalar;
    let doc = yaml::read_first(at.source, &body, &Options::new(Profile::Kustomize), &mut Diagnostics::new())?;
    doc.root().filter(|root| is_made_of_more(*root) && !doc.is_broken())?;
    let start = leaf.span.start + skipped as u32;
    Some((body.clone(), Span::new(at.source, start, start + body.len() as u32)))
}
