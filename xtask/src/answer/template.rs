//! What the three template suites share: the chart of `template-context.json` and one render in it.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gotmpl::helm::{self, Capabilities, Maintainer, Metadata};
use gotmpl::{
    Data, Engine, IntKind, Map, MapRef, NoServices, Options, Profile, Services, Templates, Text, Type, Value,
};
use serde_json::Value as Json;

use super::typed::Typed;
use super::{Answer, Question};
use crate::process::root;

/// Where the suite's chart stands from the root of the repository, unless the variable of that name says otherwise.
const CONTEXT: &str = "../shared/conformance/units/template-context.json";

fn context() -> Result<&'static Json, String> {
    static READ: OnceLock<Result<Json, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let path = std::env::var_os("TEMPLATE_CONTEXT").map_or_else(|| root().join(CONTEXT), PathBuf::from);
        let fault = |e: &dyn Display| format!("{}: {e}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|e| fault(&e))?;
        serde_json::from_str(&text).map_err(|e| fault(&e))
    });
    read.as_ref().map_err(Clone::clone)
}

/// A recorded value as the engine's.
pub fn value(typed: &Typed) -> Value {
    match typed {
        Typed::Null | Typed::Time(_) => Value::NIL,
        Typed::Bool(b) => Value::bool(*b),
        Typed::Int(n) => Value::int64(*n),
        Typed::UInt(n) => Value::new(Data::Uint(gotmpl::UintKind::Uint64, *n)),
        Typed::Float(f) => Value::float(*f),
        Typed::Str(text) => Value::str(&text[..]),
        Typed::List(items) => Value::read_list(items.iter().map(value).collect()),
        Typed::Map(entries) => Value::map(entries.iter().map(|(k, v)| (key(k), value(v)))),
    }
}

fn key(typed: &Typed) -> Text {
    match typed {
        Typed::Str(text) => Text::from(&text[..]),
        _ => Text::default(),
    }
}

fn str(json: &Json, name: &str) -> Text {
    Text::from(json[name].as_str().unwrap_or_default())
}

fn bytes(json: &Json) -> Vec<u8> {
    match (json.as_str(), json["!bytes"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(encoded)) => STANDARD.decode(encoded).unwrap_or_default(),
        (None, None) => Vec::new(),
    }
}

fn list(json: &Json, name: &str) -> Vec<Text> {
    let items = json[name].as_array().into_iter().flatten();
    items.filter_map(|i| i.as_str()).map(Text::from).collect()
}

