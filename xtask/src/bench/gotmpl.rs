//! The template engine: how fast it parses real templates, and parsing and rendering a large chart against Helm's engine.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gotmpl::helm::{self, Capabilities, Dependency, Maintainer, Metadata};
use gotmpl::{
    Data, Engine, IntKind, Library, Map, MapRef, NoServices, Options, Profile, Templates, Text, Type, Value,
    parse,
};
use serde_json::Value as Json;

use super::Report;
use crate::{files, go_peer};

const CHART: &str = "prometheus-community--helm-charts/kube-prometheus-stack";
const ROUNDS: usize = 11;
const PROFILE: Profile = Profile::Helm4;

/// Runs the benchmark; `inputs` stands beside the folder of charts.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let charts = inputs.join("../helm/charts");
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let peer = go_peer::gotmpl();
    let mut body = parsing(&charts, folder.path(), peer.as_ref().ok())?;
    match &peer {
        Ok(peer) => match rendering(&charts.join(CHART), folder.path(), peer) {
            Ok(text) => body += &text,
            Err(e) => body += &format!("\n{CHART} does not render: {e}\n"),
        },
        Err(e) => body += &format!("\nHelm's engine: missing ({e})\n"),
    }
    Ok(Report { title: "The template engine against Go's text/template in Helm 4.2.4.".to_owned(), body })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

// ---- parsing

fn parsing(charts: &Path, folder: &Path, peer: Option<&PathBuf>) -> Result<String, String> {
    let library = Library::of(PROFILE);
    let mut paths = Vec::new();
    let mut texts: Vec<Arc<[u8]>> = Vec::new();
    for path in files::below(charts, is_template)? {
        let text: Arc<[u8]> = std::fs::read(&path).map_err(|e| e.to_string())?.into();
        if parse::parse("t", text.clone(), library).is_ok() {
            paths.push(path);
            texts.push(text);
        }
    }
    let bytes: usize = texts.iter().map(|t| t.len()).sum();
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        for text in &texts {
            std::hint::black_box(parse::parse("t", text.clone(), library).is_ok());
        }
        start.elapsed()
    });
    let ours = median(times.collect());
    let mut body = format!("Parsing {} templates, {:.1} MB:\n\n", texts.len(), bytes as f64 / 1e6);
    let rate = |time: Duration| format!("{:.0} MB/s", bytes as f64 / 1e6 / time.as_secs_f64());
    let _ = writeln!(body, "| | time | rate |\n|---|---|---|");
    let _ = writeln!(body, "| plimsoll | {} | {} |", milliseconds(ours), rate(ours));
    if let Some(peer) = peer {
        let list = folder.join("list.json");
        std::fs::write(&list, serde_json::to_string(&paths).map_err(|e| e.to_string())?)
            .map_err(|e| e.to_string())?;
        let out = output(Command::new(peer).arg("parse").arg(&list).arg(ROUNDS.to_string()))?;
        let go = Duration::from_nanos(out.trim().parse().map_err(|_| format!("the peer said {out}"))?);
        let _ = writeln!(body, "| Go | {} | {} |", milliseconds(go), rate(go));
        let _ = writeln!(body, "\nRatio: {:.1}x", go.as_secs_f64() / ours.as_secs_f64());
    }
    Ok(body)
}

