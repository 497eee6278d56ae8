//! Why a template failed, as its author needs it told: the innermost action, the way there, the values that fed it.
//!
//! Helm's own words stand beside it, for those who compare or search for them.

use gotmpl::{Error, Fact, Library, State, Templates, helm};
use source::{Chain, FrameId, Label, OriginId, Origins, SourceId, Sources, Span};

use super::Fail;
use super::codes::{MANIFEST_UNREADABLE, TEMPLATE_FAILED, TEMPLATE_SYNTAX};
use super::load::fail;
use super::manifests::Unreadable;
use super::profile::Profile;
use super::scope::Template;
use super::secrets;

/// Levels of the way to the failing action that are told.
const MAX_LEVELS: usize = 20;

/// A file that cannot be parsed.
pub(crate) fn syntax(file: &Template<'_>, error: &Error, profile: Profile) -> Fail {
    let upstream = helm::parse_error(&file.name, error);
    let message = upstream.split_once("): ").map_or(&*upstream, |(_, message)| message).to_owned();
    let failure = fail(&TEMPLATE_SYNTAX, place(error, file.file.source), message.clone(), &upstream);
    // Go names what it does not know, and never what is near.
    let unknown = message.strip_prefix("function \"").and_then(|rest| rest.strip_suffix("\" not defined"));
    let Some(unknown) = unknown else { return failure };
    let mut names: Vec<&str> = Library::of(profile.engine()).iter().map(|func| func.name).collect();
    names.sort_unstable();
    match source::closest(unknown, names) {
        Some(near) => failure.map_help(&format!("did you mean `{near}`?")),
        None => failure,
    }
}

/// A file that cannot be executed.
pub(crate) fn template(
    file: &Template<'_>,
    error: &Error,
    profile: Profile,
    templates: &Templates,
    origins: Option<&Origins>,
) -> Fail {
    let upstream = helm::exec_error(profile.engine(), &file.name, error);
    let mut levels: Vec<&Error> = error.chain().filter(|e| e.at.is_some()).collect();
    let innermost = levels.pop();
    let at = innermost.map_or(Span::top(file.file.source), |e| place(e, file.file.source));
    let said = match upstream.strip_prefix("execution error at (").and_then(|rest| rest.split_once("): ")) {
        Some((_, said)) => said.to_owned(),
        None => error.chain().last().map_or_else(String::new, |e| e.message.clone()),
    };
    let said = said.rsplit(">: ").next().unwrap_or(&said);
    let undefined = undefined(said);
    let facts = error.facts();
    let mut failure = fail(&TEMPLATE_FAILED, at, message(said, facts), &upstream);
    let diagnostic = &mut failure.0;
    if let Some(name) = undefined {
        diagnostic.message = format!("no template is named `{name}`");
    }
    // A map that a function takes as a whole is seldom what it failed for.
    if let Some(fact) = facts.first().filter(|f| f.state != State::Is("a map") || said.contains("map[")) {
        diagnostic.primary.text = format!("`{}` {}", fact.path, words(&fact.state));
    }
    for level in levels.iter().rev().take(MAX_LEVELS) {
        let text =
            if level.message.contains("<include ") { "included from here" } else { "called from here" };
        diagnostic.related.push(Label::new(place(level, file.file.source), text));
    }
    if let Some(origins) = origins {
        facts.iter().for_each(|fact| diagnostic.related.extend(labels(fact, origins)));
    }
    diagnostic.help = help(said, undefined, facts, templates);
    if secrets::is_secret_text(&file.file.data) {
        let spans = origins.into_iter().flat_map(|origins| facts.iter().map(|f| origins.primary(f.origin)));
        failure.1.extend(spans.flatten());
    }
    failure
}

/// Go's words, but for those that say less than is known.
fn message(said: &str, facts: &[Fact]) -> String {
    let Some(fact) = facts.first() else { return said.to_owned() };
    if let Some(rest) = said.strip_prefix("nil pointer evaluating ")
        && !matches!(fact.state, State::Is(_))
    {
        let field = rest.rsplit('.').next().unwrap_or(rest);
        return format!("nil pointer: `{0}.{field}`, but `{0}` {1}", fact.path, words(&fact.state));
    }
    if let (Some(rest), State::Is(kind)) = (said.strip_prefix("can't evaluate field "), &fact.state) {
        let field = rest.split(' ').next().unwrap_or(rest);
        return format!("`{}` has no field `{field}`: it is {kind}", fact.path);
    }
    said.to_owned()
}

fn words(state: &State) -> String {
    match state {
        State::Missing => "is not set".to_owned(),
        State::Null => "is null".to_owned(),
        State::Is(kind) => format!("is {kind}"),
    }
}

/// Where a value stands, and what stood there before.
fn labels(fact: &Fact, origins: &Origins) -> Vec<Label> {
    let Some(at) = origins.primary(fact.origin) else { return Vec::new() };
    let text = match &fact.state {
        State::Missing => return Vec::new(),
        State::Null => format!("`{}`: set to null here", fact.path),
        State::Is(kind) => format!("`{}`: {kind}, set here", fact.path),
    };
    let mut labels = vec![Label::new(at, text)];
    if let Chain::Patched { was, .. } = origins.chain(fact.origin)
        && let Some(was) = origins.primary(was)
    {
        labels.push(Label::new(was, "which replaced this"));
    }
    labels
}

