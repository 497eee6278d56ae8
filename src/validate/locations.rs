//! `--schema-location`: JSON Schemas in kubeconform's layouts, in place of the built-in tables.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use gotmpl::{Engine, NoServices, Options, Profile, Templates, Value as Text};
use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use yaml::{Node, Value};

use super::codes::{SCHEMA_UNUSABLE, SCHEMA_VIOLATION};
use super::report::Report;
use crate::kube::{Bundle, Gvk, Resource};
use crate::schema::json::{How, JsonSchema, Problem, draft4};
use crate::world::World;

/// What is appended to a location that names no file.
const LAYOUT: &str = "/{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json";
/// The largest schema file that is read.
const BYTES: u64 = 64 << 20;
/// Documents that one schema may refer to.
const DOCUMENTS: usize = 1_000;
/// Values of one object, aliases expanded.
const NODES: usize = 1_000_000;

/// Where schemas are, in the order in which they are asked.
#[derive(Clone, Debug)]
pub struct Locations {
    all: Vec<Location>,
    /// `v1.37.0`, or `master` where no version was named.
    version: String,
    strict: bool,
}

#[derive(Clone, Debug)]
enum Location {
    /// The tables of the binary, and CustomResourceDefinitions.
    BuiltIn,
    /// A Go template of a path.
    Path(String),
}

impl Locations {
    /// From the values of the flag. `default` is what the binary knows; all else is a path, or a Go template of one.
    ///
    /// # Errors
    /// A location that is not on this machine, or a template that cannot be executed.
    pub fn new(texts: &[String], version: Option<&str>, strict: bool) -> Result<Self, String> {
        let version = match version {
            None | Some("master") => "master".to_owned(),
            Some(text) => format!("v{}", text.trim_start_matches('v')),
        };
        let mut locations = Locations { all: Vec::new(), version, strict };
        for text in texts {
            if text == "default" {
                locations.all.push(Location::BuiltIn);
                continue;
            }
            if text.starts_with("http:") || text.starts_with("https:") {
                return Err(format!("`{text}` is not on this machine, and nothing is fetched"));
            }
            let template = if text.ends_with("json") { text.clone() } else { format!("{text}{LAYOUT}") };
            locations.path(&template, &Gvk::parse("apps/v1", "Deployment"))?;
            locations.all.push(Location::Path(template));
        }
        Ok(locations)
    }

    /// Whether only what is named counts, and nothing that the binary knows.
    pub fn is_without_default(&self) -> bool {
        !self.all.iter().any(|location| matches!(location, Location::BuiltIn))
    }

    /// The path that a template makes for a kind.
    fn path(&self, template: &str, gvk: &Gvk) -> Result<PathBuf, String> {
        // Of the core group kubeconform's `Group` is the version.
        let group = if gvk.group.is_empty() { &gvk.version } else { &gvk.group };
        let first = group.split('.').next().unwrap_or("").to_lowercase();
        let suffix = match gvk.group.is_empty() {
            true => format!("-{first}"),
            false => format!("-{first}-{}", gvk.version.to_lowercase()),
        };
        let strict = if self.strict { "-strict" } else { "" };
        let variables = [
            ("NormalizedKubernetesVersion", self.version.as_str()),
            ("StrictSuffix", strict),
            ("ResourceKind", &gvk.kind.to_lowercase()),
            ("ResourceAPIVersion", &gvk.version),
            ("Group", group),
            ("KindSuffix", &suffix),
        ];
        let dot = Text::map(variables.map(|(name, text)| (name.into(), Text::str(text))));
        let broken = |error: gotmpl::Error| format!("`{template}` is no template of a path: {error}");
        let mut templates = Templates::new(Profile::Helm4);
        templates.add("location", template, None).map_err(broken)?;
        let mut services = NoServices;
        // A variable that there is not is an error to kubeconform, and no empty word of a path.
        let options = Options { strict: true, ..Options::new(Profile::Helm4) };
        let mut engine = Engine::new(&templates, options, &mut services);
        let text = engine.render("location", dot).map_err(broken)?;
        Ok(PathBuf::from(text.lossy().into_owned()))
    }

    /// What judges each kind of the objects.
    pub(super) fn ask<'a>(&self, bundle: &'a Bundle, world: &dyn World) -> Judges<'a> {
        let mut judges = FxHashMap::default();
        for resource in &bundle.resources {
            judges.entry(&resource.id.gvk).or_insert_with(|| self.judge(&resource.id.gvk, world));
        }
        Judges(judges)
    }

    /// The first location that has a usable schema.
    fn judge(&self, gvk: &Gvk, world: &dyn World) -> Judge {
        let mut broken = None;
        for location in &self.all {
            let Location::Path(template) = location else { return Judge::BuiltIn };
            let Ok(path) = self.path(template, gvk) else { continue };
            match schema(&path, world) {
                Ok(schema) => return Judge::Schema(Box::new(schema)),
                Err(Some(why)) => broken = broken.or(Some(why)),
                Err(None) => {}
            }
        }
        broken.map_or(Judge::None, Judge::Broken)
    }
}