/// Whether a file of a chart is one of its templates.
fn is_template(path: &Path) -> bool {
    path.components().any(|c| c.as_os_str() == "templates")
        && files::has_extension(path, &["yaml", "tpl", "txt"])
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

// ---- rendering

fn rendering(chart: &Path, folder: &Path, peer: &Path) -> Result<String, String> {
    let dump = folder.join("dump.json");
    output(Command::new(peer).arg("bench").arg(chart).arg(&dump).arg(ROUNDS.to_string()))?;
    let text = std::fs::read_to_string(&dump).map_err(|e| e.to_string())?;
    let dump: Json = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let go = Duration::from_nanos(dump["nanos"].as_u64().unwrap_or(0));
    let mut differ = Vec::new();
    let plain = measure(&dump, false, &mut differ)?;
    let traced = measure(&dump, true, &mut Vec::new())?;
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    let mut body = format!("\nParsing and rendering {CHART} with its default values:\n\n");
    let _ = writeln!(body, "| | time |\n|---|---|");
    let _ = writeln!(body, "| plimsoll | {} |", milliseconds(plain));
    let _ = writeln!(body, "| plimsoll, traced | {} |", milliseconds(traced));
    let _ = writeln!(body, "| Helm | {} |", milliseconds(go));
    let _ = writeln!(body, "\nRatio: {:.1}x; traced costs {:.2}x", ratio(go, plain), ratio(traced, plain));
    let _ = writeln!(body, "\nFiles whose text differs (random ones among them): {}", differ.len());
    for name in differ.iter().take(10) {
        let _ = writeln!(body, "- {name}");
    }
    Ok(body)
}

fn measure(dump: &Json, traced: bool, differ: &mut Vec<String>) -> Result<Duration, String> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let mut all = Vec::new();
        let values = json(&dump["values"]);
        scopes(&dump["chart"], dump, "", &values, true, &mut all);
        all.sort_by(|a, b| a.name.cmp(&b.name));
        let mut names: Vec<String> = all.iter().map(|f| f.name.clone()).collect();
        helm::sort(&mut names);
        let find = |name: &String| all.binary_search_by(|f| f.name.cmp(name)).ok().map(|at| &all[at]);
        let mut origins = source::Origins::new();
        differ.clear();
        let start = Instant::now();
        let mut templates = Templates::new(PROFILE);
        for (at, file) in names.iter().filter_map(find).enumerate() {
            let source = Some(source::SourceId(at as u32));
            templates.add(file.name.as_str(), &file.text, source).map_err(|e| e.to_string())?;
        }
        let mut services = NoServices;
        for file in names.iter().filter_map(find).filter(|f| !f.is_partial()) {
            if let Some(scope) = file.scope.as_map() {
                let entries = [
                    ("Name".into(), Value::str(file.name.as_str())),
                    ("BasePath".into(), Value::str(file.base.as_str())),
                ];
                let template = Map::of(helm::values_type(PROFILE), entries.into_iter().collect());
                scope.insert("Template".into(), MapRef::from(template).into());
            }
            let mut engine = Engine::new(&templates, Options::new(PROFILE), &mut services);
            if traced {
                engine = engine.traced(&mut origins);
            }
            let text = engine.render(&file.name, file.scope.clone()).map_err(|e| e.to_string())?;
            if dump["rendered"][&file.name].as_str().map(str::as_bytes) != Some(text.bytes()) {
                differ.push(file.name.clone());
            }
        }
        times.push(start.elapsed());
    }
    Ok(median(times))
}

struct File {
    name: String,
    text: Vec<u8>,
    scope: Value,
    base: String,
}

impl File {
    fn is_partial(&self) -> bool {
        self.name.rsplit('/').next().is_some_and(|b| b.starts_with('_'))
    }
}

fn json(value: &Json) -> Value {
    match value {
        Json::Null => Value::NIL,
        Json::Bool(b) => Value::bool(*b),
        Json::Number(n) => Value::float(n.as_f64().unwrap_or(0.0)),
        Json::String(s) => Value::str(s.as_str()),
        Json::Array(items) => Value::read_list(items.iter().map(json).collect()),
        Json::Object(map) => Value::map(map.iter().map(|(k, v)| (Text::from(k.as_str()), json(v)))),
    }
}

fn named(map: Map) -> Value {
    MapRef::from(map).into()
}

