//! kubeconform's flags and output formats for `plimsoll validate`, so that it can stand in its place.
//!
//! Flags with one dash are taken as kubeconform has them. Schemas are built in, and refuse unknown fields as its `-strict`
//! ones do; with `-schema-location` the JSON Schemas of that place judge instead. Keys that stand twice are always refused.
//! Nothing is fetched.

use std::fmt::Write;

use regex::Regex;
use rustc_hash::FxHashMap;
use source::{Class, Diagnostic, Severity, SourceId, Span};

use super::{Exit, Failure};
use crate::kube::Resource;
use crate::pipeline::Outcome;
use crate::validate::Locations;

/// Its flags that take a value, and those that take none.
const WITH_VALUE: [&str; 9] = [
    "cache",
    "ignore-filename-pattern",
    "kubernetes-version",
    "n",
    "output",
    "reject",
    "schema-location",
    "skip",
    "crds",
];
const WITHOUT: [&str; 8] = [
    "debug",
    "exit-on-error",
    "ignore-missing-schemas",
    "insecure-skip-tls-verify",
    "strict",
    "summary",
    "verbose",
    "quiet",
];
/// Its formats, by the names that `--output` takes beside ours.
const STYLES: [&str; 5] = ["kubeconform-json", "junit", "tap", "pretty", "text"];

/// Rewrites the arguments of a `validate` call: one dash becomes two, its formats become `--kubeconform`.
pub(super) fn normalize(arguments: Vec<String>) -> Vec<String> {
    if arguments.get(1).map(String::as_str) != Some("validate") {
        return arguments;
    }
    let mut out: Vec<String> = arguments[..2].to_vec();
    let mut rest = arguments.into_iter().skip(2);
    while let Some(argument) = rest.next() {
        if argument == "--" {
            out.push(argument);
            break;
        }
        let single = argument.starts_with('-') && !argument.starts_with("--");
        let bare = argument.trim_start_matches('-');
        let (name, value) = bare.split_once('=').map_or((bare, None), |(n, v)| (n, Some(v.to_owned())));
        if single && WITHOUT.contains(&name) {
            // `-strict=false` is as good as no flag.
            if value.as_deref() != Some("false") {
                out.push(format!("--{name}"));
            }
        } else if (single && WITH_VALUE.contains(&name))
            || matches!(argument.as_str(), "-o" | "--output")
            || name == "output"
        {
            let Some(mut value) = value.or_else(|| rest.next()) else {
                out.push(argument);
                continue;
            };
            if single && name == "output" && value == "json" {
                value = "kubeconform-json".to_owned();
            }
            let name = match name {
                "o" | "output" if STYLES.contains(&value.as_str()) => "kubeconform",
                "o" => "output",
                name => name,
            };
            out.push(format!("--{name}={value}"));
        } else {
            out.push(argument);
        }
    }
    out.extend(rest);
    out
}

/// Flags that kubeconform has.
#[derive(clap::Args, Debug, Default)]
pub(super) struct Flags {
    /// Answer in this format of kubeconform's: kubeconform-json, junit, tap, pretty, text
    #[arg(long, value_name = "FORMAT", hide = true)]
    pub kubeconform: Option<String>,

    /// Kinds that are not judged, such as Secret or apps/v1/Deployment; separated by commas
    #[arg(long, value_name = "KINDS", value_delimiter = ',', help_heading = "As kubeconform")]
    pub skip: Vec<String>,

    /// Kinds that are refused; separated by commas
    #[arg(long, value_name = "KINDS", value_delimiter = ',', help_heading = "As kubeconform")]
    pub reject: Vec<String>,

    /// With kubeconform's formats: an object of an unknown kind is skipped, and no error
    #[arg(long, help_heading = "As kubeconform")]
    pub ignore_missing_schemas: bool,

    /// With kubeconform's formats: count at the end
    #[arg(long, help_heading = "As kubeconform")]
    pub summary: bool,

    /// Files that are left out, as a regular expression over their paths
    #[arg(long, value_name = "REGEX", help_heading = "As kubeconform")]
    pub ignore_filename_pattern: Vec<String>,

