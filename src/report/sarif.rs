//! SARIF 2.1.0, in the part and within the limits that GitHub's code scanning takes.
//!
//! No snippets: code scanning shows the file itself, and a report that is stored and shared must not carry text.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use source::{Code, Diagnostic, Label, Severity};

use super::{Facts, Report};

/// Results of a run that are taken.
const RESULTS: usize = 25_000;

/// Related places of a result that are shown.
const LOCATIONS: usize = 100;

/// Tags of a rule that are shown.
const TAGS: usize = 10;

pub(super) fn render(report: &Report<'_>) -> String {
    let codes: BTreeMap<&str, &Code> = report.diagnostics.iter().map(|d| (d.code.id, d.code)).collect();
    let index: HashMap<&str, usize> = codes.keys().enumerate().map(|(i, id)| (*id, i)).collect();
    let results: Vec<Value> = within_limits(report)
        .into_iter()
        .map(|(d, name)| result(report, d, index.get(d.code.id).copied().unwrap_or(0), &name))
        .collect();
    let rules: Vec<Value> = codes.values().map(|code| rule(code, &(report.facts)(code.id))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "plimsoll",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The directory that plimsoll ran in."}}},
            "results": results,
        }],
    });
    let mut text = log.to_string();
    text.push('\n');
    text
}

/// All, or the gravest of too many, in their order.
fn within_limits<'a>(report: &Report<'a>) -> Vec<(&'a Diagnostic, String)> {
    let all: Vec<(&Diagnostic, String)> = report.named().collect();
    if all.len() <= RESULTS {
        return all;
    }
    let mut ranked: Vec<(usize, (&Diagnostic, String))> = all.into_iter().enumerate().collect();
    ranked.sort_by_key(|(at, (d, _))| (std::cmp::Reverse(d.severity), *at));
    ranked.truncate(RESULTS);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, one)| one).collect()
}

fn rule(code: &Code, facts: &Facts) -> Value {
    let mut properties = json!({"precision": "very-high", "problem.severity": match code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    }});
    if !facts.tags.is_empty() {
        properties["tags"] = facts.tags.iter().take(TAGS).copied().collect();
    }
    if let Some(score) = facts.security_severity {
        properties["security-severity"] = score.into();
    }
    let manual = code.manual();
    json!({
        "id": code.id,
        "shortDescription": {"text": code.summary()},
        "fullDescription": {"text": code.summary()},
        "help": {"text": manual.trim(), "markdown": manual.trim()},
        "defaultConfiguration": {"level": level(code.severity)},
        "properties": properties,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        other => other.word(),
    }
}

fn result(report: &Report<'_>, diagnostic: &Diagnostic, rule: usize, name: &str) -> Value {
    let mut text = diagnostic.message.clone();
    if let Some(help) = diagnostic.advice() {
        text.push_str("\n\n");
        text.push_str(help);
    }
    let locations: Vec<Value> = location(report, &diagnostic.primary).into_iter().collect();
    let mut related = Vec::new();
    for label in diagnostic.related.iter().take(LOCATIONS) {
        let Some(mut at) = location(report, label) else { continue };
        let id = related.len() + 1;
        let words = if label.text.is_empty() { "see here" } else { &label.text };
        at["message"] = json!({"text": words});
        at["id"] = json!(id);
        // Only related places that the message links to are shown.
        let separator = if id == 1 { "\n\n" } else { ", " };
        let plain: String = words.chars().filter(|c| !matches!(c, '[' | ']' | '\\')).collect();
        text.push_str(&format!("{separator}[{plain}]({id})"));
        related.push(at);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.id,
        "ruleIndex": rule,
        "level": level(diagnostic.severity),
        "message": {"text": text},
        "locations": locations,
        "partialFingerprints": {"plimsoll/v1": name},
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
