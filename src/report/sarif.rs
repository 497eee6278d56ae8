//! SARIF 2.1.0, in the part and within the limits that GitHub's code scanning takes.
//!
//! No snippets: code scanning shows the file itself, and a report that is stored and shared must not carry text.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use source::{Code, Diagnostic, Label, Severity};

use super::Report;

/// Results of a run that are taken.
const RESULTS: usize = 25_000;

/// Locations of a result that are taken.
const LOCATIONS: usize = 1_000;

pub(super) fn render(report: &Report<'_>) -> String {
    let codes: BTreeMap<&str, &Code> = report.diagnostics.iter().map(|d| (d.code.id, d.code)).collect();
    let index: HashMap<&str, usize> = codes.keys().enumerate().map(|(i, id)| (*id, i)).collect();
    let mut seen = HashMap::new();
    let results: Vec<Value> = within_limits(report.diagnostics)
        .into_iter()
        .map(|d| result(report, d, index.get(d.code.id).copied().unwrap_or(0), &mut seen))
        .collect();
    let rules: Vec<Value> = codes.values().map(|code| rule(code)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "plimsoll", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = log.to_string();
    text.push('\n');
    text
}

/// All, or the gravest of too many, in their order.
fn within_limits(all: &[Diagnostic]) -> Vec<&Diagnostic> {
    if all.len() <= RESULTS {
        return all.iter().collect();
    }
    let mut ranked: Vec<(usize, &Diagnostic)> = all.iter().enumerate().collect();
    ranked.sort_by_key(|(at, d)| (std::cmp::Reverse(d.severity), *at));
    ranked.truncate(RESULTS);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, d)| d).collect()
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": {"text": code.summary()},
        "fullDescription": {"text": code.summary()},
        "help": {"text": code.docs.trim(), "markdown": code.docs.trim()},
        "defaultConfiguration": {"level": code.severity.word()},
    })
}

fn result(report: &Report<'_>, diagnostic: &Diagnostic, rule: usize, seen: &mut HashMap<u64, u32>) -> Value {
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("\n\n");
        text.push_str(help);
    }
    let locations: Vec<Value> = location(report, &diagnostic.primary).into_iter().collect();
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .take(LOCATIONS)
        .filter_map(|label| {
            let mut at = location(report, label)?;
            at["message"] = json!({"text": label.text});
            Some(at)
        })
        .collect();
    let print = fingerprint(report, diagnostic);
    // The same finding twice on equal lines: counted, so that each keeps its own name.
    let times = seen.entry(print).and_modify(|n| *n += 1).or_insert(1);
    let mut result = json!({
        "ruleId": diagnostic.code.id,
        "ruleIndex": rule,
        "level": match diagnostic.severity { Severity::Note => "note", other => other.word() },
        "message": {"text": text},
        "locations": locations,
        "partialFingerprints": {"plimsoll/v1": format!("{print:016x}:{times}")},
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(subject) = &diagnostic.subject {
        let name = format!("{}/{}", subject.kind, subject.name);
        let full = if subject.path.is_empty() { name.clone() } else { format!("{name}.{}", subject.path) };
        if let Some(first) = result["locations"].get_mut(0) {
            first["logicalLocations"] = json!([{"name": name, "fullyQualifiedName": full, "kind": "object"}]);
        }
    }
    result
}

fn location(report: &Report<'_>, label: &Label) -> Option<Value> {
    let (span, source) = report.locate(label.at)?;
    let (start, end) = (source.line_column(span.start), source.line_column(span.end));
    // An empty region at a place is allowed by the format and refused by some readers.
    let end_column = if end <= start { start.column + 1 } else { end.column };
    Some(json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&source.name), "uriBaseId": "%SRCROOT%"},
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end_column,
            },
        },
    }))
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'+'
            | b'@'
            | b',' => {
                uri.push(byte as char);
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// Names a finding so that it is known again after lines were added above it: by what it says of which object and
/// field, or, where there is none, by the text of its line.
fn fingerprint(report: &Report<'_>, diagnostic: &Diagnostic) -> u64 {
    let mut hash = Fnv::default();
    hash.add(diagnostic.code.id);
    let located = report.locate(diagnostic.primary.at);
    if let Some((_, source)) = located {
        hash.add(&source.name);
    }
    match &diagnostic.subject {
        Some(s) if !s.name.is_empty() => {
            [&s.group, &s.kind, &s.namespace, &s.name, &s.path].into_iter().for_each(|part| hash.add(part));
            hash.add(s.container.as_deref().unwrap_or(""));
        }
        _ => {
            if let Some((span, source)) = located {
                let line = source.lines().line_text(source.text(), source.line_column(span.start).line);
                // Of a line without end the first page tells it from others well enough.
                hash.add(&line.trim().chars().take(4096).collect::<String>());
            }
        }
    }
    hash.0
}

/// FNV-1a: fingerprints outlive a build, so the hash has to be one that no release of a library changes.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