    /// JSON Schemas that judge in place of what is built in: a folder in kubeconform's layout, or a template of a path such
    /// as `crds/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`; `default` is what is built in. The first that has
    /// a kind's schema judges it
    #[arg(long, value_name = "LOCATION", help_heading = "As kubeconform")]
    pub schema_location: Vec<String>,

    /// With --schema-location: take the strict schemas
    #[arg(long, help_heading = "As kubeconform")]
    pub strict: bool,
    /// Taken and without effect
    #[arg(long, hide = true)]
    exit_on_error: bool,
    /// Taken and without effect
    #[arg(long, hide = true)]
    debug: bool,
    /// Taken and without effect: nothing is fetched
    #[arg(long, hide = true)]
    insecure_skip_tls_verify: bool,
    /// Taken and without effect: nothing is fetched
    #[arg(long, value_name = "DIR", hide = true)]
    cache: Option<String>,
    /// Taken and without effect: all cores are used
    #[arg(long = "n", value_name = "N", hide = true)]
    workers: Option<u32>,
}

impl Flags {
    /// Whether they need the objects after these were judged.
    pub fn ask_for_objects(&self) -> bool {
        self.kubeconform.is_some() || !self.skip.is_empty()
    }

    /// What cannot be done is refused, not passed over.
    pub fn check(&self) -> Result<Vec<Regex>, Failure> {
        let compile = |text: &String| {
            Regex::new(text).map_err(|_| Failure::usage(format!("`{text}` is no regular expression")))
        };
        self.ignore_filename_pattern.iter().map(compile).collect()
    }
}

impl Flags {
    /// The JSON Schemas that judge, if any were named.
    pub fn locations(&self, version: Option<&str>) -> Result<Option<Locations>, Failure> {
        if self.schema_location.is_empty() {
            return Ok(None);
        }
        let refuse = |why: String| {
            Failure::usage(format!("--schema-location: {why}"))
                .help("give a folder or a file on this machine, or `default` for what is built in")
        };
        Locations::new(&self.schema_location, version, self.strict).map(Some).map_err(refuse)
    }
}

fn names(list: &[String], resource: &Resource) -> bool {
    let gvk = &resource.id.gvk;
    list.iter().any(|name| *name == *gvk.kind || *name == format!("{}/{}", gvk.api_version(), gvk.kind))
}

/// Drops what was found in what is not to be judged.
pub(super) fn leave_out(outcome: &mut Outcome, flags: &Flags, patterns: &[Regex]) {
    if flags.skip.is_empty() && patterns.is_empty() {
        return;
    }
    let Outcome { sources, bundle, diagnostics, .. } = outcome;
    let mut skipped: Vec<(SourceId, u32, u32)> = bundle
        .resources
        .iter()
        .filter(|r| names(&flags.skip, r))
        .filter_map(|r| r.root().span().map(|(start, end)| (r.source(), start, end)))
        .collect();
    skipped.sort();
    let is_out = |span: Span| {
        let after =
            skipped.partition_point(|(source, start, _)| (*source, *start) <= (span.source, span.start));
        let inside = after.checked_sub(1).and_then(|at| skipped.get(at));
        inside.is_some_and(|(source, _, end)| *source == span.source && span.start <= *end)
            || sources.get(span.source).is_some_and(|s| patterns.iter().any(|p| p.is_match(&s.name)))
    };
    diagnostics.retain(|d| !d.primary.at.span().is_some_and(is_out));
}

/// What kubeconform would say of one object.
struct Entry<'a> {
    file: &'a str,
    resource: Option<&'a Resource>,
    status: Status,
    errors: Vec<&'a Diagnostic>,
    message: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Valid,
    Invalid,
    Error,
    Skipped,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Status::Valid => "statusValid",
            Status::Invalid => "statusInvalid",
            Status::Error => "statusError",
            Status::Skipped => "statusSkipped",
        }
    }
}