fn entries(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

fn metadata(chart: &Json) -> Metadata {
    let maintainers = chart["maintainers"].as_array().into_iter().flatten();
    Metadata {
        name: str(chart, "name"),
        home: str(chart, "home"),
        version: str(chart, "version"),
        description: str(chart, "description"),
        keywords: list(chart, "keywords"),
        maintainers: maintainers
            .map(|m| Maintainer { name: str(m, "name"), email: str(m, "email"), url: str(m, "url") })
            .collect(),
        api_version: str(chart, "apiVersion"),
        app_version: str(chart, "appVersion"),
        annotations: chart["annotations"].as_object().map(|all| {
            all.iter()
                .map(|(k, v)| (Text::from(k.as_str()), Text::from(v.as_str().unwrap_or_default())))
                .collect()
        }),
        kube_version: str(chart, "kubeVersion"),
        kind: str(chart, "type"),
        ..Metadata::default()
    }
}

fn scope(profile: Profile, values: Value) -> Result<Value, String> {
    let context = context()?;
    let kube = context["capabilities"]["KubeVersion"].as_str().unwrap_or_default();
    let mut numbers = kube.trim_start_matches('v').split('.');
    let name = if profile == Profile::Helm4 { "helm4" } else { "helm3" };
    let capabilities = Capabilities {
        version: kube.into(),
        normalized: kube.into(),
        major: numbers.next().unwrap_or_default().into(),
        minor: numbers.next().unwrap_or_default().into(),
        api_versions: list(&context["capabilities"], "APIVersions"),
        helm: str(&context["capabilities"]["HelmVersion"], name),
        ..Capabilities::default()
    };
    let release = entries(&context["release"]).map(|(k, v)| {
        let value = match v {
            Json::Bool(b) => Value::bool(*b),
            Json::Number(n) => Value::new(Data::Int(IntKind::Int, n.as_i64().unwrap_or(0))),
            other => Value::str(other.as_str().unwrap_or_default()),
        };
        (Text::from(k.as_str()), value)
    });
    let files = entries(&context["files"]).map(|(k, v)| (Text::from(k.as_str()), Text::from(bytes(v))));
    let named = |entries: Vec<(Text, Value)>| {
        Value::from(MapRef::from(Map::of(helm::values_type(profile), entries.into_iter().collect())))
    };
    let template = entries(&context["template"])
        .map(|(k, v)| (Text::from(k.as_str()), Value::str(v.as_str().unwrap_or_default())));
    let values = match values.as_map() {
        Some(map) => Value::from(MapRef::from(map.with_type(helm::values_type(profile)))),
        None => named(Vec::new()),
    };
    Ok(named(vec![
        ("Chart".into(), helm::chart(profile, &metadata(&context["chart"]), true)),
        ("Files".into(), helm::files(files)),
        ("Release".into(), Value::map(release)),
        ("Capabilities".into(), helm::capabilities(profile, &capabilities)),
        ("Values".into(), values),
        ("Subcharts".into(), Value::from(MapRef::from(Map::new(Type::MAP)))),
        ("Template".into(), named(template.collect())),
    ]))
}

/// Renders the question's template; `Err` holds Helm's words.
pub fn render(profile: Profile, question: &Question, services: &mut dyn Services) -> Result<Text, String> {
    let mut files = Vec::new();
    let chart = context()?["chart"]["name"].as_str().unwrap_or_default();
    for (path, text) in question.get("templates").into_iter().flat_map(entries) {
        files.push((format!("{chart}/{path}"), bytes(text)));
    }
    let main = format!("{chart}/templates/t.yaml");
    files.push((main.clone(), text(question, "template")?));
    files.sort_by_key(|(name, _)| name.clone());
    let mut names: Vec<String> = files.iter().map(|(n, _)| n.clone()).collect();
    helm::sort(&mut names);
    let mut templates = Templates::new(profile);
    for name in &names {
        let text = files.iter().find(|(n, _)| n == name).map(|(_, t)| &t[..]).unwrap_or_default();
        templates.add(name.as_str(), text, None).map_err(|e| helm::parse_error(name, &e))?;
    }
    let mut options = Options::new(profile);
    options.strict = question.get("strict").and_then(Json::as_bool).unwrap_or(false);
    let values = question.get("values").map_or(Typed::Null, Typed::of);
    let dot = scope(profile, value(&values))?;
    // Templates write to what they are given, so the second rendering gets its own.
    let second = scope(profile, value(&values))?;
    let mut out = Err(format!("no {main}"));
    for name in names.iter().filter(|n| !n.rsplit('/').next().is_some_and(|b| b.starts_with('_'))) {
        let is_main = *name == main;
        for scope in [&dot, &second].into_iter().filter_map(|dot| dot.as_map()) {
            let base = Value::str(format!("{chart}/templates"));
            let template = [("Name".into(), Value::str(name.as_str())), ("BasePath".into(), base)];
            let template = Map::of(helm::values_type(profile), template.into_iter().collect());
            scope.insert("Template".into(), MapRef::from(template).into());
        }
        let rendered = Engine::new(&templates, options.clone(), services).render(name, dot.clone());
        let rendered = rendered.map_err(|e| helm::exec_error(profile, name, &e))?;
        check_traced(&templates, &options, name, &second, &rendered, services)?;
        if is_main {
            out = Ok(rendered);
        }
    }
    out
}

/// Renders again with origins and compares: the bytes have to be the same, and covered without gaps.
fn check_traced(
    templates: &Templates,
    options: &Options,
    name: &str,
    dot: &Value,
    plain: &Text,
    services: &mut dyn Services,
) -> Result<(), String> {
    let mut origins = source::Origins::new();
    let mut engine = Engine::new(templates, options.clone(), services).traced(&mut origins);
    let traced = engine.render(name, dot.clone()).map_err(|e| format!("traced: {e}"))?;
    let mut covered = 0;
    for (range, _) in traced.segments() {
        if range.start != covered {
            return Err(format!("traced: nothing is known of {covered}..{}", range.start));
        }
        covered = range.end;
    }
    if traced != *plain || covered != plain.len() {
        return Err(format!("traced: {:?}", traced.lossy()));
    }
    Ok(())
}

fn text(question: &Question, name: &str) -> Result<Vec<u8>, String> {
    if let Some(text) = question.get(name).and_then(Json::as_str) {
        return Ok(text.as_bytes().to_vec());
    }
    let encoded = question.get(&format!("{name}_b64")).and_then(Json::as_str).ok_or("no template")?;
    STANDARD.decode(encoded).map_err(|e| e.to_string())
}

/// `{output: text}`, or `output_b64` for what is no UTF-8.
pub fn output(text: &Text) -> serde_json::Map<String, Json> {
    let mut fields = serde_json::Map::new();
    match std::str::from_utf8(text.bytes()) {
        Ok(text) => fields.insert("output".to_owned(), text.into()),
        Err(_) => fields.insert("output_b64".to_owned(), STANDARD.encode(text.bytes()).into()),
    };
    fields
}

/// Answers a question of `template-language` and `template-functions`.
pub fn answer(question: &Question) -> Answer {
    let profile = match question.get("profile").and_then(Json::as_str) {
        Some("helm3") => Profile::Helm3,
        _ => Profile::Helm4,
    };
    let first = render(profile, question, &mut NoServices);
    // What is recorded for both has to come out of both.
    if question.get("profile").and_then(Json::as_str) == Some("helm4+helm3") {
        let second = render(Profile::Helm3, question, &mut NoServices);
        if first != second {
            return Err(format!("helm4: {first:?}, helm3: {second:?}"));
        }
    }
    first.map(|text| output(&text))
}