/// The name of a template that Go's words say is not there.
fn undefined(said: &str) -> Option<&str> {
    let quoted = |start: &str, end: &str| said.strip_prefix(start)?.strip_suffix(end);
    quoted("template: no template \"", "\" associated with template \"gotpl\"")
        .or_else(|| quoted("template \"", "\" not defined"))
}

fn help(said: &str, undefined: Option<&str>, facts: &[Fact], templates: &Templates) -> Option<String> {
    if let Some(unknown) = undefined {
        let mut names: Vec<String> =
            templates.names().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        names.sort_unstable();
        let near = source::closest(unknown, names.iter().map(String::as_str));
        return Some(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "no file of the chart or of its subcharts defines it".to_owned(),
        });
    }
    let fact = facts.first()?;
    match (&fact.near, &fact.state) {
        (Some(near), _) => Some(format!("did you mean `{near}`?")),
        (None, State::Missing | State::Null) if said.starts_with("nil pointer evaluating ") => {
            Some(format!("set it in the values, or guard the action: `{{{{ with {} }}}}`", fact.path))
        }
        _ => None,
    }
}

fn place(error: &Error, otherwise: SourceId) -> Span {
    match error.at.as_deref() {
        Some(gotmpl::At { source: Some(source), start, end, .. }) => Span::new(*source, *start, *end),
        _ => Span::top(otherwise),
    }
}

/// A manifest that is no YAML: at the line of the template that made the bad line, which stands beside it.
pub(crate) fn manifest(unreadable: &Unreadable, sources: &Sources, origins: Option<&Origins>) -> Fail {
    let Unreadable { path, source, error, segments } = unreadable;
    let upstream = format!("YAML parse error on {path}: {}", error.upstream);
    let rendered = Span::new(*source, error.span.0, error.span.1);
    let made = origins.and_then(|origins| Made::find(rendered, segments, sources, origins));
    let at = made.as_ref().map_or(rendered, |made| made.action);
    let mut failure = fail(&MANIFEST_UNREADABLE, at, error.message.clone(), &upstream);
    let diagnostic = &mut failure.0;
    match made {
        None => diagnostic.primary.text = format!("rendered from {path}"),
        Some(made) => {
            diagnostic.primary.text = "this made the line".to_owned();
            diagnostic.related.push(Label::new(rendered, "the line as it was rendered"));
            diagnostic.related.extend(made.labels);
        }
    }
    failure.1 = secrets::of_rendered(*source, segments, sources, origins);
    failure
}

/// The part of a template that made a piece of rendered text.
struct Made {
    action: Span,
    labels: Vec<Label>,
}

impl Made {
    fn find(
        rendered: Span,
        segments: &[(u32, OriginId)],
        sources: &Sources,
        origins: &Origins,
    ) -> Option<Made> {
        let at = segments.partition_point(|(end, _)| *end <= rendered.start);
        let (end, origin) = segments.get(at).or(segments.last()).copied()?;
        let start = at.checked_sub(1).and_then(|before| segments.get(before)).map_or(0, |(end, _)| *end);
        let Chain::Rendered { action, frame, data } = origins.chain(origin) else { return None };
        let piece = sources.slice(Span::new(rendered.source, start, end));
        let action = narrowed(action, piece, rendered.start.saturating_sub(start), sources);
        let mut labels = Vec::new();
        if let Some(value) = origins.primary(data).filter(|value| *value != action) {
            labels.push(Label::new(value, "this value is in it"));
        }
        labels.extend(calls(frame, origins, sources));
        Some(Made { action, labels })
    }
}

/// Of literal text, which may be many lines, the line that is meant: `offset` counts in `piece`, a part of it.
fn narrowed(action: Span, piece: &str, offset: u32, sources: &Sources) -> Span {
    let written = sources.slice(action);
    if written.starts_with("{{") {
        return action;
    }
    let Some(from) = written.find(piece) else { return action };
    let at = action.start + from as u32 + offset.min(piece.len() as u32);
    let line = sources.get(action.source).map(|source| {
        let line = source.line_column(at).line;
        let start = source.lines().line_start(source.text(), line).unwrap_or(at).max(action.start);
        let text = source.lines().line_text(source.text(), line);
        let blanks = (text.len() - text.trim_start().len()) as u32;
        let whole = source.lines().line_start(source.text(), line).unwrap_or(at);
        (start.max(whole + blanks), (whole + text.trim_end().len() as u32).min(action.end))
    });
    match line {
        Some((start, end)) if start < end => Span::new(action.source, start, end),
        _ => Span::new(action.source, at, at),
    }
}

/// The calls of templates around an action, the innermost first.
fn calls(mut frame: FrameId, origins: &Origins, sources: &Sources) -> Vec<Label> {
    let mut labels = Vec::new();
    while let Some(around) = origins.frame_of(frame) {
        let text = sources.slice(around.call);
        // Branches are frames too, and stand around the action where anyone sees them.
        let is_call = !["{{ if", "{{- if", "{{if", "{{-if", "range", "with", "else"].iter().any(|word| {
            text.trim_start_matches(['{', '-', ' ']).starts_with(word.trim_start_matches(['{', '-', ' ']))
        });
        if is_call && labels.len() < MAX_LEVELS {
            labels.push(Label::new(around.call, "included from here"));
        }
        frame = around.parent;
    }
    labels
}