fn entries<'a>(outcome: &'a Outcome, flags: &Flags, patterns: &[Regex]) -> Vec<Entry<'a>> {
    // By source, then by place: what is about an object stands inside of it.
    let mut objects: FxHashMap<SourceId, Vec<(&Resource, Vec<&Diagnostic>)>> = FxHashMap::default();
    for resource in &outcome.bundle.resources {
        objects.entry(resource.source()).or_default().push((resource, Vec::new()));
    }
    let mut outside: FxHashMap<SourceId, Vec<&Diagnostic>> = FxHashMap::default();
    for diagnostic in &outcome.diagnostics {
        let Some(span) = diagnostic.primary.at.span() else { continue };
        let here = objects.get_mut(&span.source).map_or(&mut [][..], |all| all.as_mut_slice());
        let starts = |r: &Resource| r.root().span().map_or(0, |(start, _)| start);
        let after = here.partition_point(|(r, _)| starts(r) <= span.start);
        match after.checked_sub(1).and_then(|at| here.get_mut(at)) {
            Some((resource, found)) if resource.root().span().is_some_and(|(_, end)| span.start <= end) => {
                found.push(diagnostic);
            }
            _ => outside.entry(span.source).or_default().push(diagnostic),
        }
    }
    let mut all = Vec::new();
    for file in &outcome.files {
        let name = outcome.sources.get(file.source).map_or("", |s| &*s.name);
        let name = if name == "<stdin>" { "stdin" } else { name };
        if patterns.iter().any(|p| p.is_match(name)) {
            continue;
        }
        for (resource, own) in objects.remove(&file.source).unwrap_or_default() {
            let errors: Vec<&Diagnostic> =
                own.iter().copied().filter(|d| d.severity == Severity::Error).collect();
            let missing = own.iter().any(|d| d.code.id == "group-unknown");
            let kind = &resource.id.gvk.kind;
            let (status, message) = if names(&flags.skip, resource) {
                (Status::Skipped, String::new())
            } else if names(&flags.reject, resource) {
                (Status::Error, format!("prohibited resource kind {kind}"))
            } else if missing && flags.ignore_missing_schemas {
                (Status::Skipped, String::new())
            } else if missing {
                (Status::Error, format!("could not find schema for {kind}"))
            } else if let Some(broken) = errors.iter().find(|d| d.code.id == "schema-unusable") {
                (Status::Error, broken.message.clone())
            } else if errors.is_empty() {
                (Status::Valid, String::new())
            } else {
                (Status::Invalid, what_is_wrong(&errors))
            };
            all.push(Entry { file: name, resource: Some(resource), status, errors, message });
        }
        let others = outside.remove(&file.source).unwrap_or_default();
        let broken: Vec<&Diagnostic> = others.into_iter().filter(|d| d.severity == Severity::Error).collect();
        if let Some(first) = broken.first() {
            let message = first.message.clone();
            all.push(Entry { file: name, resource: None, status: Status::Error, errors: broken, message });
        }
    }
    all
}

/// What a JSON Schema said, as kubeconform passes it on; what ours said, one after the other.
fn what_is_wrong(errors: &[&Diagnostic]) -> String {
    match errors.iter().find_map(|d| d.upstream.as_ref().filter(|_| d.code.id == "schema-violation")) {
        Some(text) => format!("problem validating schema. Check JSON formatting: {text}"),
        None => errors.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("; "),
    }
}

/// The whole answer in that format, and how the run ends.
pub(super) fn answer(
    outcome: &Outcome,
    flags: &Flags,
    patterns: &[Regex],
    style: &str,
    verbose: bool,
) -> (String, Exit) {
    let entries = entries(outcome, flags, patterns);
    let text = match style {
        "kubeconform-json" => as_json(&entries, flags.summary, verbose),
        "junit" => as_junit(&entries),
        "tap" => as_tap(&entries),
        style => as_text(&entries, style == "pretty", flags.summary, verbose),
    };
    let failed = entries.iter().any(|e| matches!(e.status, Status::Invalid | Status::Error));
    (text, if failed { Exit::Findings } else { Exit::Clean })
}

fn count(entries: &[Entry<'_>], status: Status) -> usize {
    entries.iter().filter(|e| e.status == status).count()
}

/// One object, in the order in which kubeconform writes its members.
#[derive(serde::Serialize)]
struct Answer<'a> {
    filename: &'a str,
    kind: &'a str,
    name: String,
    version: String,
    status: &'a str,
    msg: &'a str,
    #[serde(rename = "validationErrors", skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation<'a>>,
}

