//! Which rules run and what they are told: what the command line and the configuration fill in.

use std::path::PathBuf;
use std::sync::Arc;

use source::{Severity, closest};

use crate::kube::pod_security::Standard;

use super::rules::{self, RuleIndex};
use super::{ADVICE, Layer, Level, ObjectPattern, Preset, Reach, Rule, Setting};

/// Which rules run, with which severity, and their parameters.
#[derive(Clone)]
pub struct Settings {
    enabled: Vec<bool>,
    severities: Vec<Option<Severity>>,
    /// What becomes of each of [`ADVICE`].
    pub(super) advice: [Setting; ADVICE.len()],
    /// The minor version of the Kubernetes that the objects are meant for: 37 for 1.37.
    pub kubernetes_minor: u32,
    /// The namespace of objects that name none, where the caller knows it (`--namespace`).
    pub namespace: Option<String>,
    /// Files and directories that say what the cluster has; the caller reads them.
    pub cluster_state: Vec<PathBuf>,
    /// The Pod Security Standard that every Pod is held to, if one was asked for.
    pub pod_security: Option<Standard>,
    /// Whether what is not among the objects does not exist.
    pub closed_world: bool,
    /// Parameters of single rules.
    pub parameters: Parameters,
    /// What is different for some files or objects; of several that hold, the last wins.
    pub overrides: Vec<Override>,
    /// Findings that are allowed centrally.
    pub allowed: Vec<Allowed>,
    /// Objects that are known to be in the cluster: references to them are sound, the world stays open.
    pub external: Vec<ObjectPattern>,
}

/// What is different for some files or objects.
#[derive(Clone, Debug)]
pub struct Override {
    /// For which.
    pub reach: Reach,
    /// What is different.
    pub layer: Layer,
}

/// Findings that a configuration allows.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The rule.
    pub rule: String,
    /// Why; never empty.
    pub reason: String,
    /// The last day, like 2027-01-31, if it shall pass.
    pub until: Option<String>,
    /// Where.
    pub reach: Reach,
    /// Only for the container of that name.
    pub container: Option<String>,
    /// The configuration that says so, and where in it.
    pub file: Arc<ConfigText>,
    /// Bytes of its text.
    pub span: (u32, u32),
}

/// A configuration as it was read, for findings about it.
#[derive(PartialEq, Eq, Debug)]
pub struct ConfigText {
    /// Its path, as reports show it.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

/// What single rules can be told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameters {
    /// The smallest number of replicas that `replicas-too-low` and `hpa-min-replicas` accept.
    pub min_replicas: i64,
    /// Registries, or registries with the beginning of a path, from which images may come; empty for all.
    pub allowed_registries: Vec<String>,
    /// Those from which none may.
    pub denied_registries: Vec<String>,
    /// Keys of labels that every object should have.
    pub recommended_labels: Vec<String>,
    /// Labels that every object must have.
    pub required_labels: Vec<Demand>,
    /// Annotations that every object must have.
    pub required_annotations: Vec<Demand>,
    /// Annotations that no object may have.
    pub forbidden_annotations: Vec<String>,
    /// What `resource-out-of-range` allows.
    pub resource_ranges: Vec<ResourceRange>,
}

/// A label or annotation that must be there.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    /// Its key.
    pub key: String,
    /// The values that are allowed; empty for all.
    pub values: Vec<String>,
}

/// The least and the most of one request or limit.
#[derive(Clone, Debug, Default)]
pub struct ResourceRange {
    /// Such as `limits.memory`.
    pub field: String,
    /// The least, as a quantity.
    pub min: Option<String>,
    /// The most, as a quantity.
    pub max: Option<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            min_replicas: 2,
            allowed_registries: Vec::new(),
            denied_registries: Vec::new(),
            recommended_labels: ["name", "instance"].map(|l| format!("app.kubernetes.io/{l}")).to_vec(),
            required_labels: Vec::new(),
            required_annotations: Vec::new(),
            forbidden_annotations: Vec::new(),
            resource_ranges: Vec::new(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings::preset(Preset::Recommended)
    }
}

