//! `plimsoll why`: where a field of an object comes from, and what became of a line.

mod chart;
mod field;
mod line;
mod rendered;

use std::path::{Path, PathBuf};

use source::{Source, SourceId, SourceKind};
use yaml::{Kind, Node};

use super::common::{self, Run, Selection};
use super::{Exit, Failure, output};
use crate::kube::Resource;
use crate::kube::path::find;
use crate::load::Request;
use crate::pipeline::{Outcome, Settings};

/// Show where a field comes from, and what became of a line
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// What to look in (the working directory without), then the place: FILE:LINE[:COLUMN] or KIND/NAME[.FIELD]
    #[arg(value_name = "[INPUT] PLACE", num_args = 1..=2, required = true)]
    words: Vec<String>,

    #[command(flatten)]
    chart: chart::Flags,

    /// A file with the output of `template`, `render` or `helm template`, whose lines may be asked for
    #[arg(long, value_name = "FILE")]
    rendered: Option<String>,

    /// How the answer is given: human or json
    #[arg(long, short, value_name = "FORMAT", default_value = "human")]
    output: Form,
}

/// How the answer is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Form {
    /// For people.
    Human,
    /// For programs.
    Json,
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
        /// Of a scalar made of several parts the one that holds this byte of it, as it is written.
        at: Option<u32>,
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
    let is_rendered = |file: &str| arguments.rendered.as_deref() == Some(file);
    let chart = match (input, &question) {
        (Some(input), _) => Some(PathBuf::from(input)).filter(|path| chart::is_chart(path)),
        (None, Question::Place { file, .. }) if !is_rendered(file) => chart::chart_of(Path::new(file)),
        _ => Some(PathBuf::from(".")).filter(|path| chart::is_chart(path)),
    };
    let is_json = arguments.output == Form::Json;
    let shown = |answer: field::Answer| match is_json {
        true => output::result(&answer.to_json()),
        false => output::result(&answer.to_text()),
    };
    if let Some(chart) = chart {
        let run = arguments.chart.run(&chart)?;
        let question = match question {
            Question::Place { file, line, column } if is_rendered(&file) => {
                rendered::field_at(&file, line, column)?
            }
            Question::Place { file, line, .. } => {
                let source = source_named(&run.outcome, &file, line)?;
                line::answer(&run, source, line).show(is_json)?;
                return Ok(Exit::Clean);
            }
            Question::Field { .. } => question,
        };
        shown(question.answer(&run, &chart.display().to_string())?)?;
        return Ok(Exit::Clean);
    }
    if arguments.chart.are_given() {
        return Err(Failure::usage("values are given, and there is no chart to give them to")
            .help("name the chart's folder before the place"));
    }
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
    shown(question.answer(&run, &path)?)?;
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
        Ok(Question::Field { kind: kind.to_owned(), rest: rest.to_owned(), at: None })
    }

    fn answer(&self, run: &Run, input: &str) -> Result<field::Answer, Failure> {
        let outcome = &run.outcome;
        match self {
            Question::Place { file, line, column } => {
                let (resource, node) = at_place(outcome, file, *line, *column)?;
                Ok(field::Answer::of(run, resource, node, None))
            }
            Question::Field { kind, rest, at } => {
                let (resource, path) =
                    named(outcome, kind, rest).ok_or_else(|| no_object(outcome, kind, rest, input))?;
                let root = resource.root();
                let node = if path.is_empty() { Some(root) } else { find(root, path) };
                let node = node.ok_or_else(|| no_field(resource, path))?;
                Ok(field::Answer::of(run, resource, node, *at))
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

/// The source of a file that has such a line.
fn source_named<'a>(outcome: &'a Outcome, file: &str, line: u32) -> Result<(SourceId, &'a Source), Failure> {
    let plain = |name: &str| name.strip_prefix("./").unwrap_or(name).to_owned();
    let wanted = plain(file);
    let named = |source: &Source| source.kind != SourceKind::Rendered && plain(&source.name) == wanted;
    let (id, source) = outcome
        .sources
        .iter()
        .filter(|(_, source)| named(source))
        .max_by_key(|(id, source)| (!source.text().is_empty(), std::cmp::Reverse(*id)))
        .ok_or_else(|| Failure::usage(format!("`{file}` is not among what was read")))?;
    let start = source.lines().line_start(source.text(), line);
    match start.filter(|start| (*start as usize) < source.text().len() || line == 1) {
        Some(_) => Ok((id, source)),
        None => Err(Failure::usage(format!("`{file}` has no line {line}"))),
    }
}

/// The object and the node at a place of a file.
fn at_place<'a>(
    outcome: &'a Outcome,
    file: &str,
    line: u32,
    column: Option<u32>,
) -> Result<(&'a Resource, Node<'a>), Failure> {
    let (id, source) = source_named(outcome, file, line)?;
    let lines = source.lines();
    let start = lines.line_start(source.text(), line).unwrap_or(0);
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
