//! `plimsoll why`: where a field of an object comes from.

use std::fmt::Write;
use std::path::PathBuf;

use source::{Chain, Origins, Source, Span};
use yaml::{Kind, Node};

use super::common::{self, Run, Selection};
use super::{Exit, Failure, output};
use crate::kube::Resource;
use crate::kube::path::{find, path_of};
use crate::load::Request;
use crate::pipeline::{Outcome, Settings};
use crate::report::shown_value;

/// Show where a field comes from
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// What to look in (the working directory without), then the place: FILE:LINE[:COLUMN] or KIND/NAME[.FIELD]
    #[arg(value_name = "[INPUT] PLACE", num_args = 1..=2, required = true)]
    words: Vec<String>,
}

/// What was asked for.
enum Question {
    Place {
        file: String,
        line: u32,
        column: Option<u32>,
    },
    /// The object's name with the path behind it: names hold dots too, so only the objects tell where it ends.
    Field {
        kind: String,
        rest: String,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let (input, place) = match arguments.words.as_slice() {
        [place] => (None, place),
        [input, place] => (Some(input), place),
        _ => {
            return Err(Failure::usage(
                "give one place, such as `deploy/web.yaml:14` or `Deployment/web.spec`",
            ));
        }
    };
    let question = Question::parse(place)?;
    let path = match (&question, input) {
        (Question::Place { file, .. }, None) => file.clone(),
        (_, Some(input)) => input.clone(),
        (Question::Field { .. }, None) => ".".to_owned(),
    };
    let request = Request { paths: vec![PathBuf::from(&path)], ..Request::default() };
    let run = common::run(&Settings { request, ..Settings::default() }, &Selection::default())?;
    let outcome = &run.outcome;
    if outcome.is_unjudged() {
        return Err(Failure::unjudged(outcome.diagnostics.first().map_or("", |d| &d.message)));
    }
    output::result(&question.answer(&run, &path)?)?;
    Ok(Exit::Clean)
}

impl Question {
    fn parse(text: &str) -> Result<Question, Failure> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|n| *n > 0);
        if let Some((rest, last)) = text.rsplit_once(':')
            && let Some(last) = number(last)
        {
            if let Some((file, line)) = rest.rsplit_once(':')
                && let Some(line) = number(line)
            {
                return Ok(Question::Place { file: file.to_owned(), line, column: Some(last) });
            }
            return Ok(Question::Place { file: rest.to_owned(), line: last, column: None });
        }
        let wrong = || {
            Failure::usage(format!("`{text}` is no place"))
                .help("give FILE:LINE[:COLUMN], or KIND/NAME[.FIELD] such as `Deployment/web.spec.replicas`")
        };
        let (kind, rest) = text.split_once('/').ok_or_else(wrong)?;
        if kind.is_empty() || rest.is_empty() {
            return Err(wrong());
        }
        Ok(Question::Field { kind: kind.to_owned(), rest: rest.to_owned() })
    }

    fn answer(&self, run: &Run, input: &str) -> Result<String, Failure> {
        let outcome = &run.outcome;
        match self {
            Question::Place { file, line, column } => {
                let (resource, node) = at_place(outcome, file, *line, *column)?;
                Ok(told(run, resource, node))
            }
            Question::Field { kind, rest } => {
                let (resource, path) =
                    named(outcome, kind, rest).ok_or_else(|| no_object(outcome, kind, rest, input))?;
                let root = resource.root();
                let node = if path.is_empty() { Some(root) } else { find(root, path) };
                let node = node.ok_or_else(|| no_field(resource, path))?;
                Ok(told(run, resource, node))
            }
        }
    }
}

fn is_kind(resource: &Resource, kind: &str) -> bool {
    resource.id.gvk.kind.eq_ignore_ascii_case(kind)
}

/// The object whose name is the longest that the text begins with, and the path behind it.
fn named<'a>(outcome: &'a Outcome, kind: &str, text: &'a str) -> Option<(&'a Resource, &'a str)> {
    let matches = outcome.bundle.resources.iter().filter(|r| is_kind(r, kind)).filter_map(|r| {
        let rest = text.strip_prefix(&*r.id.name)?;
        match rest.strip_prefix('.') {
            Some(path) => Some((r, path)),
            None if rest.is_empty() || rest.starts_with('[') => Some((r, rest)),
            None => None,
        }
    });
    // Of equal names the first.
    matches.reduce(|best, next| if next.0.id.name.len() > best.0.id.name.len() { next } else { best })
}

fn no_object(outcome: &Outcome, kind: &str, name: &str, input: &str) -> Failure {
    let all: Vec<String> = outcome.bundle.resources.iter().map(|r| r.id.to_string()).collect();
    let wanted = format!("{kind}/{}", name.split('.').next().unwrap_or(name));
    let failure = Failure::usage(format!("there is no `{wanted}` in `{input}`"));
    match source::closest(&wanted, all.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure,
    }
}

