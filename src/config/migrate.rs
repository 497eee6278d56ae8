//! From the files, flags and annotations of kube-linter, kube-score and checkov to `plimsoll.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use yaml::Node;

use super::read::{scalar, texts};
use super::{ConfigError, foreign};
use crate::kube::Resource;
use crate::lint::{Setting, rules, standing_for};
use crate::world::World;

/// What other programs were told, in our words.
#[derive(Default)]
pub struct Migration {
    rules: BTreeMap<String, Setting>,
    ignored: BTreeSet<String>,
    allowed: BTreeSet<Allowance>,
    /// What has no counterpart here, in words.
    pub untold: Vec<String>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Allowance {
    rule: &'static str,
    kind: String,
    namespace: String,
    name: String,
    reason: String,
}

impl Migration {
    /// Adds a `.kube-linter.yaml`.
    pub fn kube_linter(&mut self, path: &Path, world: &dyn World) -> Result<(), ConfigError> {
        let doc = foreign::read(path, world)?;
        let Some(root) = doc.as_ref().and_then(|doc| doc.root()) else { return Ok(()) };
        let found = foreign::understand(root);
        self.rules.extend(found.rules);
        self.ignored.extend(found.ignored);
        self.untold.extend(found.unknown.iter().map(|check| format!("kube-linter's check `{check}`")));
        let own = root.get("customChecks").into_iter().flat_map(Node::items);
        let names = own.filter_map(|check| check.get("name"));
        self.untold.extend(names.map(|name| format!("kube-linter's custom check `{}`", name.text())));
        Ok(())
    }

    /// Adds a `.checkov.yaml`: `skip-check`, `check` and `skip-path`.
    pub fn checkov(&mut self, path: &Path, world: &dyn World) -> Result<(), ConfigError> {
        let doc = foreign::read(path, world)?;
        let Some(root) = doc.as_ref().and_then(|doc| doc.root()) else { return Ok(()) };
        let list = |key: &str| root.get(key).map(texts).unwrap_or_default();
        let split = |list: Vec<String>| -> Vec<String> {
            list.iter().flat_map(|item| item.split(',')).map(|id| id.trim().to_owned()).collect()
        };
        for (ids, setting) in [(split(list("check")), Setting::On), (split(list("skip-check")), Setting::Off)]
        {
            for id in ids {
                self.turn("checkov", &id, setting);
            }
        }
        self.ignored.extend(list("skip-path"));
        Ok(())
    }

    /// Adds kube-score's flags, such as `--ignore-test pod-probes`.
    pub fn kube_score(&mut self, flags: &str) {
        let mut words = flags.split_whitespace();
        while let Some(word) = words.next() {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (word, None),
            };
            let setting = match flag.trim_start_matches('-') {
                "ignore-test" => Setting::Off,
                "enable-optional-test" => Setting::On,
                "ignore-container-cpu-limit" => {
                    self.rules.insert("cpu-limit-missing".to_owned(), Setting::Off);
                    continue;
                }
                "ignore-container-memory-limit" => {
                    self.rules.insert("memory-limit-missing".to_owned(), Setting::Off);
                    continue;
                }
                _ => {
                    self.untold.push(format!("kube-score's flag `{word}`"));
                    continue;
                }
            };
            let tests = value.or_else(|| words.next()).unwrap_or("");
            tests.split(',').for_each(|test| self.turn("kube-score", test.trim(), setting));
        }
    }

    /// Adds what the annotations of an object say.
    pub fn object(&mut self, resource: &Resource) {
        let root = resource.root();
        let own = root.at("metadata.annotations");
        let of_template = root.at("spec.template.metadata.annotations");
        for (key, value) in own.into_iter().chain(of_template).flat_map(Node::entries) {
            let (program, checks, reason) = match key.text() {
                "kube-score/ignore" => ("kube-score", value.text(), ""),
                key if key.starts_with("checkov.io/skip") => match value.text().split_once('=') {
                    Some((check, reason)) => ("checkov", check, reason),
                    None => ("checkov", value.text(), ""),
                },
                key => match key.strip_prefix("ignore-check.kube-linter.io/") {
                    Some(check) => ("kube-linter", check, value.text()),
                    None => continue,
                },
            };
            for check in checks.split(',').map(str::trim) {
                self.allow(resource, program, check, reason.trim());
            }
        }
    }

    fn allow(&mut self, resource: &Resource, program: &str, check: &str, reason: &str) {
        let id = &resource.id;
        let mut any = false;
        for rule in standing_for(&format!("{program}: {check}")) {
            any = true;
            let reason = match reason {
                "" => format!("{program} was told to leave out {check}"),
                reason => reason.to_owned(),
            };
            self.allowed.insert(Allowance {
                rule,
                kind: id.gvk.kind.to_string(),
                namespace: id.namespace.as_deref().unwrap_or("").to_owned(),
                name: id.name.to_string(),
                reason,
            });
        }
        if !any {
            self.untold.push(format!("{program}'s `{check}` on {} `{}`", id.gvk.kind, id.name));
        }
    }

    fn turn(&mut self, program: &str, check: &str, setting: Setting) {
        let found: Vec<&'static str> = standing_for(&format!("{program}: {check}")).collect();
        if found.is_empty() && !check.is_empty() {
            self.untold.push(format!("{program}'s check `{check}`"));
        }
        self.rules.extend(found.into_iter().map(|rule| (rule.to_owned(), setting)));
    }

    /// The configuration that says the same.
    pub fn to_yaml(&self) -> String {
        let mut text = String::from("preset: recommended\n");
        if !self.rules.is_empty() {
            text.push_str("rules:\n");
        }
        for (rule, setting) in &self.rules {
            // What only says the default again helps nobody.
            let is_default = rules::find(rule)
                .is_some_and(|rule| (*setting == Setting::On) == crate::lint::Preset::Recommended.has(rule));
            let note = if is_default { "    # as in the preset" } else { "" };
            let _ = writeln!(text, "  {rule}: {}{note}", setting.word());
        }
        if !self.ignored.is_empty() {
            text.push_str("exclude:\n");
        }
        for glob in &self.ignored {
            let _ = writeln!(text, "  - {}", scalar(glob));
        }
        if !self.allowed.is_empty() {
            text.push_str("allow:\n");
        }
        for one in &self.allowed {
            let namespace = match one.namespace.as_str() {
                "" => String::new(),
                namespace => format!(", namespace: {}", scalar(namespace)),
            };
            let _ = write!(
                text,
                "  - rule: {}\n    objects: [{{kind: {}, name: {}{namespace}}}]\n    reason: {}\n",
                one.rule,
                scalar(&one.kind),
                scalar(&one.name),
                scalar(&one.reason),
            );
        }
        text
    }
}