impl Settings {
    /// The rules of a preset.
    pub fn preset(preset: Preset) -> Self {
        Settings {
            enabled: rules::all().map(|rule| preset.has(rule)).collect(),
            severities: rules::all().map(|_| None).collect(),
            advice: [Setting::On; ADVICE.len()],
            kubernetes_minor: 37,
            namespace: None,
            cluster_state: Vec::new(),
            pod_security: None,
            closed_world: false,
            parameters: Parameters::default(),
            overrides: Vec::new(),
            allowed: Vec::new(),
            external: Vec::new(),
        }
    }

    /// Runs the rules of a preset, each with its own severity, and keeps all else.
    pub fn use_preset(&mut self, preset: Preset) {
        let Settings { enabled, severities, .. } = Settings::preset(preset);
        (self.enabled, self.severities) = (enabled, severities);
    }

    /// No rule.
    pub fn none() -> Self {
        let mut settings = Settings::default();
        settings.enabled.fill(false);
        settings
    }

    /// Switches a rule, a group, a level or a preset on or off, by its name.
    pub fn set(&mut self, name: &str, on: bool) -> Result<(), UnknownRule> {
        let mut found = false;
        for (slot, rule) in self.enabled.iter_mut().zip(rules::all()) {
            if rule.is_meant_by(name) {
                *slot = on;
                found = true;
            }
        }
        for (slot, _) in self.advice.iter_mut().zip(ADVICE).filter(|(_, id)| *id == name) {
            *slot = if on { Setting::On } else { Setting::Off };
            found = true;
        }
        if found || is_wide_name(name) { Ok(()) } else { Err(UnknownRule::new(name)) }
    }

    /// The same with one rule alone.
    pub fn only(mut self, id: &str) -> Self {
        self.enabled.fill(false);
        let _ = self.set(id, true);
        self
    }

    /// The same without a rule.
    pub fn without(mut self, id: &str) -> Self {
        let _ = self.set(id, false);
        self
    }

    /// Gives the findings of a rule another severity.
    pub fn set_severity(&mut self, id: &str, severity: Severity) -> Result<(), UnknownRule> {
        let RuleIndex(at) = rules::index(id).ok_or_else(|| UnknownRule::new(id))?;
        self.severities[at] = Some(severity);
        Ok(())
    }

    /// Gives the findings of a rule, or of all rules of a group, level or preset, another severity.
    pub(super) fn set_severity_of(&mut self, name: &str, severity: Severity) {
        for (slot, rule) in self.severities.iter_mut().zip(rules::all()) {
            if rule.is_meant_by(name) {
                *slot = Some(severity);
            }
        }
        for (slot, _) in self.advice.iter_mut().zip(ADVICE).filter(|(_, id)| *id == name) {
            *slot = Setting::Severity(severity);
        }
    }

    /// The same parameters without any rule.
    pub fn without_rules(mut self) -> Self {
        self.enabled.fill(false);
        self
    }

    /// The rules that run.
    pub(super) fn selected(&self) -> impl Iterator<Item = &'static Rule> {
        rules::all().zip(&self.enabled).filter(|(_, on)| **on).map(|(rule, _)| rule)
    }

    /// Every rule with whether it runs and the severity that its findings get.
    pub fn table(&self) -> impl Iterator<Item = (&'static Rule, bool, Severity)> {
        let severities = rules::all().zip(&self.severities);
        let severities = severities.map(|(rule, own)| own.unwrap_or(rule.code.severity));
        rules::all().zip(&self.enabled).zip(severities).map(|((rule, on), severity)| (rule, *on, severity))
    }

    pub(super) fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.severities[rules::index(rule.id())?.0]
    }
}

/// Whether a name is a group, a level or a preset.
fn is_wide_name(name: &str) -> bool {
    Preset::ALL.iter().any(|(word, _)| *word == name) || Level::ALL.iter().any(|level| level.word() == name)
}

/// A name that is no rule, group, level or preset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The nearest that there is.
    pub near: Option<&'static str>,
}

impl UnknownRule {
    fn new(name: &str) -> Self {
        let names = rules::all().map(Rule::id).chain(Preset::ALL.iter().map(|(word, _)| *word));
        UnknownRule { name: name.to_owned(), near: closest(name, names) }
    }
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown rule `{}`", self.name)?;
        match self.near {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => write!(f, "; `plimsoll rules` lists them"),
        }
    }
}
