//! The history of one field, for people and for programs.

use std::fmt::Write;

use serde::Serialize;
use source::{Source, Span};
use yaml::{Kind, Node, Options, Profile};

use crate::cli::common::Run;
use crate::kube::Resource;
use crate::kube::path::path_of;
use crate::report::{Condition, Fed, Masks, Story, action_text, harmless, shown_value};

/// One place of a text, with what stands there.
#[derive(Serialize, Clone, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spot {
    pub file: String,
    pub line: u32,
    pub column: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Spot {
    fn is_on_line_of(&self, other: &Spot) -> bool {
        self.file == other.file && self.line == other.line
    }
}

/// A value with the layers that it won over.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Layer {
    #[serde(flatten)]
    pub spot: Spot,
    /// Its keys.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Layer>,
}

#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
struct Writing {
    #[serde(flatten)]
    spot: Spot,
    /// The calls that led there, the innermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    called_from: Vec<Spot>,
}

#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Decision {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Spot>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Layer>,
}

/// The answer.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    version: u32,
    object: String,
    path: String,
    value: String,
    /// The part of the value that is told of, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    written_by: Vec<Writing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<Layer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    only_if: Vec<Decision>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    patched_by: Vec<Spot>,
    /// Whether something that is not known took part.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unknown: bool,
}

/// Shows places of the texts of a run, without what must not be shown.
pub(super) struct Shower<'a> {
    run: &'a Run,
    masks: Masks,
}

impl<'a> Shower<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        let mut masks = run.masks.clone();
        for (id, source) in run.outcome.sources.iter() {
            masks.read(id, source.text());
        }
        Shower { run, masks }
    }

    fn source(&self, span: Span) -> Option<&'a Source> {
        self.run.outcome.sources.get(span.source).map(|source| &**source)
    }

    fn spot(&self, span: Span, text: String) -> Spot {
        match self.source(span) {
            Some(source) => {
                let at = source.line_column(span.start);
                Spot { file: source.name.to_string(), line: at.line, column: at.column, text }
            }
            None => Spot { file: "unknown".to_owned(), line: 0, column: 0, text },
        }
    }

    /// A place of a template, with its action.
    pub(super) fn action(&self, span: Span) -> Spot {
        let (at, text) = action_text(&self.run.outcome.sources, span);
        let text = match self.source(at) {
            Some(source) => {
                let stays = shown_value(source, at, Some(&text), &self.masks);
                cut(&stays, 100)
            }
            None => text,
        };
        self.spot(at, text)
    }

    /// Two places of one line as one: where the first is, with all that stands there.
    fn line(&self, a: Spot, b: &Spot, at: Span) -> Spot {
        let Some(source) = self.source(at) else { return a };
        let text = source.lines().line_text(source.text(), b.line).trim();
        let start = source.lines().line_start(source.text(), b.line).unwrap_or(at.start);
        let line = Span::new(at.source, start, start + text.len() as u32);
        let text = cut(&shown_value(source, line, Some(text), &self.masks), 100);
        Spot { column: a.column.min(b.column), text, ..a }
    }

    /// A place of a values file or an argument, with its keys and its value.
    pub(super) fn layer(&self, fed: &Fed) -> Layer {
        let lost = fed.lost.iter().map(|at| self.layer(&Fed { at: *at, lost: Vec::new() })).collect();
        let Some(source) = self.source(fed.at) else {
            return Layer { spot: self.spot(fed.at, String::new()), path: String::new(), lost };
        };
        let (start, end) = (fed.at.start as usize, fed.at.end as usize);
        let written = source.text().get(start..end).unwrap_or("");
        let is_file = start == 0 && end == source.text().len();
        let first = written.lines().next().unwrap_or("");
        let text = match is_file || written.is_empty() {
            true => String::new(),
            false => shown_value(source, fed.at, Some(first), &self.masks),
        };
        let mut text = cut(&text, 60);
        if written.lines().nth(1).is_some() && !is_file && !text.contains('*') {
            text.push_str(" ...");
        }
        let path = if is_file { String::new() } else { value_path(source, fed.at) };
        Layer { spot: self.spot(fed.at, text), path, lost }
    }

    pub(super) fn decision(&self, condition: &Condition) -> Decision {
        Decision {
            at: condition.at.map(|at| self.action(at)),
            values: condition.values.iter().map(|fed| self.layer(fed)).collect(),
        }
    }
}

