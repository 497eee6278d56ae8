//! From checked files to settings, with a note of where each came from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::Severity;
use yaml::{Kind, Node};

use super::files::{File, chain};
use super::{ConfigError, Fault, foreign};
use crate::lint::{
    Allowed, ConfigText, Demand, Layer, ObjectPattern, Override, Parameter, Preset, Reach, ResourceRange,
    Setting, Settings,
};
use crate::world::{Globs, World, plain};

/// What a configuration says, with all that it extends.
#[derive(Clone, Default)]
pub struct Configuration {
    /// Rules, parameters, overrides and what is allowed.
    pub settings: Settings,
    /// `kubernetes-version`.
    pub kubernetes_version: Option<String>,
    /// `exclude`.
    pub excluded: Globs,
    /// `fail-on`: error, warning, note or never.
    pub fail_on: Option<String>,
    /// `crds`, as paths from the working directory.
    pub crds: Vec<PathBuf>,
    /// `baseline`, likewise.
    pub baseline: Option<PathBuf>,
    /// Each setting with where it was made, in the order in which they were applied.
    pub entries: Vec<Entry>,
    /// The files that were read, those that others build on first.
    pub files: Vec<PathBuf>,
}

/// One setting and where it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its keys, such as `rules` and `rbac`.
    pub path: Vec<String>,
    /// What it was set to, as it stands there; a list or map in one line.
    pub value: String,
    /// `FILE:LINE`.
    pub place: String,
}

impl Configuration {
    /// Reads a file and what it extends. `here` is the working directory in full: paths of findings begin there.
    pub fn read(path: &Path, here: &Path, world: &dyn World) -> Result<Configuration, ConfigError> {
        let mut configuration = Configuration::default();
        if foreign::is_kube_linters(path) {
            foreign::apply(path, here, world, &mut configuration)?;
            return Ok(configuration);
        }
        for beside in foreign::KUBE_LINTER.map(|name| path.with_file_name(name)) {
            if world.stat(&beside).is_ok() {
                foreign::apply(&beside, here, world, &mut configuration)?;
            }
        }
        let files = chain(path, world)?;
        let mut excluded: Option<(&File, Node<'_>)> = None;
        for file in &files {
            configuration.files.push(file.path.clone());
            let Some(root) = file.doc.as_ref().and_then(|doc| doc.root()) else { continue };
            let mut reader = Reader { file, here, faults: Vec::new() };
            reader.root(root, &mut configuration);
            if !reader.faults.is_empty() {
                return Err(file.error(&reader.faults));
            }
            excluded = root.get("exclude").map(|globs| (file, globs)).or(excluded);
        }
        if let Some((file, globs)) = excluded {
            let mut reader = Reader { file, here, faults: Vec::new() };
            configuration.excluded = reader.globs(globs);
            if !reader.faults.is_empty() {
                return Err(file.error(&reader.faults));
            }
        }
        Ok(configuration)
    }
}

struct Reader<'a> {
    file: &'a File,
    here: &'a Path,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn root(&mut self, root: Node<'_>, to: &mut Configuration) {
        self.note(root, &mut Vec::new(), &mut to.entries);
        let layer = self.layer(root);
        self.apply(root, &layer, &mut to.settings);
        let settings = &mut to.settings;
        let text =
            Arc::new(ConfigText { name: self.file.path.display().to_string(), text: self.file.text.clone() });
        for (key, value) in root.entries() {
            match key.text() {
                "pod-security" => {
                    settings.pod_security = value.text().parse().ok();
                    let _ = settings.set("pod-security-violation", true);
                }
                "kubernetes-version" => {
                    let text = value.text().trim_start_matches('v');
                    if let Some(Ok(minor)) = text.split('.').nth(1).map(str::parse) {
                        settings.kubernetes_minor = minor;
                    }
                    to.kubernetes_version = Some(value.text().to_owned());
                }
                "namespace" => settings.namespace = Some(value.text().to_owned()),
                "closed-world" => settings.closed_world = value.as_bool().unwrap_or(false),
                "cluster-state" => settings.cluster_state = self.paths(value),
                "crds" => to.crds = self.paths(value),
                "fail-on" => to.fail_on = Some(value.text().to_owned()),
                "baseline" => to.baseline = Some(self.path(value)),
                "external" => settings.external.extend(value.items().map(object)),
                "overrides" => {
                    for one in value.items() {
                        let layer = self.layer(one);
                        self.apply(one, &layer, &mut settings.clone());
                        settings.overrides.push(Override { reach: self.reach(one), layer });
                    }
                }
                "allow" => {
                    for one in value.items() {
                        let field = |name| one.get(name).map(|node: Node<'_>| node.text().to_owned());
                        settings.allowed.push(Allowed {
                            rule: field("rule").unwrap_or_default(),
                            reason: field("reason").unwrap_or_default(),
                            until: field("until"),
                            reach: self.reach(one),
                            container: field("container"),
                            file: text.clone(),
                            span: one.span().unwrap_or((0, 0)),
                        });
                    }
                }
                _ => {}
            }
        }
    }

    /// The names were checked, so that only a mistake of ours could be found here; it is told all the same.
    fn apply(&mut self, node: Node<'_>, layer: &Layer, settings: &mut Settings) {
        if let Err(unknown) = settings.apply(layer) {
            self.fault(node, unknown.to_string());
        }
    }

    fn fault(&mut self, node: Node<'_>, message: String) {
        self.faults.push(Fault { span: node.span().unwrap_or((0, 0)), message });
    }

    fn layer(&mut self, node: Node<'_>) -> Layer {
        let preset = node.get("preset").map_or("", Node::text);
        let preset = Preset::ALL.iter().find(|(word, _)| *word == preset).map(|(_, preset)| *preset);
        let rules = node.get("rules").into_iter().flat_map(Node::entries);
        let parameters = node.get("parameters").into_iter().flat_map(Node::entries);
        Layer {
            preset,
            rules: rules.map(|(name, value)| (name.text().to_owned(), setting(value))).collect(),
            parameters: parameters.filter_map(|(name, value)| parameter(name.text(), value)).collect(),
        }
    }

    fn reach(&mut self, node: Node<'_>) -> Reach {
        Reach {
            files: node.get("paths").map(|globs| self.globs(globs)).unwrap_or_default(),
            objects: node.get("objects").into_iter().flat_map(Node::items).map(object).collect(),
        }
    }

    fn globs(&mut self, node: Node<'_>) -> Globs {
        let globs = texts(node);
        let globs = Globs::new(globs.iter().map(String::as_str), &self.file.directory, self.here);
        globs.unwrap_or_else(|fault| {
            self.fault(node, format!("this is no glob: {fault}"));
            Globs::default()
        })
    }

    fn paths(&self, node: Node<'_>) -> Vec<PathBuf> {
        node.items().map(|path| self.path(path)).collect()
    }

    fn path(&self, node: Node<'_>) -> PathBuf {
        plain(&self.file.path.parent().unwrap_or(Path::new("")).join(node.text()))
    }

    /// Notes every setting by its keys: maps are opened, lists stay whole.
    fn note(&self, node: Node<'_>, path: &mut Vec<String>, to: &mut Vec<Entry>) {
        // The shape of a checked file ends long before.
        if node.kind() != Kind::Map || path.len() > 3 {
            let line = self.file.line(node.span().map_or(0, |span| span.0));
            let place = format!("{}:{line}", self.file.path.display());
            to.push(Entry { path: path.clone(), value: flow(node, 0), place });
            return;
        }
        for (key, value) in node.entries().filter(|(key, _)| key.text() != "extends") {
            path.push(key.text().to_owned());
            self.note(value, path, to);
            path.pop();
        }
    }
}

