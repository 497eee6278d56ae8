//! `Chart.yaml` and its relatives: what a chart says of itself.

use std::collections::{BTreeMap, HashSet};

use gotmpl::semver::Version;
use gotmpl::strconv;
use yaml::Node;

use super::decode::{Decoder, Mismatch};
use super::profile::Profile;

/// What `Chart.yaml` says, `requirements.yaml` of old charts included.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The chart's name; the alias once its parent has given it one.
    pub name: String,
    /// A project page.
    pub home: String,
    /// Where the sources are.
    pub sources: Vec<String>,
    /// The chart's version.
    pub version: String,
    /// One sentence.
    pub description: String,
    /// Words to search for.
    pub keywords: Vec<String>,
    /// Who keeps it.
    pub maintainers: Vec<Maintainer>,
    /// A picture's address.
    pub icon: String,
    /// `v1`, `v2`.
    pub api_version: String,
    /// Read and never used by Helm.
    pub condition: String,
    /// Read and never used by Helm.
    pub tags: String,
    /// The version of what the chart installs.
    pub app_version: String,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// For other programs.
    pub annotations: Option<BTreeMap<String, String>>,
    /// The versions of Kubernetes that it works on.
    pub kube_version: String,
    /// The charts that it needs; `None` where nothing is declared, which is not the same as an empty list.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library` or nothing.
    pub kind: String,
}

/// Who keeps a chart.
#[derive(Clone, Debug, Default)]
pub struct Maintainer {
    /// A name.
    pub name: String,
    /// An address for letters.
    pub email: String,
    /// A page.
    pub url: String,
}

/// One chart that another needs.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// Its name; the alias once the dependencies were processed.
    pub name: String,
    /// A range of versions.
    pub version: String,
    /// Where it is fetched from.
    pub repository: String,
    /// Paths of values, separated by commas; the first that is a boolean decides.
    pub condition: String,
    /// Switches shared with other dependencies.
    pub tags: Vec<String>,
    /// Whether it is rendered; what the file says is overwritten.
    pub enabled: bool,
    /// Which of its values the parent takes over.
    pub import_values: Vec<ImportValues>,
    /// The name that it goes by in this chart.
    pub alias: String,
    /// The bytes of the declaration in its file.
    pub span: (u32, u32),
    /// Whether the file has null in its place, which the validation refuses.
    null: bool,
}

/// One entry of a dependency's `import-values`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportValues {
    /// `exports.NAME` of the child goes to the root of the parent.
    Export(String),
    /// A table of the child goes to a table of the parent.
    Table {
        /// The path in the child.
        child: String,
        /// The path in the parent; `.` is its root.
        parent: String,
    },
    /// One that was carried out. Copies of a chart may share it, and then the second one imports nothing: Helm no
    /// longer knows what it has written there itself.
    Imported {
        /// The path in the child.
        child: String,
        /// The path in the parent.
        parent: String,
    },
    /// Neither of the two: Helm passes over it in silence.
    Other,
}

const FIELDS: &[&str] = &[
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];

const DEPENDENCY_FIELDS: &[&str] =
    &["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];

impl Metadata {
    /// Takes over what a document says; fields that it does not name stay as they are, so that
    /// `requirements.yaml` can be read on top. `go` is the Go type that a document of another kind is refused for.
    pub(crate) fn read(&mut self, root: Node<'_>, profile: Profile, go: &str) -> Result<(), Mismatch> {
        let mut decoder = Decoder::default();
        if let Some(entries) = decoder.object(root, go) {
            decoder.fields(entries, "Metadata", FIELDS, |d, field, node| self.field(d, field, node, profile));
        }
        decoder.finish()
    }

    fn field(&mut self, d: &mut Decoder, field: &str, node: Node<'_>, profile: Profile) {
        match field {
            "name" => d.string(node, &mut self.name),
            "home" => d.string(node, &mut self.home),
            "sources" => self.sources = d.strings(node).unwrap_or_default(),
            "version" => d.string(node, &mut self.version),
            "description" => d.string(node, &mut self.description),
            "keywords" => self.keywords = d.strings(node).unwrap_or_default(),
            "maintainers" => self.maintainers = maintainers(d, node, profile),
            "icon" => d.string(node, &mut self.icon),
            "apiVersion" => d.string(node, &mut self.api_version),
            "condition" => d.string(node, &mut self.condition),
            "tags" => d.string(node, &mut self.tags),
            "appVersion" => d.string(node, &mut self.app_version),
            "deprecated" => d.boolean(node, &mut self.deprecated),
            "annotations" => {
                let Some(entries) = d.object(node, "map[string]string") else { return };
                let all = self.annotations.get_or_insert_default();
                for (key, value) in entries {
                    let mut text = String::new();
                    d.string(value, &mut text);
                    all.insert(key, text);
                }
            }
            "kubeVersion" => d.string(node, &mut self.kube_version),
            "dependencies" => self.dependencies = dependencies(d, node, profile),
            "type" => d.string(node, &mut self.kind),
            _ => {}
        }
    }

    /// Cleans the strings and refuses what Helm refuses, in its words.
    pub(crate) fn validate(&mut self) -> Result<(), String> {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            sanitize(text);
        }
        self.sources.iter_mut().chain(&mut self.keywords).for_each(sanitize);
        let quoted = |text: &str| strconv::quote(text.as_bytes());
        if self.api_version.is_empty() {
            return Err("chart.metadata.apiVersion is required".to_owned());
        }
        if self.name.is_empty() {
            return Err("chart.metadata.name is required".to_owned());
        }
        if self.name == "." || self.name == ".." {
            return Err(format!("chart.metadata.name {} is not allowed", quoted(&self.name)));
        }
        // The base name of a path differs from it as soon as there is a slash.
        if self.name.contains('/') {
            return Err(format!("chart.metadata.name {} is invalid", quoted(&self.name)));
        }
        if self.version.is_empty() {
            return Err("chart.metadata.version is required".to_owned());
        }
        if Version::parse(self.version.as_bytes()).is_err() {
            return Err(format!("chart.metadata.version {} is invalid", quoted(&self.version)));
        }
        if !matches!(&*self.kind, "" | "application" | "library") {
            return Err("chart.metadata.type must be application or library".to_owned());
        }
        for maintainer in &mut self.maintainers {
            maintainer.validate()?;
        }
        let mut names = HashSet::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            dependency.validate()?;
            let name = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
            if !names.insert(name.clone()) {
                return Err(format!("more than one dependency with name or alias {}", quoted(name)));
            }
        }
        Ok(())
    }
}