/// In place of what must not be shown.
const STARS: &str = "******";

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

/// The keys that lead to a place of a file of values; those of an argument stand in it.
fn value_path(source: &Source, at: Span) -> String {
    if source.kind == source::SourceKind::Argument {
        let text = source.text();
        return text.split('=').next().unwrap_or("").to_owned();
    }
    let mut found = source::Diagnostics::new();
    let options = Options::new(Profile::HelmValues);
    for doc in yaml::read(at.source, source.text(), &options, &mut found) {
        let Some(root) = doc.root() else { continue };
        let Some(id) = doc.node_at(at.start) else { continue };
        if let Some(node) = doc.node(id) {
            return path_of(root, node);
        }
    }
    String::new()
}

impl Answer {
    /// The history of a node; `at` is a byte of it for that of the part that holds it.
    pub(super) fn of(run: &Run, resource: &Resource, node: Node<'_>, at: Option<u32>) -> Answer {
        let (outcome, shower) = (&run.outcome, Shower::new(run));
        let (origins, whole) = (&outcome.bundle.origins, resource.origin(node));
        let (start, end) = node.span().unwrap_or_default();
        let pieces = origins.pieces(whole, start, end);
        let piece =
            at.map(|at| start + at).and_then(|at| pieces.iter().find(|p| p.start <= at && at < p.end));
        let path = path_of(resource.root(), node);
        let mut story = Story::of(origins, &outcome.sources, whole);
        // Another part of it may be secret, and then no part is shown.
        let value = shown(&shower, resource, node, &path, &story);
        let mut part = None;
        if let Some(piece) = piece {
            story = Story::of(origins, &outcome.sources, piece.origin);
            let text = resource.doc().text().get(piece.start as usize..piece.end as usize);
            part = text.map(|text| if value == STARS { STARS.to_owned() } else { cut(&harmless(text), 400) });
        }
        // In the order of the text, which is the one that people see.
        let parts = pieces.iter().map(|p| Story::without_conditions(origins, &outcome.sources, p.origin));
        let order: Vec<Span> = parts.flat_map(|part| part.values).map(|fed| fed.at).collect();
        story.values.sort_by_key(|fed| order.iter().position(|at| *at == fed.at));
        let mut writings: Vec<Writing> = Vec::new();
        for written in &story.written {
            let spot = shower.action(written.at);
            let called_from: Vec<Spot> = written.calls.iter().map(|call| shower.action(*call)).collect();
            // What stands on one line is told once, from the first place on.
            let same = |known: &&mut Writing| {
                known.spot.is_on_line_of(&spot)
                    && known.called_from.len() == called_from.len()
                    && known.called_from.iter().zip(&called_from).all(|(a, b)| a.is_on_line_of(b))
            };
            match writings.iter_mut().find(same) {
                Some(known) => known.spot = shower.line(known.spot.clone(), &spot, written.at),
                None => writings.push(Writing { spot, called_from }),
            }
        }
        Answer {
            version: 1,
            object: resource.id.to_string(),
            value,
            part,
            path,
            written_by: writings,
            from: story.values.iter().map(|fed| shower.layer(fed)).collect(),
            only_if: story.conditions.iter().map(|c| shower.decision(c)).collect(),
            patched_by: story.patches.iter().map(|at| shower.action(*at)).collect(),
            unknown: story.has_unknown,
        }
    }

