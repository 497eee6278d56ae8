//! `plimsoll validate`: what a kube-apiserver would answer.

use std::io::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use source::{Class, Diagnostic, Severity, Span};

use super::common::{self, Common};
use super::kubeconform::{self, Flags};
use super::output::{self, Form, Output, Stream};
use super::progress::Progress;
use super::summary::Stopwatch;
use super::{Exit, Failure};
use crate::kube::pod_security::Standard;
use crate::kube::{Known, PodView, Resource};
use crate::load::{Document, File};
use crate::pipeline::{Outcome, Rules, Server};
use crate::report::Format;
use crate::validate::Locations;

/// Tell what a kube-apiserver would answer
///
/// With `--output json`: {"files": [{"file", "document", "accepted", "errors": [{"reason", "field", "message"}],
/// "warnings"}]}, with at least one entry a file and one a document; with `--pod-security` each entry also has
/// "podSecurity": [{"check", "message"}], the controls that its Pods break.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    kubeconform: Flags,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(mut arguments: Arguments) -> Result<Exit, Failure> {
    let watch = Stopwatch::start();
    let patterns = arguments.kubeconform.check()?;
    let named = arguments.common.target.kubernetes_version.clone();
    let locations = arguments.kubeconform.locations(named.as_deref())?;
    if locations.as_ref().is_some_and(Locations::is_without_default) {
        // It is a word of the path then, and no table is asked.
        arguments.common.target.kubernetes_version = None;
    }
    let mut settings = arguments.common.settings()?;
    settings.validate = settings.validate.map(|server| Server { locations, ..server });
    settings.request.objects_only = true;
    // Pod Security is the server's own verdict, whatever carries it out here.
    let standard = arguments.common.target.pod_security;
    settings.lint = settings.lint.filter(|_| standard.is_some()).map(|rules| {
        let mut settings = rules.settings.only("pod-security-violation");
        settings.overrides.clear();
        Rules { settings, nested: None, ..rules }
    });
    let Common { selection, reporting, .. } = &mut arguments.common;
    let outputs = std::mem::take(&mut reporting.output);
    let (verdicts, others): (Vec<Output>, Vec<Output>) =
        outputs.into_iter().partition(|o| o.form == Form::Known(Format::Json));
    reporting.output = others;
    // Were it empty, the report for people would be written.
    let only_verdicts = reporting.output.is_empty() && !verdicts.is_empty();
    let flags = &arguments.kubeconform;
    let names_findings = reporting.output.iter().any(|output| output.form.needs_fingerprints());
    settings.drops_objects = settings.lint.is_none() && !flags.ask_for_objects() && !names_findings;
    let progress = Progress::start(!reporting.quiet);
    let mut run = common::run(&settings, selection)?;
    drop(progress);
    if let Some(style) = &flags.kubeconform {
        let (text, exit) = kubeconform::answer(&run.outcome, flags, &patterns, style, reporting.verbose);
        output::result(&text)?;
        return Ok(exit);
    }
    kubeconform::leave_out(&mut run.outcome, flags, &patterns);
    if !only_verdicts {
        reporting.show(&run, Stream::Out)?;
    }
    for output in &verdicts {
        match &output.file {
            Some(path) => {
                let mut text = Vec::new();
                // Memory takes whatever is written.
                let _ = write_answers(&run.outcome, standard, &mut text);
                output::file(path, &String::from_utf8_lossy(&text))?;
            }
            None => output::result_by(|out| write_answers(&run.outcome, standard, out))?,
        }
    }
    reporting.sum_up(&run, watch.took());
    Ok(reporting.exit(&run.outcome))
}

/// The answer to a document, or to a file without any.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict<'a> {
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<usize>,
    errors: Vec<Refusal<'a>>,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pod_security: Option<Vec<Broken>>,
    warnings: Vec<&'a str>,
}

/// One reason for which a server refuses an object.
#[derive(Serialize)]
struct Refusal<'a> {
    field: &'a str,
    message: &'a str,
    reason: &'a str,
}

/// A control of a Pod Security Standard that an object breaks.
#[derive(Serialize)]
struct Broken {
    check: &'static str,
    message: String,
}

/// Files whose answers are one thread's at a time.
const CHUNK: usize = 64;
/// Files whose answers are in memory at a time.
const AT_ONCE: usize = 32 * CHUNK;

