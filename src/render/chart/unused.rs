//! What of a chart has no effect in all renderings of a run: values, templates, definitions.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use gotmpl::parse::Names;
use gotmpl::{Profile, Templates};
use source::{Diagnostic, Label, SourceId, Span};
use yaml::{Doc, Kind, Node};

use super::codes::{DEFINE_UNUSED, TEMPLATE_UNUSED, VALUE_UNKNOWN, VALUE_UNREAD};
use super::load::{Chart, LoadCx};
use super::metadata::ImportValues;
use super::read::read_values;
use super::reads::{Path, Reads};
use super::render::Rendering;
use super::values::read_file;

/// What the renderings of one chart had an effect with.
#[derive(Default)]
pub struct Unused {
    reads: Reads,
    written: HashSet<SourceId>,
    values: Vec<PathBuf>,
    /// Whether one had no values file.
    has_plain: bool,
    /// Whether one failed: what it would have read nobody knows.
    is_broken: bool,
}

impl Unused {
    /// Takes in a rendering with that values file; `None` for one that failed.
    pub fn add(&mut self, values: Option<&PathBuf>, rendering: Option<&mut Rendering>) {
        self.has_plain |= values.is_none();
        self.values.extend(values.cloned());
        let Some(rendering) = rendering else {
            self.is_broken = true;
            return;
        };
        self.reads.extend(std::mem::take(&mut rendering.reads));
        self.written.extend(rendering.files.iter().filter(|file| !file.is_blank).map(|file| file.source));
    }

    /// Tells what had no effect in any of them.
    pub fn tell(self, chart: &Chart, cx: &mut LoadCx<'_>) {
        if self.is_broken || chart.is_library() || (self.values.is_empty() && !self.has_plain) {
            return;
        }
        let Some(said) = Said::of(chart, cx) else { return };
        let mut layers = Vec::new();
        for path in &self.values {
            let Ok(source) = read_file(&path.display().to_string(), cx) else { return };
            let Ok(docs) = read_values(source, cx) else { return };
            layers.push(docs);
        }
        let mut names = said.names;
        for doc in chart.values.iter().chain(layers.iter().flatten()) {
            add_embedded(doc.text(), &mut names);
        }
        let judge = Judge { chart, reads: &self.reads, names: &names };
        let own: BTreeSet<Path> = chart.values.iter().flat_map(|doc| paths(doc)).collect();
        for doc in &chart.values {
            judge.values(doc, |path, at| {
                let message = format!("no template reads `{}`", path.join("."));
                cx.out.push(Diagnostic::new(&VALUE_UNREAD, at, message));
            });
        }
        for doc in layers.iter().flatten() {
            judge.values(doc, |path, at| {
                if own.contains(&path) {
                    return;
                }
                let message =
                    format!("no template reads `{}`, and the chart has no such value", path.join("."));
                let mut diagnostic = Diagnostic::new(&VALUE_UNKNOWN, at, message);
                if let Some(near) = judge.nearest(&path) {
                    diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                }
                cx.out.push(diagnostic);
            });
        }
        let (mut bare, mut off) = (Vec::new(), Vec::new());
        for file in said.files.iter().filter(|file| !self.written.contains(&file.source)) {
            match file.is_bare {
                true => bare.push(file),
                // Which versions and kinds a cluster has no values file tells.
                false if !self.has_plain && !file.asks_cluster => off.push(file),
                false => {}
            }
        }
        for SaidFile { source, name, .. } in bare {
            let message = format!("{name} never renders anything");
            let help = "begin its name with `_` if it only defines";
            cx.out.push(Diagnostic::new(&TEMPLATE_UNUSED, Span::top(*source), message).help(help));
        }
        cx.out.extend(switched_off(&off));
        // A chart of definitions alone lends them to others, whatever its type says.
        let lends = chart.templates.iter().all(|file| is_helper(&file.name));
        if names.calls_computed || lends {
            return;
        }
        let is_said = |name: &str| {
            names.strings.contains(name.as_bytes())
                || said.texts.iter().any(|text| text.contains(name))
                || chart.values.iter().chain(layers.iter().flatten()).any(|doc| doc.text().contains(name))
        };
        for (name, at) in said.defines.iter().filter(|(name, _)| !is_said(name)) {
            let message = format!("nothing includes `{name}`");
            cx.out.push(Diagnostic::new(&DEFINE_UNUSED, *at, message));
        }
    }
}

