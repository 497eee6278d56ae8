//! Answers the questions of the unit suites: JSON lines on stdin, JSON lines on stdout.

mod go_regexp;
mod go_time_format;
mod json_patch;
mod printf;
mod quantity;
mod semver;
mod strvals;
pub mod template;
mod typed;
mod yaml_decode;
mod yaml_encode;
mod yaml_roundtrip;

use std::io::{BufRead, Write};

use serde_json::{Map, Value};

/// One question: the recorded case without its answer.
pub type Question = Map<String, Value>;

/// What a suite's answerer gives: the fields that the recorded answer has, or the error's text.
pub type Answer = Result<Map<String, Value>, String>;

/// A field of this name holds the text of the field `json`, whose numbers no parser may touch.
pub const RAW: &str = "json as text";

type Answerer = fn(&Question) -> Answer;

/// One file a suite in this folder, one line a suite here.
#[rustfmt::skip]
const ANSWERERS: &[(&str, Answerer)] = &[
    ("go-regexp", go_regexp::answer),
    ("go-time-format", go_time_format::answer),
    ("printf", printf::answer),
    ("json-patch", json_patch::answer),
    ("quantity", quantity::answer),
    ("semver", semver::answer),
    ("strvals", strvals::answer),
    ("template-functions", template::answer),
    ("template-language", template::answer),
    ("yaml-decode", yaml_decode::answer),
    ("yaml-encode", yaml_encode::answer),
    ("yaml-roundtrip", yaml_roundtrip::answer),
];

fn answerer(suite: &str) -> Option<Answerer> {
    let found = ANSWERERS.iter().find(|(name, _)| *name == suite);
    found.map(|(_, answerer)| *answerer)
}

/// Reads all questions of stdin and answers each.
pub fn run(suite: &str) -> Result<(), String> {
    let answer = answerer(suite).ok_or_else(|| format!("no answers for the suite `{suite}` yet"))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| e.to_string())?;
        let question: Question = serde_json::from_str(&line).map_err(|e| e.to_string())?;
        let mut fields =
            answer(&question).unwrap_or_else(|e| Map::from_iter([("error".to_owned(), e.into())]));
        if let Some(id) = question.get("id") {
            fields.insert("id".to_owned(), id.clone());
        }
        let raw = fields.get_mut(RAW).map(Value::take);
        let mut text = serde_json::to_string(&fields).map_err(|e| e.to_string())?;
        if let Some(Value::String(raw)) = raw {
            text = text.replacen(&format!("\"{RAW}\":null"), &format!("\"json\":{raw}"), 1);
        }
        writeln!(out, "{text}").map_err(|e| e.to_string())?;
    }
    out.flush().map_err(|e| e.to_string())
}
