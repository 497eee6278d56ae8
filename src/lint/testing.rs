//! Objects from text, for tests.

use std::sync::Arc;

use gotmpl::{Engine, NoServices, Templates, Value};
use source::{Diagnostics, OriginId, Origins, Place, Source, SourceId, SourceKind, Sources};
use yaml::{Node, NodeId, Options, Profile};

use super::{ChartFile, ChartView, Closing, Comments, Cx, Settings, chart_stage, stage};
use crate::kube::{Bundle, Resource};

/// The objects of a text, each document one. A text with actions is a template, and they are what it renders to.
pub fn bundle_of(text: &str) -> (Sources, Bundle) {
    let mut sources = Sources::new();
    let text: Arc<str> = text.into();
    let source = sources.add(Source::new("test.yaml", SourceKind::File, text.clone()));
    let mut bundle = Bundle { resources: Vec::new(), origins: Origins::new() };
    if text.contains("{{") {
        rendered(&text, source, &mut bundle);
        return (sources, bundle);
    }
    for doc in yaml::read(source, &text, &Options::new(Profile::Kubernetes), &mut Diagnostics::new()) {
        let first = bundle.origins.add_document(source, doc.clone());
        if doc.root().is_some() {
            bundle.resources.push(Resource::new(doc.clone(), NodeId(0), first));
        }
    }
    (sources, bundle)
}

/// Adds what a template renders to; a node came from all segments that it lies in.
fn rendered(text: &str, source: SourceId, bundle: &mut Bundle) {
    let mut templates = Templates::new(gotmpl::Profile::Helm4);
    templates.add("t", text, Some(source)).expect("a template");
    let mut services = NoServices;
    let options = gotmpl::Options::new(gotmpl::Profile::Helm4);
    let mut engine = Engine::new(&templates, options, &mut services).traced(&mut bundle.origins);
    let out = engine.render("t", Value::NIL).expect("renders");
    let segments: Vec<_> = out.segments().collect();
    let made: Arc<str> = String::from_utf8_lossy(out.bytes()).into();
    for doc in yaml::read(source, &made, &Options::new(Profile::Kubernetes), &mut Diagnostics::new()) {
        let origins = (0..doc.len() as u32).map(|at| {
            let (start, end) = doc.node(NodeId(at)).and_then(Node::span).unwrap_or_default();
            let own =
                segments.iter().filter(|(range, _)| range.start < end as usize && range.end > start as usize);
            own.fold(OriginId::UNKNOWN, |all, (_, origin)| bundle.origins.union(all, *origin))
        });
        let origins: Vec<_> = origins.collect();
        let first = bundle.origins.add_made(origins);
        if doc.root().is_some() {
            bundle.resources.push(Resource::new(doc.clone(), NodeId(0), first));
        }
    }
}

/// One finding: its line, counted from 1, and the rest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    pub line: u32,
    pub column: u32,
    pub rule: &'static str,
    pub message: String,
    pub path: String,
    pub container: Option<String>,
    pub object: String,
}

/// What the rules of the settings say of a text, in the order of lines.
pub fn findings(text: &str, settings: &Settings) -> Vec<Finding> {
    findings_on(text, settings, "2026-01-01")
}

/// The same on a given day.
pub fn findings_on(text: &str, settings: &Settings, today: &str) -> Vec<Finding> {
    let (sources, bundle) = bundle_of(text);
    let mut out = Diagnostics::new();
    let mut comments = Comments::default();
    comments.read(&sources);
    let cx = Cx {
        settings,
        nested: &[],
        here: "/".as_ref(),
        cluster: None,
        sources: Some(&sources),
        comments: Some(&comments),
        today: Some(today),
        meter: None,
    };
    let ledger = stage(&bundle, &cx, &mut out);
    let mut sources = sources;
    let mut end = Closing { today: Some(today), is_whole: true, is_part: false, sources: &mut sources };
    ledger.report(&comments, &settings.allowed, &mut end, &mut out);
    let mut all: Vec<Finding> = out
        .into_iter()
        .map(|d| {
            let span = bundle.origins.primary(d.primary.at).expect("every finding has a place");
            let source = sources.get(span.source).expect("a source of the run");
            assert!(span.end as usize <= source.text().len(), "{} points outside", d.code.id);
            let subject = d.subject.unwrap_or_default();
            Finding {
                line: source.line_column(span.start).line,
                column: source.line_column(span.start).column,
                rule: d.code.id,
                message: d.message,
                path: subject.path.clone(),
                container: subject.container.as_deref().map(Into::into),
                object: format!("{}/{}", subject.kind, subject.name),
            }
        })
        .collect();
    all.sort();
    all
}

/// What the rules on charts say of a chart in one text: its `Chart.yaml`, then its other files, each below a line
/// `## PATH`. Lines are those of the whole text.
pub fn chart_findings(text: &str, settings: &Settings) -> Vec<(u32, String)> {
    let mut files: Vec<(String, u32, String)> = vec![("Chart.yaml".to_owned(), 0, String::new())];
    for (number, line) in text.lines().enumerate() {
        match line.strip_prefix("## ") {
            Some(path) => files.push((path.to_owned(), number as u32 + 1, String::new())),
            None => files.last_mut().expect("a file").2.extend([line, "\n"]),
        }
    }
    let mut sources = Sources::new();
    let mut starts = Vec::new();
    let files = files.into_iter().map(|(path, start, text)| {
        starts.push(start);
        let text: Arc<str> = text.into();
        let source = sources.add(Source::new(path.clone(), SourceKind::File, text.clone()));
        ChartFile { path, source, text }
    });
    let view = ChartView::new(files.collect());
    let mut out = Diagnostics::new();
    let cx = Cx {
        settings,
        nested: &[],
        here: "/".as_ref(),
        cluster: None,
        sources: Some(&sources),
        comments: None,
        today: None,
        meter: None,
    };
    chart_stage(&view, "Chart.yaml", &cx, &mut out);
    let mut all: Vec<_> = out
        .into_iter()
        .map(|d| {
            let Place::Span(span) = d.primary.at else { panic!("{} has no place", d.code.id) };
            let source = sources.get(span.source).expect("a source");
            assert!(span.end as usize <= source.text().len(), "{} points outside", d.code.id);
            (starts[span.source.0 as usize] + source.line_column(span.start).line, d.message)
        })
        .collect();
    all.sort();
    all
}

/// Settings with that one rule.
pub fn only(rule: &str) -> Settings {
    let mut settings = Settings::none();
    settings.set(rule, true).expect("a known rule");
    settings
}