struct Judge<'a> {
    chart: &'a Chart,
    reads: &'a Reads,
    names: &'a Names,
}

impl Judge<'_> {
    /// The topmost values of a document that have no effect.
    fn values(&self, doc: &Doc, mut found: impl FnMut(Path, Span)) {
        let Some(root) = doc.root() else { return };
        // What an anchor stands at may be there only for its aliases.
        if doc.text().contains(": &") || doc.text().contains("- &") {
            return;
        }
        let mut open: Vec<(Path, Node<'_>)> = vec![(Path::new(), root)];
        while let Some((path, map)) = open.pop() {
            let parent = path.last().map_or("Values", String::as_str);
            let is_whole = self.names.ends.contains(parent.as_bytes());
            for (key, value) in map.entries() {
                let mut below = path.clone();
                below.push(key.text().to_owned());
                if self.is_spared(&below) || !self.reads.all.contains(&below) {
                    continue;
                }
                let is_read =
                    self.reads.read.contains(&below) || self.names.said.contains(key.text().as_bytes());
                match (is_read, key.span()) {
                    (true, _) if value.kind() == Kind::Map && !value.is_alias() => open.push((below, value)),
                    (false, Some((start, end))) if !is_whole => {
                        found(below, Span::new(doc.source(), start, end));
                    }
                    _ => {}
                }
            }
        }
    }

    /// What others than the templates read.
    fn is_spared(&self, path: &Path) -> bool {
        let Some(first) = path.first() else { return true };
        if matches!(first.as_str(), "global" | "tags" | "exports") {
            return true;
        }
        if self.chart.dependencies.iter().any(|sub| sub.metadata.name == *first) {
            return true;
        }
        let shown = path.join(".");
        let meets = |other: &str| {
            other == shown
                || other.strip_prefix(&shown).is_some_and(|rest| rest.starts_with('.'))
                || shown.strip_prefix(other).is_some_and(|rest| rest.starts_with('.'))
        };
        self.chart.metadata.dependencies.iter().flatten().any(|dependency| {
            dependency.name == *first
                || dependency.alias == *first
                || dependency.condition.split(',').any(|condition| meets(condition.trim()))
                || dependency.import_values.iter().any(|import| match import {
                    ImportValues::Table { parent, .. } | ImportValues::Imported { parent, .. } => {
                        parent == "." || meets(parent)
                    }
                    ImportValues::Export(_) | ImportValues::Other => true,
                })
        })
    }

    /// The path that templates read beside this one and that is most like it.
    fn nearest(&self, path: &Path) -> Option<String> {
        let (last, above) = path.split_last()?;
        let beside =
            self.reads.read.iter().filter(|read| read.len() == path.len() && read.starts_with(above));
        let near = source::closest(last, beside.filter_map(|read| read.last()).map(String::as_str))?;
        Some(above.iter().map(String::as_str).chain([near]).collect::<Vec<_>>().join("."))
    }
}

