//! The suite `go-regexp`: matches, replacements, splits.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gotmpl::regexp::Regexp;
use serde_json::{Map, Value, json};

use super::{Answer, Question};

pub fn answer(question: &Question) -> Answer {
    let (pattern, input) = (bytes(question, "pattern"), bytes(question, "input"));
    let regexp = Regexp::compile(&pattern).map_err(|e| e.to_string())?;
    let mut out = Map::new();
    if let Some(template) = question.get("template").and_then(Value::as_str) {
        put(&mut out, "expanded", &regexp.replace_all(&input, template.as_bytes()));
        return Ok(out);
    }
    let all = regexp.find_all(&input, usize::MAX).into_iter().map(|found| {
        let indexes = found.into_iter().flat_map(|range| match range {
            Some(range) => [range.start as i64, range.end as i64],
            None => [-1, -1],
        });
        indexes.map(Value::from).collect::<Value>()
    });
    out.insert("all".into(), all.collect());
    out.insert("names".into(), json!(regexp.names()));
    put(&mut out, "replace", &regexp.replace_all(&input, b"<${1}>"));
    put(&mut out, "replace0", &regexp.replace_all(&input, b"[$0]"));
    let parts = regexp.split(&input, -1).map_or_else(Vec::new, |pieces| pieces.ranges);
    out.insert(
        "split".into(),
        parts.into_iter().map(|range| String::from_utf8_lossy(&input[range]).into_owned()).collect(),
    );
    Ok(out)
}

fn bytes(question: &Question, key: &str) -> Vec<u8> {
    let text = |key: &str| question.get(key).and_then(Value::as_str);
    match text(&format!("{key}_b64")) {
        Some(encoded) => STANDARD.decode(encoded).unwrap_or_default(),
        None => text(key).unwrap_or_default().as_bytes().to_vec(),
    }
}

fn put(out: &mut Map<String, Value>, key: &str, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.insert(key.to_owned(), text.into()),
        Err(_) => out.insert(format!("{key}_b64"), STANDARD.encode(bytes).into()),
    };
}