#[derive(serde::Serialize)]
struct Violation<'a> {
    path: String,
    msg: &'a str,
}

#[derive(serde::Serialize)]
struct Answers<'a> {
    resources: Vec<Answer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Counts>,
}

#[derive(serde::Serialize)]
struct Counts {
    valid: usize,
    invalid: usize,
    errors: usize,
    skipped: usize,
}

fn as_json(entries: &[Entry<'_>], summary: bool, verbose: bool) -> String {
    fn answer<'a>(entry: &'a Entry<'_>) -> Answer<'a> {
        let id = entry.resource.map(|r| &r.id);
        let violation = |d: &&'a Diagnostic| match &d.class {
            // A label of such a finding has the schema's own words.
            Class::Server { field, .. } if d.code.id == "schema-violation" => {
                Some(Violation { path: pointer(field), msg: &d.primary.text })
            }
            Class::Server { field, .. } => Some(Violation { path: pointer(field), msg: &d.message }),
            _ => None,
        };
        let errors = if entry.status == Status::Invalid { &entry.errors[..] } else { &[] };
        Answer {
            filename: entry.file,
            kind: id.map_or("", |id| &id.gvk.kind),
            name: entry.resource.map_or_else(String::new, name_of),
            version: id.map_or(String::new(), |id| id.gvk.api_version()),
            status: entry.status.word(),
            msg: &entry.message,
            errors: errors.iter().filter_map(violation).collect(),
        }
    }
    let quiet = |status: Status| matches!(status, Status::Valid | Status::Skipped);
    let shown = entries.iter().filter(|e| verbose || !quiet(e.status));
    let counts = || Counts {
        valid: count(entries, Status::Valid),
        invalid: count(entries, Status::Invalid),
        errors: count(entries, Status::Error),
        skipped: count(entries, Status::Skipped),
    };
    let answers = Answers { resources: shown.map(answer).collect(), summary: summary.then(counts) };
    let text = serde_json::to_string_pretty(&answers).unwrap_or_default();
    // As Go writes them, so that the text may stand in a page.
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026") + "\n"
}

/// `spec.ports[0].name` as `/spec/ports/0/name`; what stands in brackets is one step.
fn pointer(field: &str) -> String {
    let mut out = String::new();
    let mut rest = field;
    while !rest.is_empty() {
        let (step, behind) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').unwrap_or((inner, "")),
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        out.push('/');
        out.push_str(step);
        rest = behind.strip_prefix('.').unwrap_or(behind);
    }
    out
}

/// The name, or the one that a server would make.
fn name_of(resource: &Resource) -> String {
    match resource.root().at("metadata.generateName").and_then(yaml::Node::as_str) {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}{{{{ generateName }}}}"),
        _ => resource.id.name.to_string(),
    }
}

fn named(entry: &Entry<'_>) -> String {
    entry
        .resource
        .map_or_else(String::new, |r| format!("{} {}", r.id.gvk.kind, name_of(r)).trim_end().to_owned())
}