fn paths(doc: &Doc) -> Vec<Path> {
    let mut all = Vec::new();
    let mut open: Vec<(Path, Node<'_>)> = doc.root().map(|root| (Path::new(), root)).into_iter().collect();
    while let Some((path, map)) = open.pop() {
        for (key, value) in map.entries() {
            let below: Path = path.iter().cloned().chain([key.text().to_owned()]).collect();
            if value.kind() == Kind::Map && !value.is_alias() {
                open.push((below.clone(), value));
            }
            all.push(below);
        }
    }
    all
}

/// Tells which templates no test values switch on: some one by one, many in one finding.
fn switched_off(files: &[&SaidFile]) -> Vec<Diagnostic> {
    /// More than these are a habit of the chart and no oversight.
    const SINGLE: usize = 3;
    const WHAT: &str = "with any of the chart's test values";
    let note = |file: &SaidFile, message: String| {
        let help = "add a file to `ci/` that switches it on";
        Diagnostic::new(&TEMPLATE_UNUSED, Span::top(file.source), message).help(help)
    };
    match files {
        [first, others @ ..] if files.len() > SINGLE => {
            let message = format!("{} and {} more templates render nothing {WHAT}", first.name, others.len());
            let labels = others.iter().map(|file| Label::new(Span::top(file.source), "nor does this"));
            let mut diagnostic = note(first, message);
            diagnostic.related.extend(labels);
            vec![diagnostic]
        }
        _ => files.iter().map(|file| note(file, format!("{} renders nothing {WHAT}", file.name))).collect(),
    }
}

/// A template that is no helper.
struct SaidFile {
    source: SourceId,
    name: String,
    /// Whether nothing in it can render.
    is_bare: bool,
    /// Whether it asks what the cluster can do.
    asks_cluster: bool,
}

/// What the templates of a chart say, whether or not it is ever reached.
#[derive(Default)]
struct Said {
    names: Names,
    /// The chart's own templates.
    files: Vec<SaidFile>,
    /// What the chart itself defines.
    defines: Vec<(String, Span)>,
    /// Texts that may be used as templates.
    texts: Vec<String>,
}

impl Said {
    /// `None` where a template cannot be parsed.
    fn of(chart: &Chart, cx: &LoadCx<'_>) -> Option<Said> {
        let mut said = Said::default();
        let mut open = vec![chart];
        while let Some(at) = open.pop() {
            for file in &at.templates {
                let mut parser = Templates::new(Profile::Helm4);
                let ast = parser.add(&*file.name, &file.data, Some(file.source)).ok()?;
                ast.add_names(&mut said.names);
                said.names.strings.extend(ast.calls().into_iter().map(|(name, _)| name.into()));
                if !std::ptr::eq(at, chart) {
                    continue;
                }
                let text = cx.sources.get(file.source).map(|source| source.text().clone())?;
                let mut is_bare = true;
                for define in &ast.defines {
                    let name = String::from_utf8_lossy(&define.name).into_owned();
                    if name == *file.name {
                        is_bare = define.blank;
                    } else if let Some(at) = place(&text, &name).filter(|_| !define.blank) {
                        let end = at + name.len() as u32 + 2;
                        said.defines.push((name, Span::new(file.source, at, end)));
                    }
                }
                if !is_helper(&file.name) {
                    said.files.push(SaidFile {
                        source: file.source,
                        name: file.name.to_string(),
                        is_bare,
                        asks_cluster: text.contains(".Capabilities") || text.contains("lookup "),
                    });
                }
            }
            for file in &at.files {
                let text = String::from_utf8_lossy(&file.data);
                if text.contains("{{") {
                    add_embedded(&text, &mut said.names);
                    said.texts.push(text.into_owned());
                }
            }
            open.extend(&at.dependencies);
        }
        Some(said)
    }
}

/// Whether a template is there for its definitions.
fn is_helper(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or_default();
    base.starts_with('_') || base.ends_with(".tpl") || base.ends_with(".txt")
}

/// Where a definition's name stands, quotes included.
fn place(text: &str, name: &str) -> Option<u32> {
    let quoted = format!("\"{name}\"");
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(&quoted) {
        let at = from + at;
        if text[..at].trim_end().ends_with("define") {
            return u32::try_from(at).ok();
        }
        from = at + quoted.len();
    }
    None
}

/// The words of actions in a text that `tpl` may be given.
fn add_embedded(text: &str, names: &mut Names) {
    for action in text.split("{{").skip(1) {
        names.add_words(action.split("}}").next().unwrap_or_default().as_bytes());
        names.calls_computed |= action.contains("include (");
    }
}