fn no_field(resource: &Resource, path: &str) -> Failure {
    Failure::usage(format!("{} has no field `{path}`", resource.id))
        .help("fields are written like `spec.template.spec.containers[0].image` or `containers[web]`")
}

/// The object and the node at a place of a file.
fn at_place<'a>(
    outcome: &'a Outcome,
    file: &str,
    line: u32,
    column: Option<u32>,
) -> Result<(&'a Resource, Node<'a>), Failure> {
    let plain = |name: &str| name.strip_prefix("./").unwrap_or(name).to_owned();
    let wanted = plain(file);
    let (id, source) = outcome
        .sources
        .iter()
        .find(|(_, s)| plain(&s.name) == wanted)
        .ok_or_else(|| Failure::usage(format!("`{file}` is not among what was read")))?;
    let lines = source.lines();
    let start = lines
        .line_start(source.text(), line)
        .filter(|start| (*start as usize) < source.text().len() || line == 1)
        .ok_or_else(|| Failure::usage(format!("`{file}` has no line {line}")))?;
    let text = lines.line_text(source.text(), line);
    // Without a column the line's value is meant: what stands last on it.
    let offset = match column {
        Some(column) => text.char_indices().nth(column as usize - 1).map_or(text.len(), |(at, _)| at),
        None => text.len() - text.trim_start_matches([' ', '-']).len(),
    };
    let offset = start + offset as u32;
    for resource in outcome.bundle.resources.iter().filter(|r| r.source() == id) {
        let (first, last) = resource.doc().span();
        if offset < first || offset >= last {
            continue;
        }
        let Some(found) = resource.doc().node_at(offset) else { continue };
        if found < resource.node_id() || found >= resource.end_id() {
            continue;
        }
        let Some(node) = resource.doc().node(found) else { continue };
        return Ok((resource, value_of_key(resource.root(), node)));
    }
    Err(Failure::usage(format!("no field of an object stands at {file}:{line}")))
}

/// The value beside a key, for a place that is on the key.
fn value_of_key<'a>(root: Node<'a>, node: Node<'a>) -> Node<'a> {
    let mut waiting = vec![root];
    while let Some(at) = waiting.pop() {
        for (key, value) in at.entries() {
            if key.id() == node.id() {
                return value;
            }
            if value.kind() != Kind::Scalar {
                waiting.push(value);
            }
        }
        waiting.extend(at.items().filter(|i| i.kind() != Kind::Scalar));
    }
    node
}

/// The value, the path, and the chain behind it.
fn told(run: &Run, resource: &Resource, node: Node<'_>) -> String {
    let outcome = &run.outcome;
    let mut text = String::new();
    let origin = resource.origin(node);
    let place = outcome.bundle.origins.primary(origin);
    let shown = match place.and_then(|span| Some((span, outcome.sources.get(span.source)?))) {
        Some((span, source)) => {
            let scalar = (node.kind() == Kind::Scalar).then(|| node.text());
            let mut masks = run.masks.clone();
            masks.read(span.source, source.text());
            shown_value(source, span, scalar, &masks)
        }
        None => node.text().to_owned(),
    };
    let path = path_of(resource.root(), node);
    let field = if path.is_empty() { resource.id.to_string() } else { format!("{} {path}", resource.id) };
    let _ = writeln!(text, "{shown}");
    let _ = writeln!(text, "  field        {field}");
    let mut steps = vec![(origin, "written by")];
    // A chain is as long as there are layers; cut it all the same.
    for _ in 0..100 {
        let Some((id, word)) = steps.pop() else { break };
        step(outcome, &outcome.bundle.origins, id, word, &mut steps, &mut text);
    }
    text
}

fn step(
    outcome: &Outcome,
    origins: &Origins,
    id: source::OriginId,
    word: &'static str,
    steps: &mut Vec<(source::OriginId, &'static str)>,
    text: &mut String,
) {
    let mut line = |word: &str, span: Span| {
        let place =
            outcome.sources.get(span.source).map_or_else(|| "unknown".to_owned(), |s| place_of(s, span));
        let _ = writeln!(text, "  {word:12} {place}");
    };
    match origins.chain(id) {
        Chain::Unknown => {
            let _ = writeln!(text, "  {word:12} unknown");
        }
        Chain::Read(span) => line(word, span),
        Chain::Rendered { action, data, .. } => {
            line("written by", action);
            steps.push((data, "from"));
        }
        Chain::Patched { by, was } => {
            line("patched by", by);
            steps.push((was, "was"));
        }
        Chain::Generated { by, data } => {
            line("made by", by);
            steps.push((data, "from"));
        }
        Chain::Union(a, b) => steps.extend([(b, word), (a, word)]),
    }
}

fn place_of(source: &Source, span: Span) -> String {
    let at = source.line_column(span.start);
    format!("{}:{}:{}", source.name, at.line, at.column)
}