    /// As JSON, with a line break at the end.
    pub(super) fn to_json(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// For people.
    pub(super) fn to_text(&self) -> String {
        let mut rows = Rows::default();
        let field =
            if self.path.is_empty() { self.object.clone() } else { format!("{} {}", self.object, self.path) };
        rows.add("field", &field, "", "");
        if let Some(part) = &self.part {
            rows.add("part", part, "", "");
        }
        for (n, writing) in self.written_by.iter().enumerate() {
            let word = if n == 0 { "written by" } else { "and by" };
            let mut calls = writing.called_from.iter().rev();
            match calls.next() {
                None => rows.spot(word, &writing.spot, ""),
                Some(outermost) => {
                    rows.spot(word, outermost, "");
                    calls.for_each(|call| rows.spot("  in", call, ""));
                    rows.spot("  in", &writing.spot, "");
                }
            }
        }
        let is_read = self.written_by.is_empty() && self.patched_by.is_empty();
        let mut word = if is_read { "written by" } else { "from" };
        for layer in &self.from {
            if is_read {
                // It stands there as it is.
                rows.spot(word, &Spot { text: String::new(), ..layer.spot.clone() }, "");
                word = "";
                continue;
            }
            rows.layer(word, layer, if layer.lost.is_empty() { "" } else { "<- won" });
            layer.lost.iter().for_each(|lost| rows.layer("", lost, "lost"));
            word = "";
        }
        for decision in &self.only_if {
            rows.decision("only if", decision);
        }
        for patch in &self.patched_by {
            rows.spot("patched by", patch, "");
        }
        if self.unknown {
            rows.add("unknown", "a part of it comes from where nothing is known", "", "");
        }
        format!("{}\n{}", self.value, rows.print())
    }
}

/// The value itself, unless it is a secret.
fn shown(shower: &Shower<'_>, resource: &Resource, node: Node<'_>, path: &str, story: &Story) -> String {
    let is_secret =
        &*resource.id.gvk.kind == "Secret" && (path.starts_with("data") || path.starts_with("stringData"));
    let name = path.rsplit(['.', '[']).next().unwrap_or("").trim_end_matches(']');
    let is_telling =
        node.kind() == Kind::Scalar && source::is_secret_name(name) && !node.text().starts_with("$(");
    let hides = |span: &Span| {
        shower
            .source(*span)
            .is_some_and(|source| shown_value(source, *span, Some(""), &shower.masks) == STARS)
    };
    if is_secret && node.kind() == Kind::Scalar || is_telling || story.values.iter().any(|fed| hides(&fed.at))
    {
        return STARS.to_owned();
    }
    let (outcome, rendered) = (&shower.run.outcome, resource.doc());
    if node.kind() == Kind::Scalar {
        return cut(&harmless(node.text()), 400);
    }
    let first =
        node.span().and_then(|(start, end)| Some((outcome.sources.get(rendered.source())?, start, end)));
    match first {
        Some((source, start, end)) => {
            shown_value(source, Span::new(rendered.source(), start, end), None, &shower.masks)
        }
        None => String::new(),
    }
}

/// Lines of columns.
#[derive(Default)]
pub(super) struct Rows(Vec<[String; 4]>);

impl Rows {
    pub(super) fn add(&mut self, word: &str, place: &str, text: &str, note: &str) {
        self.0.push([word.to_owned(), place.to_owned(), text.to_owned(), note.to_owned()]);
    }

    pub(super) fn spot(&mut self, word: &str, spot: &Spot, note: &str) {
        self.add(word, &format!("{}:{}:{}", spot.file, spot.line, spot.column), &spot.text, note);
    }

    pub(super) fn layer(&mut self, word: &str, layer: &Layer, note: &str) {
        let Spot { file, line, column, text } = &layer.spot;
        let shown = match (layer.path.is_empty(), text.is_empty()) {
            (true, _) => text.clone(),
            (_, true) => layer.path.clone(),
            _ => format!("{}: {text}", layer.path),
        };
        self.add(word, &format!("{file}:{line}:{column}"), &shown, note);
    }

    pub(super) fn decision(&mut self, word: &str, decision: &Decision) {
        let mut values = decision.values.iter();
        match &decision.at {
            Some(at) => self.spot(word, at, ""),
            None => {
                if let Some(first) = values.next() {
                    self.layer(word, first, "");
                }
            }
        }
        values.for_each(|value| self.layer("  reads", value, ""));
    }

    pub(super) fn print(&self) -> String {
        let width = |column: usize| self.0.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (words, places) = (width(0).max(11), width(1).min(72));
        let mut out = String::new();
        for [word, place, text, note] in &self.0 {
            let line = format!("  {word:words$}  {place:places$}  {text}  {note}");
            let _ = writeln!(out, "{}", line.trim_end());
        }
        out
    }
}