pub(super) fn setting(value: Node<'_>) -> Setting {
    match (value.as_bool(), value.text()) {
        (Some(true), _) => Setting::On,
        (Some(false), _) => Setting::Off,
        (None, "error") => Setting::Severity(Severity::Error),
        (None, "warning") => Setting::Severity(Severity::Warning),
        (None, "note") => Setting::Severity(Severity::Note),
        (None, "off") => Setting::Off,
        (None, _) => Setting::On,
    }
}

fn parameter(name: &str, value: Node<'_>) -> Option<Parameter> {
    Some(match name {
        "min-replicas" => Parameter::MinReplicas(value.as_i64()?),
        "allowed-registries" => Parameter::AllowedRegistries(texts(value)),
        "denied-registries" => Parameter::DeniedRegistries(texts(value)),
        "recommended-labels" => Parameter::RecommendedLabels(texts(value)),
        "required-labels" => Parameter::RequiredLabels(demands(value)),
        "required-annotations" => Parameter::RequiredAnnotations(demands(value)),
        "forbidden-annotations" => Parameter::ForbiddenAnnotations(texts(value)),
        "resource-ranges" => {
            let bound = |range: Node<'_>, side| range.get(side).map(|b| b.text().to_owned());
            let range = |(field, range): (Node<'_>, Node<'_>)| ResourceRange {
                field: field.text().to_owned(),
                min: bound(range, "min"),
                max: bound(range, "max"),
            };
            Parameter::ResourceRanges(value.entries().map(range).collect())
        }
        _ => return None,
    })
}

/// One text or a list of them.
pub(super) fn texts(node: Node<'_>) -> Vec<String> {
    let one = Some(node).filter(|node| node.kind() == Kind::Scalar && !node.is_null());
    one.into_iter().chain(node.items()).map(|item| item.text().to_owned()).collect()
}

/// A list of keys, or a map of keys with the values that are allowed.
fn demands(node: Node<'_>) -> Vec<Demand> {
    let any = node.items().map(|key| Demand { key: key.text().to_owned(), values: Vec::new() });
    let some =
        node.entries().map(|(key, values)| Demand { key: key.text().to_owned(), values: texts(values) });
    any.chain(some).collect()
}

fn object(node: Node<'_>) -> ObjectPattern {
    let field = |name| node.get(name).map_or(String::new(), |node: Node<'_>| node.text().to_owned());
    ObjectPattern { kind: field("kind"), namespace: field("namespace"), name: field("name") }
}

/// A value in one line.
fn flow(node: Node<'_>, depth: usize) -> String {
    // Deeper than any checked file is.
    if depth > 8 {
        return "...".to_owned();
    }
    match node.kind() {
        Kind::Map => {
            let entries =
                node.entries().map(|(key, value)| format!("{}: {}", key.text(), flow(value, depth + 1)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Kind::Seq => {
            let items: Vec<String> = node.items().map(|item| flow(item, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        _ => match node.as_bool() {
            // As a person would write a switch of a rule.
            Some(on) if matches!(node.text(), "on" | "off" | "yes" | "no") => {
                if on { "on" } else { "off" }.to_owned()
            }
            _ => scalar(node.text()),
        },
    }
}

/// A text as YAML reads it back, in quotes where it needs them.
pub(super) fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./@+() ".contains(c) || c == ':';
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || c == '.');
    let ends = !text.ends_with([' ', ':']);
    if begins && ends && text.chars().all(is_plain) && !text.contains(": ") {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
