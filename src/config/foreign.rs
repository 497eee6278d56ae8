//! `.kube-linter.yaml`: kube-linter's configuration, honoured as it stands for the rules that stand for its checks.

use std::path::Path;
use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::{Doc, Node, Options, Profile};

use super::read::texts;
use super::{ConfigError, Configuration, Entry};
use crate::lint::{self, Layer, Override, Reach, Setting, rules, standing_for};
use crate::world::{Globs, World};

/// The names that kube-linter looks for.
pub(super) const KUBE_LINTER: [&str; 2] = [".kube-linter.yaml", ".kube-linter.yml"];
const LIMIT: u64 = 1 << 20;

pub(super) fn is_kube_linters(path: &Path) -> bool {
    path.file_name().is_some_and(|name| KUBE_LINTER.iter().any(|known| *known == name))
}

/// What kube-linter is told, in our words.
pub(super) struct KubeLinter {
    /// Rules and what becomes of them, in order.
    pub rules: Vec<(String, Setting)>,
    /// Files for which no rule runs.
    pub ignored: Vec<String>,
    /// Checks without a rule that stands for them.
    pub unknown: Vec<String>,
}

/// Lays kube-linter's configuration over the settings.
pub(super) fn apply(
    path: &Path,
    here: &Path,
    world: &dyn World,
    to: &mut Configuration,
) -> Result<(), ConfigError> {
    let shown = path.display();
    let doc = read(path, world)?;
    let Some(found) = doc.as_ref().and_then(|doc| doc.root()).map(understand) else { return Ok(()) };
    for (rule, setting) in &found.rules {
        let path = vec!["rules".to_owned(), rule.clone()];
        to.entries.push(Entry { path, value: setting.word().to_owned(), place: shown.to_string() });
    }
    let layer = Layer { rules: found.rules, ..Layer::default() };
    to.settings.apply(&layer).map_err(|unknown| ConfigError(format!("{shown}: {unknown}")))?;
    if !found.ignored.is_empty() {
        let full = world.canonical(path).unwrap_or_else(|_| path.to_owned());
        let directory = full.parent().unwrap_or(Path::new("/")).to_owned();
        let globs = Globs::new(found.ignored.iter().map(String::as_str), &directory, here);
        let files = globs.map_err(|fault| ConfigError(format!("{shown}: ignorePaths: {fault}")))?;
        let layer = Layer { rules: vec![("strict".to_owned(), Setting::Off)], ..Layer::default() };
        to.settings.overrides.push(Override { reach: Reach { files, objects: Vec::new() }, layer });
    }
    to.files.push(path.to_owned());
    Ok(())
}

/// The file's tree.
pub(super) fn read(path: &Path, world: &dyn World) -> Result<Option<Arc<Doc>>, ConfigError> {
    let shown = path.display();
    let bytes = world.read(path, LIMIT).map_err(|e| ConfigError(format!("{shown} cannot be read: {e}")))?;
    let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
    let mut out = Diagnostics::new();
    let docs = yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out);
    match out.iter().next() {
        Some(broken) => Err(ConfigError(format!("{shown}: {}", broken.message))),
        None => Ok(docs.into_iter().next()),
    }
}

/// What is said in `checks`. Only rules that stand for one of its checks change: kube-linter has no word on others.
pub(super) fn understand(root: Node<'_>) -> KubeLinter {
    let checks = root.get("checks");
    let list = |key: &str| checks.and_then(|checks| checks.get(key)).map(texts).unwrap_or_default();
    let says = |key: &str| checks.and_then(|checks| checks.get(key)).and_then(Node::as_bool) == Some(true);
    let mut found = KubeLinter { rules: Vec::new(), ignored: list("ignorePaths"), unknown: Vec::new() };
    let theirs = || rules::all().filter(|rule| rule.refs.iter().any(|r| r.starts_with("kube-linter: ")));
    if says("doNotAutoAddDefaults") {
        found.rules.extend(theirs().map(|rule| (rule.id().to_owned(), Setting::Off)));
    }
    if says("addAllBuiltIn") {
        found.rules.extend(theirs().map(|rule| (rule.id().to_owned(), Setting::On)));
    }
    for (list, setting) in [(list("include"), Setting::On), (list("exclude"), Setting::Off)] {
        for check in list {
            let reference = format!("kube-linter: {check}");
            let mut stands: Vec<&'static str> = standing_for(&reference).collect();
            // Their name may be ours without anything in between.
            stands.extend(lint::rules::find(&check).map(lint::Rule::id));
            if stands.is_empty() {
                found.unknown.push(check);
            }
            found.rules.extend(stands.into_iter().map(|rule| (rule.to_owned(), setting)));
        }
    }
    found
}