/// What judges the objects of each kind.
pub(super) struct Judges<'a>(FxHashMap<&'a Gvk, Judge>);

impl Judges<'_> {
    /// What judges a kind.
    pub fn of(&self, gvk: &Gvk) -> &Judge {
        self.0.get(gvk).unwrap_or(&Judge::None)
    }
}

/// What judges a kind.
pub(super) enum Judge {
    /// The tables of the binary, or a CustomResourceDefinition.
    BuiltIn,
    /// A JSON Schema.
    Schema(Box<JsonSchema>),
    /// There was a schema, and it cannot be used.
    Broken(String),
    /// No location has a schema.
    None,
}

/// The schema of a file. `Err(None)` where there is none, otherwise why it cannot be used.
fn schema(path: &Path, world: &dyn World) -> Result<JsonSchema, Option<String>> {
    let bytes = world.read(path, BYTES).map_err(|_| None)?;
    let path = world.canonical(path).unwrap_or_else(|_| path.to_owned());
    let named = |why: String| Some(format!("{}: {why}", path.display()));
    let root: Json = serde_json::from_slice(&bytes).map_err(|error| named(error.to_string()))?;
    let mut documents = HashMap::new();
    gather(&root, &path, world, &mut documents);
    let fetch = Arc::new(move |address: &str| {
        let found: Option<&Json> = documents.get(address.split('#').next().unwrap_or(address));
        found.cloned().ok_or_else(|| "there is no such file, and nothing is fetched".to_owned())
    });
    let how = How { address: address(&path), draft: draft4(), go_durations: true, fetch };
    JsonSchema::compile(&root, how).map_err(named)
}

fn address(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Reads the files that a schema refers to, and those that they refer to.
fn gather(root: &Json, path: &Path, world: &dyn World, found: &mut HashMap<String, Json>) {
    let mut open = vec![(root.clone(), path.to_owned())];
    while let Some((document, path)) = open.pop() {
        for reference in references(&document) {
            let folder = path.parent().unwrap_or(Path::new("/"));
            let target = plain(&folder.join(reference.strip_prefix("file://").unwrap_or(&reference)));
            if found.len() >= DOCUMENTS || found.contains_key(&address(&target)) {
                continue;
            }
            let read = world.read(&target, BYTES).ok();
            if let Some(text) = read.and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok()) {
                found.insert(address(&target), text.clone());
                open.push((text, target));
            }
        }
    }
}

/// The files that a schema refers to.
fn references(document: &Json) -> Vec<String> {
    let mut files = Vec::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Json::Array(items) => open.extend(items),
            Json::Object(map) => {
                let file = map.get("$ref").and_then(Json::as_str).and_then(|r| r.split('#').next());
                files.extend(file.filter(|f| !f.is_empty() && !f.starts_with("http")).map(str::to_owned));
                open.extend(map.values());
            }
            _ => {}
        }
    }
    files
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// Judges an object by a schema: each violation at its value.
pub(super) fn judge(schema: &JsonSchema, resource: &Resource, report: &mut Report<'_>) {
    let mut left = NODES;
    let verdict = stacker::grow(64 << 20, || {
        let value = json(resource.root(), &mut left)?;
        Some(schema.check(&value))
    });
    let Some(verdict) = verdict else {
        let message = "the object is too large to be judged by a schema";
        report.push(&SCHEMA_VIOLATION, "FieldValueTooMany", resource.root(), String::new(), message);
        return;
    };
    let Some(problem) = verdict else { return };
    let all = unquoted(problem.lines().replace('\n', " "));
    let upstream = format!("jsonschema validation failed with '{}' {all}", schema.location());
    for part in problem.parts() {
        tell(part, resource, &upstream, report);
    }
}