impl Maintainer {
    fn validate(&mut self) -> Result<(), String> {
        [&mut self.name, &mut self.email, &mut self.url].into_iter().for_each(sanitize);
        Ok(())
    }
}

impl Dependency {
    fn validate(&mut self) -> Result<(), String> {
        if self.null {
            return Err("dependencies must not contain empty or null nodes".to_owned());
        }
        [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition]
            .into_iter()
            .chain(&mut self.tags)
            .for_each(sanitize);
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !self.alias.chars().all(legal) {
            let name = strconv::quote(self.name.as_bytes());
            return Err(format!("dependency {name} has disallowed characters in the alias"));
        }
        Ok(())
    }
}

/// The package of Helm's chart types, as its error texts name it.
pub(crate) fn package(profile: Profile) -> &'static str {
    if profile.is_helm3() { "chart" } else { "v2" }
}

fn maintainers(d: &mut Decoder, node: Node<'_>, profile: Profile) -> Vec<Maintainer> {
    let package = package(profile);
    let mut all = Vec::new();
    for item in d.items(node, &format!("[]*{package}.Maintainer")).unwrap_or_default() {
        let mut maintainer = Maintainer::default();
        if let Some(entries) = d.object(item, &format!("{package}.Maintainer")) {
            d.fields(entries, "Maintainer", &["name", "email", "url"], |d, field, node| match field {
                "name" => d.string(node, &mut maintainer.name),
                "email" => d.string(node, &mut maintainer.email),
                _ => d.string(node, &mut maintainer.url),
            });
        }
        all.push(maintainer);
    }
    all
}

/// A list of dependencies, of `Chart.yaml` or of a lock file; `None` for null.
pub(crate) fn dependencies(d: &mut Decoder, node: Node<'_>, profile: Profile) -> Option<Vec<Dependency>> {
    let package = package(profile);
    let mut all = Vec::new();
    for item in d.items(node, &format!("[]*{package}.Dependency"))? {
        let mut dependency =
            Dependency { span: item.span().unwrap_or((0, 0)), null: item.is_null(), ..Dependency::default() };
        if let Some(entries) = d.object(item, &format!("{package}.Dependency")) {
            d.fields(entries, "Dependency", DEPENDENCY_FIELDS, |d, field, node| match field {
                "name" => d.string(node, &mut dependency.name),
                "version" => d.string(node, &mut dependency.version),
                "repository" => d.string(node, &mut dependency.repository),
                "condition" => d.string(node, &mut dependency.condition),
                "tags" => dependency.tags = d.strings(node).unwrap_or_default(),
                "enabled" => d.boolean(node, &mut dependency.enabled),
                "import-values" => {
                    let items = d.items(node, "[]interface {}").unwrap_or_default();
                    dependency.import_values = items.into_iter().map(import).collect();
                }
                _ => d.string(node, &mut dependency.alias),
            });
        }
        all.push(dependency);
    }
    Some(all)
}

fn import(node: Node<'_>) -> ImportValues {
    match node.value() {
        yaml::Value::Str(name) => ImportValues::Export(name.to_owned()),
        yaml::Value::Map => {
            let path = |key| match node.get(key) {
                Some(value) if !value.is_null() => value.text().to_owned(),
                // What Go prints for nothing; no table is called so.
                _ => "<nil>".to_owned(),
            };
            ImportValues::Table { child: path("child"), parent: path("parent") }
        }
        _ => ImportValues::Other,
    }
}

/// Every kind of space becomes a blank, and what cannot be printed is dropped.
fn sanitize(text: &mut String) {
    if text.bytes().all(|b| (b' '..0x7f).contains(&b)) {
        return;
    }
    *text = text
        .chars()
        .filter_map(|c| if c.is_whitespace() { Some(' ') } else { strconv::is_print(c).then_some(c) })
        .collect();
}