/// Puts the scope and the files of a chart and its subcharts together, as Helm does.
fn scopes(
    chart: &Json,
    dump: &Json,
    above: &str,
    values: &Value,
    is_root: bool,
    out: &mut Vec<File>,
) -> Value {
    let ty = helm::values_type(PROFILE);
    let name = chart["name"].as_str().unwrap_or_default();
    let path = if is_root { name.to_owned() } else { format!("{above}/charts/{name}") };
    let values = match values.as_map() {
        Some(map) => named(map.with_type(ty)),
        None => named(Map::new(ty)),
    };
    let kube = dump["kube"].as_str().unwrap_or_default();
    let mut numbers = kube.trim_start_matches('v').split('.');
    let capabilities = Capabilities {
        version: kube.into(),
        normalized: kube.into(),
        major: numbers.next().unwrap_or_default().into(),
        minor: numbers.next().unwrap_or_default().into(),
        api_versions: strings(&dump["apis"]),
        ..Capabilities::default()
    };
    let release = [
        ("Name", Value::str("release-name")),
        ("Namespace", Value::str("default")),
        ("IsUpgrade", Value::bool(false)),
        ("IsInstall", Value::bool(true)),
        ("Revision", Value::new(Data::Int(IntKind::Int, 1))),
        ("Service", Value::str("Helm")),
    ];
    let pairs = |list: &Json| -> Vec<(String, Vec<u8>)> {
        let pairs = list.as_array().into_iter().flatten();
        pairs
            .map(|p| {
                let bytes = STANDARD.decode(p[1].as_str().unwrap_or_default()).unwrap_or_default();
                (p[0].as_str().unwrap_or_default().to_owned(), bytes)
            })
            .collect()
    };
    let files = pairs(&chart["files"]).into_iter().map(|(k, v)| (Text::from(k), Text::from(v)));
    let subcharts = MapRef::from(Map::new(Type::MAP));
    let entries = [
        ("Chart", helm::chart(PROFILE, &metadata(&chart["meta"]), is_root)),
        ("Files", helm::files(files)),
        ("Release", Value::map(release.map(|(k, v)| (Text::from(k), v)))),
        ("Capabilities", helm::capabilities(PROFILE, &capabilities)),
        ("Values", values.clone()),
        ("Subcharts", subcharts.clone().into()),
    ];
    let scope = named(Map::of(ty, entries.map(|(k, v)| (Text::from(k), v)).into_iter().collect()));
    for sub in chart["charts"].as_array().into_iter().flatten() {
        let name = sub["name"].as_str().unwrap_or_default();
        let values = values.as_map().and_then(|v| v.get(name.as_bytes())).unwrap_or_default();
        let scope = scopes(sub, dump, &path, &values, false, out);
        subcharts.insert(name.into(), scope);
    }
    let is_library = chart["library"].as_bool().unwrap_or(false);
    for (file, text) in pairs(&chart["templates"]) {
        let file = File {
            name: format!("{path}/{file}"),
            text,
            scope: scope.clone(),
            base: format!("{path}/templates"),
        };
        if !is_library || file.is_partial() {
            out.push(file);
        }
    }
    scope
}

fn strings(list: &Json) -> Vec<Text> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str).map(Text::from).collect()
}

fn metadata(meta: &Json) -> Metadata {
    let str = |of: &Json, name: &str| Text::from(of[name].as_str().unwrap_or_default());
    let each = |name: &str| meta[name].as_array().cloned().unwrap_or_default();
    Metadata {
        name: str(meta, "name"),
        home: str(meta, "home"),
        sources: strings(&meta["sources"]),
        version: str(meta, "version"),
        description: str(meta, "description"),
        keywords: strings(&meta["keywords"]),
        maintainers: each("maintainers")
            .iter()
            .map(|m| Maintainer { name: str(m, "name"), email: str(m, "email"), url: str(m, "url") })
            .collect(),
        icon: str(meta, "icon"),
        api_version: str(meta, "apiVersion"),
        app_version: str(meta, "appVersion"),
        annotations: meta["annotations"].as_object().map(|all| {
            all.iter().map(|(k, v)| (k.as_str().into(), v.as_str().unwrap_or_default().into())).collect()
        }),
        kube_version: str(meta, "kubeVersion"),
        dependencies: each("dependencies")
            .iter()
            .map(|d| Dependency {
                name: str(d, "name"),
                version: str(d, "version"),
                repository: str(d, "repository"),
                condition: str(d, "condition"),
                alias: str(d, "alias"),
                ..Dependency::default()
            })
            .collect(),
        kind: str(meta, "type"),
        ..Metadata::default()
    }
}