fn tell(part: &Problem, resource: &Resource, upstream: &str, report: &mut Report<'_>) {
    let (node, field) = find(resource.root(), &part.path);
    let name = part.path.last().map_or_else(|| "the object".to_owned(), |name| format!("`{name}`"));
    let mut related = Vec::new();
    let mut open: Vec<&Problem> = part.causes.iter().rev().collect();
    while let Some(cause) = open.pop() {
        if cause.causes.is_empty() {
            let (node, _) = find(resource.root(), &cause.path);
            related.push(source::Label::new(report.place(node), cause.message.clone()));
        }
        open.extend(cause.causes.iter().rev());
    }
    // Behind a reference there is often one thing wrong, which is what a person wants to know.
    let says = match related.as_slice() {
        [one] => one.text.clone(),
        _ => part.message.clone(),
    };
    let finding = report.push(&SCHEMA_VIOLATION, "FieldValueInvalid", node, field, format!("{name}: {says}"));
    finding.primary.text = unquoted(part.message.clone());
    finding.upstream = Some(upstream.to_owned());
    finding.related = related;
}

/// The validator's version in kubeconform does not quote the names of keywords, which Helm's does.
fn unquoted(mut text: String) -> String {
    for keyword in ["allOf", "anyOf", "oneOf", "not", "const", "enum"] {
        text = text.replace(&format!("'{keyword}' failed"), &format!("{keyword} failed"));
    }
    text
}

/// A schema that cannot be used.
pub(super) fn broken(why: &str, resource: &Resource, report: &mut Report<'_>) {
    let node = resource.root().get("kind").unwrap_or(resource.root());
    let message = format!("the schema of `{}` cannot be used: {why}", resource.id.gvk.kind);
    report.push(&SCHEMA_UNUSABLE, "NotFound", node, String::new(), message);
}

/// The node at the end of a way, or the last there is on it, and the way as a field.
fn find<'a>(root: Node<'a>, path: &[String]) -> (Node<'a>, String) {
    let (mut node, mut field, mut lost) = (root, String::new(), false);
    for step in path {
        let is_list = node.kind() == yaml::Kind::Seq && !lost;
        match (is_list, step.contains(['.', '[', ']', '/'])) {
            (false, false) if field.is_empty() => field.push_str(step),
            (false, false) => {
                field.push('.');
                field.push_str(step);
            }
            _ => field.push_str(&format!("[{step}]")),
        }
        let next = match is_list {
            true => step.parse().ok().and_then(|at: usize| node.items().nth(at)),
            false => node.get(step),
        };
        match next.filter(|_| !lost) {
            Some(next) => node = next,
            None => lost = true,
        }
    }
    (node, field)
}

/// The JSON of a node; a number without a fraction is an integer in every draft. `None` where aliases make it too large.
fn json(node: Node<'_>, left: &mut usize) -> Option<Json> {
    *left = left.checked_sub(1)?;
    stacker::maybe_grow(64 << 10, 1 << 20, || {
        Some(match node.value() {
            Value::Null => Json::Null,
            Value::Bool(b) => b.into(),
            Value::Str(text) => text.into(),
            Value::Int(i) => i.into(),
            Value::UInt(u) => u.into(),
            Value::Float(f) if f.fract() == 0.0 && f.abs() <= 9_007_199_254_740_992.0 => (f as i64).into(),
            Value::Float(f) => f.into(),
            Value::Seq => Json::Array(node.items().map(|item| json(item, left)).collect::<Option<_>>()?),
            Value::Map => {
                let entries = node.entries().map(|(k, v)| Some((k.text().to_owned(), json(v, left)?)));
                Json::Object(entries.collect::<Option<_>>()?)
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str, version: Option<&str>, strict: bool, gvk: &Gvk) -> String {
        let locations = Locations::new(&[template.to_owned()], version, strict).unwrap();
        let Some(Location::Path(template)) = locations.all.first() else { return String::new() };
        locations.path(template, gvk).unwrap().display().to_string()
    }

    #[test]
    fn paths_are_those_of_kubeconform() {
        let deployment = Gvk::parse("apps/v1", "Deployment");
        let ingress = Gvk::parse("networking.k8s.io/v1", "Ingress");
        assert_eq!(
            path("s", Some("1.37.0"), true, &deployment),
            "s/v1.37.0-standalone-strict/deployment-apps-v1.json"
        );
        assert_eq!(path("s", None, false, &ingress), "s/master-standalone/ingress-networking-v1.json");
        assert_eq!(path("s", None, false, &Gvk::parse("v1", "Pod")), "s/master-standalone/pod-v1.json");
        let datree = "c/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
        assert_eq!(path(datree, None, false, &ingress), "c/networking.k8s.io/ingress_v1.json");
        assert_eq!(path(datree, None, false, &Gvk::parse("v1", "Pod")), "c/v1/pod_v1.json");
    }

    #[test]
    fn what_is_not_here_is_refused() {
        for text in ["https://example.com/{{.Group}}.json", "{{ .Nothing }}.json", "{{ .Group"] {
            assert!(
                Locations::new(&[text.to_owned()], None, false).is_err() || !text.ends_with("json"),
                "{text}"
            );
        }
    }
}
