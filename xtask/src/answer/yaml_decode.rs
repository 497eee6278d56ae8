//! YAML text to values: what sigs.k8s.io/yaml, Helm, go-yaml v2 and v3 make of it, or their error's text.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use serde_json::{Map, Value as Json, json};
use source::{Diagnostic, Diagnostics, SourceId};
use yaml::{Doc, Kind, Node, Options, Profile, Style, Value, codes};

use super::{Answer, Question, RAW};

const SOURCE: SourceId = SourceId(0);

pub fn answer(question: &Question) -> Answer {
    let profile = question.get("profile").and_then(Json::as_str).unwrap_or_default();
    let several = profile.starts_with("go-yaml-v3");
    let wrap = |error: String| match profile {
        "helm-values" => format!("error converting YAML to JSON: {error}"),
        _ if several => format!("document 0: {error}"),
        _ => error,
    };
    let text = text(question).map_err(|e| wrap(e.upstream.unwrap_or(e.message)))?;
    if profile == "sigs-yaml" {
        let json = sigs_text(&text, Profile::Kubernetes, false).map_err(wrap)?;
        return Ok(Question::from_iter([(RAW.to_owned(), json.into())]));
    }
    let json = match profile {
        "sigs-yaml-strict" => sigs(&text, Profile::Kubernetes, true),
        "helm-values" => helm_values(&text),
        "go-yaml-v2" => first(&text, Profile::GoYamlV2, false)
            .map(|doc| root(&doc).map_or(Json::Null, |node| typed(node, false))),
        "go-yaml-v3" => all(&text, Profile::GoYamlV3, |node| typed(node, true)),
        "go-yaml-v3-node" => {
            all(&text, Profile::Kustomize, |node| json!({"kind": "doc", "items": [tree(node)]}))
        }
        other => Err(format!("no profile {other}")),
    };
    let json = json.map_err(|e| if several { e } else { wrap(e) })?;
    // Its own words for JSON that is no map stand behind another prefix.
    if profile == "helm-values" && !json.is_object() && !json.is_null() {
        let what = match json {
            Json::Array(_) => "array",
            Json::Bool(_) => "bool",
            Json::Number(_) => "number",
            _ => "string",
        };
        return Err(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what} into Go value of type \
             common.Values"
        ));
    }
    let json = if profile == "helm-values" && json.is_null() { json!({}) } else { json };
    Ok(Question::from_iter([("json".to_owned(), json)]))
}

fn text(question: &Question) -> Result<Arc<str>, Box<Diagnostic>> {
    if let Some(text) = question.get("text").and_then(Json::as_str) {
        return Ok(text.into());
    }
    let encoded = question.get("text_b64").and_then(Json::as_str).unwrap_or_default();
    let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap_or_default();
    yaml::decode(SOURCE, &bytes)
}

fn root(doc: &Option<Arc<Doc>>) -> Option<Node<'_>> {
    doc.as_ref().and_then(|doc| doc.root())
}

/// The first document, or the error that upstream reports.
fn first(text: &Arc<str>, profile: Profile, strict: bool) -> Result<Option<Arc<Doc>>, String> {
    let mut out = Diagnostics::new();
    let doc = yaml::read_first(SOURCE, text, &Options::new(profile), &mut out);
    error(out.iter(), strict).map_or(Ok(doc), Err)
}

/// Upstream's one text of what was found in a document: the first, but equal keys are collected and come last.
fn error<'a>(found: impl Iterator<Item = &'a Diagnostic>, strict: bool) -> Option<String> {
    let (equal, others): (Vec<_>, Vec<_>) =
        found.partition(|d| *d.code == codes::YAML_DUPLICATE_KEY || *d.code == codes::YAML_MERGE_OVERRIDE);
    let text = |d: &Diagnostic| d.upstream.clone().unwrap_or_else(|| d.message.clone());
    // What go-yaml says comes before what the conversion to JSON says.
    let hard = others.iter().find(|d| text(d).starts_with("yaml:"));
    if let Some(hard) = hard {
        return Some(text(hard));
    }
    if strict && !equal.is_empty() {
        let lines: Vec<String> = equal.into_iter().map(text).collect();
        return Some(format!("yaml: unmarshal errors:\n  {}", lines.join("\n  ")));
    }
    others.first().map(|d| text(d))
}

fn sigs_text(text: &Arc<str>, profile: Profile, strict: bool) -> Result<String, String> {
    let doc = first(text, profile, strict)?;
    let Some(node) = root(&doc) else { return Ok("null".to_owned()) };
    let mut out = Vec::new();
    yaml::to_json(node, &mut out);
    String::from_utf8(out).map_err(|e| e.to_string())
}

fn sigs(text: &Arc<str>, profile: Profile, strict: bool) -> Result<Json, String> {
    serde_json::from_str(&sigs_text(text, profile, strict)?).map_err(|e| e.to_string())
}

/// Helm decodes the JSON, so that every number is a float.
fn helm_values(text: &Arc<str>) -> Result<Json, String> {
    fn floats(json: Json) -> Json {
        match json {
            Json::Number(n) => json!(n.as_f64()),
            Json::Array(items) => items.into_iter().map(floats).collect(),
            Json::Object(map) => Json::Object(map.into_iter().map(|(k, v)| (k, floats(v))).collect()),
            other => other,
        }
    }
    sigs(text, Profile::HelmValues, false).map(floats)
}