fn as_text(entries: &[Entry<'_>], pretty: bool, summary: bool, verbose: bool) -> String {
    let mut out = String::new();
    for entry in entries {
        let mark = |mark: &str| if pretty { format!("{mark} ") } else { String::new() };
        let subject = match named(entry).as_str() {
            "" if pretty => format!("{}:", entry.file),
            "" => format!("{} -", entry.file),
            name if pretty => format!("{}: {name}", entry.file),
            name => format!("{} - {name}", entry.file),
        };
        let _ = match entry.status {
            Status::Valid if verbose => writeln!(out, "{}{subject} is valid", mark("\u{2714}")),
            Status::Skipped if verbose => writeln!(out, "{}{subject} skipped", mark("-")),
            Status::Valid | Status::Skipped => Ok(()),
            Status::Invalid => writeln!(out, "{}{subject} is invalid: {}", mark("\u{2716}"), entry.message),
            Status::Error => {
                writeln!(out, "{}{subject} failed validation: {}", mark("\u{2716}"), entry.message)
            }
        };
    }
    if summary {
        let mut files: Vec<&str> = entries.iter().map(|e| e.file).collect();
        files.dedup();
        let plural = |n: usize| if n > 1 { "s" } else { "" };
        let places = match files.as_slice() {
            ["stdin"] => "parsing stdin".to_owned(),
            files => format!("in {} file{}", files.len(), plural(files.len())),
        };
        let objects = entries.iter().filter(|e| e.resource.is_some()).count();
        let _ = writeln!(
            out,
            "Summary: {objects} resource{} found {places} - Valid: {}, Invalid: {}, Errors: {}, Skipped: {}",
            plural(objects),
            count(entries, Status::Valid),
            count(entries, Status::Invalid),
            count(entries, Status::Error),
            count(entries, Status::Skipped),
        );
    }
    out
}

fn as_tap(entries: &[Entry<'_>]) -> String {
    let mut out = "TAP version 13\n".to_owned();
    for (at, entry) in entries.iter().enumerate() {
        let number = at + 1;
        let id = entry.resource.map_or_else(String::new, |r| {
            let namespace = r.id.namespace.as_deref().unwrap_or("");
            format!(" ({}/{}/{namespace}/{})", r.id.gvk.api_version(), r.id.gvk.kind, name_of(r))
        });
        let _ = match entry.status {
            Status::Valid => writeln!(out, "ok {number} - {}{id}", entry.file),
            Status::Skipped => writeln!(out, "ok {number} - {}{id} # skip", entry.file),
            Status::Invalid => writeln!(out, "not ok {number} - {}{id}: {}", entry.file, entry.message),
            Status::Error => writeln!(out, "not ok {number} - {}: {}", entry.file, entry.message),
        };
    }
    let _ = writeln!(out, "1..{}", entries.len());
    out
}

fn as_junit(entries: &[Entry<'_>]) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let total = |entries: &[Entry<'_>]| {
        format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" disabled=\"0\" skipped=\"{}\" time=\"0\"",
            entries.len(),
            count(entries, Status::Invalid),
            count(entries, Status::Error),
            count(entries, Status::Skipped),
        )
    };
    let _ = writeln!(out, "<testsuites name=\"plimsoll\" {}>", total(entries));
    for suite in entries.chunk_by(|a, b| a.file == b.file) {
        let file = escaped(suite.first().map_or("", |e| e.file));
        let _ = writeln!(out, "  <testsuite name=\"{file}\" {}>", total(suite));
        for entry in suite {
            let (name, class) = entry.resource.map_or((String::new(), String::new()), |r| {
                (name_of(r), format!("{}@{}", r.id.gvk.kind, r.id.gvk.api_version()))
            });
            let _ = write!(
                out,
                "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"",
                escaped(&name),
                escaped(&class)
            );
            let message = escaped(&entry.message);
            let _ = match entry.status {
                Status::Valid => writeln!(out, "/>"),
                Status::Skipped => writeln!(out, "><skipped/></testcase>"),
                Status::Invalid => writeln!(out, "><failure message=\"{message}\"/></testcase>"),
                Status::Error => writeln!(out, "><error message=\"{message}\"/></testcase>"),
            };
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no form for other control characters.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        normalize(text.split(' ').map(Into::into).collect()).join(" ")
    }

    #[test]
    fn its_flags_become_ours() {
        assert_eq!(
            normal("plimsoll validate -strict -summary -output json -n 4 -kubernetes-version 1.36.0 a.yaml"),
            "plimsoll validate --strict --summary --kubeconform=kubeconform-json --n=4 --kubernetes-version=1.36.0 a.yaml"
        );
        assert_eq!(normal("plimsoll validate --output json a"), "plimsoll validate --output=json a");
        assert_eq!(
            normal("plimsoll validate -o tap -skip=Secret -"),
            "plimsoll validate --kubeconform=tap --skip=Secret -"
        );
        assert_eq!(normal("plimsoll check -output json"), "plimsoll check -output json");
    }

    #[test]
    fn fields_become_pointers() {
        assert_eq!(pointer("spec.ports[0].name"), "/spec/ports/0/name");
        assert_eq!(pointer("data[a.b/c].x"), "/data/a.b/c/x");
    }
}