/// Writes the answers, file by file and document by document.
fn write_answers(outcome: &Outcome, standard: Option<Standard>, out: &mut dyn Write) -> io::Result<()> {
    // Diagnostics stand in the order of the sources, so each file's are one run.
    let mut rest = &outcome.diagnostics[..];
    let mut with_its_own = |file: &'_ File| {
        let source_of = |d: &Diagnostic| d.primary.at.span().map(|span| span.source);
        let length = rest.iter().take_while(|d| source_of(d) == Some(file.source)).count();
        let (here, behind) = rest.split_at(length);
        rest = behind;
        here
    };
    let text = |files: &[(&File, &[Diagnostic])]| {
        let mut text = Vec::new();
        for (file, here) in files {
            for entry in of_file(outcome, file, here, standard) {
                text.push(b',');
                // Every member is a text, a number or a list of such, of which JSON has a form.
                let _ = serde_json::to_writer(&mut text, &entry);
            }
        }
        text
    };
    out.write_all(b"{\"files\":[")?;
    for (at, files) in outcome.files.chunks(AT_ONCE).enumerate() {
        let files: Vec<_> = files.iter().map(|file| (file, with_its_own(file))).collect();
        let parts: Vec<Vec<u8>> = match files.len() <= CHUNK {
            true => vec![text(&files)],
            false => files.par_chunks(CHUNK).map(text).collect(),
        };
        for (nth, part) in parts.iter().enumerate() {
            // No comma stands before the first.
            out.write_all(&part[usize::from(at + nth == 0 && !part.is_empty())..])?;
        }
    }
    out.write_all(b"]}\n")
}

/// The answers to the documents of a file of which that was found.
fn of_file<'a>(
    outcome: &'a Outcome,
    file: &File,
    here: &'a [Diagnostic],
    standard: Option<Standard>,
) -> Vec<Verdict<'a>> {
    let name = outcome.sources.get(file.source).map_or("", |s| &s.name);
    let documents = || file.docs.iter().enumerate().filter(|(_, d)| !d.is_empty);
    let Some(last) = documents().count().checked_sub(1) else {
        return vec![entry(name, None, here.iter())];
    };
    let answer = |(at, (index, document)): (usize, (usize, &Document))| {
        let (start, end) = document.span;
        // What stands before the first document or behind the last belongs to those.
        let holds = |s: Span| (start <= s.start || at == 0) && (s.start < end || at == last);
        let is_here = |d: &&Diagnostic| d.primary.at.span().is_some_and(holds);
        let mut entry = entry(name, Some(index), here.iter().filter(is_here));
        entry.pod_security = standard.map(|standard| {
            let is_its = |r: &&Resource| document.doc.as_ref().is_some_and(|doc| Arc::ptr_eq(r.doc(), doc));
            let here = outcome.bundle.resources.iter().filter(is_its);
            here.flat_map(|r| pod_security(r, standard)).collect()
        });
        entry
    };
    documents().enumerate().map(answer).collect()
}

/// What an object's Pods break of a Pod Security Standard.
fn pod_security(resource: &Resource, standard: Standard) -> Vec<Broken> {
    let pods = PodView::of(resource, Known::of(&resource.id.gvk));
    let broken = pods.iter().flat_map(|pod| standard.violations_by_name(pod));
    broken.map(|b| Broken { check: b.control, message: b.to_string() }).collect()
}

fn entry<'a>(
    file: &'a str,
    document: Option<usize>,
    found: impl Iterator<Item = &'a Diagnostic>,
) -> Verdict<'a> {
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for diagnostic in found {
        let message = diagnostic.message.as_str();
        match (&diagnostic.class, diagnostic.severity) {
            (Class::Server { reason, field }, Severity::Error) => {
                errors.push(Refusal { reason, field, message });
            }
            // What Pod Security says has a list of its own.
            (Class::Policy, _) => {}
            (_, Severity::Error) => {
                let twice = diagnostic.code == &yaml::codes::YAML_DUPLICATE_KEY;
                let reason = if twice { "DuplicateKey" } else { "Decode" };
                errors.push(Refusal { reason, field: "", message });
            }
            (_, Severity::Warning) => warnings.push(message),
            (_, Severity::Note) => {}
        }
    }
    // A server that cannot decode an object looks no further.
    let is_of_decoder = |e: &Refusal<'_>| crate::validate::is_of_decoder(e.reason);
    if errors.iter().any(is_of_decoder) {
        errors.retain(is_of_decoder);
    }
    Verdict { accepted: errors.is_empty(), document, errors, file, pod_security: None, warnings }
}