/// All documents of the stream, up to the first error.
fn all(text: &Arc<str>, profile: Profile, show: impl Fn(Node<'_>) -> Json) -> Result<Json, String> {
    let mut out = Diagnostics::new();
    let mut options = Options::new(profile);
    if profile == Profile::Kustomize {
        // Nodes alone expand nothing. They come of one decoder of go-yaml's, without kyaml's cutting.
        options.limits.expanded = u64::MAX;
        options.keep_anchors = true;
    }
    let docs = yaml::read(SOURCE, text, &options, &mut out);
    let at = |d: &Diagnostic| d.primary.at.span().map_or(0, |span| span.start);
    // Nodes are not decoded: what only decoding finds is no error.
    let nodes = profile == Profile::Kustomize;
    let counts = |d: &&Diagnostic| {
        !nodes
            || *d.code != codes::YAML_DUPLICATE_KEY && *d.code != codes::YAML_ALIAS
            || d.upstream.as_deref().is_some_and(|u| u.contains("unknown anchor"))
    };
    if let Some(first) = out.iter().filter(counts).min_by_key(|d| at(d)) {
        let end = at(first);
        let before =
            docs.iter().take_while(|doc| !doc.is_broken() && doc.span().1 <= end && doc.span().1 > 0).count();
        let inside = docs.get(before).map_or(end..u32::MAX, |doc| end..doc.span().1.max(end + 1));
        let found = out.iter().filter(counts).filter(|d| inside.contains(&at(d)));
        let text = error(found, true).unwrap_or_default();
        return Err(format!("document {before}: {text}"));
    }
    Ok(docs.iter().map(|doc| doc.root().map_or(Json::Null, &show)).collect())
}

/// A Go value as the suite shows it.
fn typed(node: Node<'_>, v3: bool) -> Json {
    match node.value() {
        Value::Null => Json::Null,
        Value::Bool(b) => b.into(),
        Value::Int(i) => i.into(),
        Value::UInt(u) => u.into(),
        Value::Float(f) if f.is_finite() => f.into(),
        Value::Float(f) => {
            json!({"!float": if f.is_nan() { ".nan" } else if f > 0.0 { ".inf" } else { "-.inf" }})
        }
        Value::Str(s) if v3 && node.short_tag() == "!!timestamp" => match yaml::Timestamp::parse(s) {
            Some(time) => json!({"!time": time.to_string()}),
            None => s.into(),
        },
        Value::Str(s) if node.short_tag() == "!!binary" => string(s),
        Value::Str(s) => s.into(),
        Value::Seq => node.items().map(|item| typed(item, v3)).collect(),
        Value::Map => {
            let mut entries: Vec<(Json, Json)> = Vec::new();
            let mut places: HashMap<String, usize> = HashMap::new();
            for (key, value) in node.entries() {
                let (key, value) = (typed(key, v3), typed(value, v3));
                match places.entry(key.to_string()) {
                    std::collections::hash_map::Entry::Occupied(place) => entries[*place.get()].1 = value,
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(entries.len());
                        entries.push((key, value));
                    }
                }
            }
            let strings = entries.iter().all(|(key, _)| key.is_string());
            if strings {
                let pairs = entries.into_iter().map(|(k, v)| (k.as_str().unwrap_or("").to_owned(), v));
                return Json::Object(pairs.collect::<Map<_, _>>());
            }
            entries.sort_by_key(|(key, _)| key.to_string());
            json!({"!map": entries.into_iter().map(|(k, v)| json!([k, v])).collect::<Vec<_>>()})
        }
    }
}

fn string(encoded: &str) -> Json {
    let clean: String = encoded.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(clean).unwrap_or_default();
    match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(e) => json!({"!bytes": base64::engine::general_purpose::STANDARD.encode(e.as_bytes())}),
    }
}

/// A node as go-yaml v3 keeps it.
fn tree(node: Node<'_>) -> Json {
    let mut out = Map::new();
    if node.is_alias() {
        out.insert("kind".to_owned(), "alias".into());
        out.insert("value".to_owned(), node.alias_name().unwrap_or_default().into());
        return out.into();
    }
    let mut style = match (node.kind(), node.style()) {
        (_, Style::SingleQuoted) => "single",
        (_, Style::DoubleQuoted) => "double",
        (_, Style::Literal) => "literal",
        (_, Style::Folded) => "folded",
        (_, Style::Flow) => "flow",
        (_, Style::Plain | Style::Block) => "",
    }
    .to_owned();
    if node.tag().is_some_and(|tag| tag != "!") {
        style.push_str(if style.is_empty() { "tagged" } else { "+tagged" });
    }
    out.insert("tag".to_owned(), node.short_tag().into());
    if !style.is_empty() {
        out.insert("style".to_owned(), style.into());
    }
    out.extend(node.anchor().map(|name| ("anchor".to_owned(), name.into())));
    let (kind, items): (_, Vec<Json>) = match node.kind() {
        Kind::Scalar => {
            out.insert("value".to_owned(), node.text().into());
            ("scalar", Vec::new())
        }
        Kind::Seq => ("seq", node.items().map(tree).collect()),
        Kind::Map => ("map", node.written_entries().flat_map(|(k, v)| [tree(k), tree(v)]).collect()),
    };
    out.insert("kind".to_owned(), kind.into());
    if !items.is_empty() {
        out.insert("items".to_owned(), items.into());
    }
    out.into()
}
