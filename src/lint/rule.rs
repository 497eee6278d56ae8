//! What a rule is: data about it, and one plain function.

use source::{Code, Severity};

use super::{ChartView, Graph, Report};
use crate::kube::{Container, Known, PodView, Resource};

/// One rule: what is said of it in the manual, and the function that looks.
///
/// A plain struct and no trait: what is known of a rule is data, and a rule that only looks is a function.
/// Declared with `rule!`, one file a rule.
pub struct Rule {
    /// Name, default severity, manual, and what to do about a finding. The manual says what, why and how to allow it where it is meant; its
    /// examples (fenced as `yaml bad` and `yaml good`) are run as tests.
    pub code: Code,
    /// The theme, which is also the folder.
    pub group: Group,
    /// How bad it is, more finely than a diagnostic's severity.
    pub level: Level,
    /// The smallest preset that has it.
    pub preset: Preset,
    /// The version of this program that had it first.
    pub since: &'static str,
    /// What others call it: `PSS baseline`, `CIS 5.2.2`, `NSA`, `kube-linter: privileged-container`.
    pub refs: &'static [&'static str],
    /// Rules that say less about the same field: they are silent where this one speaks.
    pub over: &'static [&'static str],
    /// Whether a server refuses such an object, so that the rule is silent where validation has said it.
    pub refused: bool,
    /// The function.
    pub check: Check,
}

impl Rule {
    /// Its name.
    pub fn id(&self) -> &'static str {
        self.code.id
    }

    /// The name of the smallest preset that has it.
    pub fn preset_word(&self) -> &'static str {
        Preset::ALL.iter().find(|(_, preset)| *preset == self.preset).map_or("", |(word, _)| word)
    }

    /// Whether a name in a configuration means it: its own, or that of its group, its level or a preset that has it.
    pub fn is_meant_by(&self, name: &str) -> bool {
        self.id() == name
            || self.group.word() == name
            || self.level.word() == name
            || Preset::ALL.iter().any(|(word, preset)| *word == name && preset.has(self))
    }
}

/// What a rule looks at. Rules of one kind share one walk.
#[derive(Clone, Copy)]
pub enum Check {
    /// Every container of every Pod: init containers, sidecars, app containers, ephemeral containers.
    Container(fn(&PodView<'_>, &Container<'_>, &mut Report)),
    /// Every Pod, or what a workload will make of one.
    Pod(fn(&PodView<'_>, &mut Report)),
    /// Every object of these kinds.
    Resource(&'static [Known], fn(&Resource, &mut Report)),
    /// Every object.
    Any(fn(&Resource, &mut Report)),
    /// All objects together, once.
    Bundle(fn(&Graph<'_>, &mut Report)),
    /// A chart as it is written, before anything is rendered.
    Chart(fn(&ChartView, &mut Report)),
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Better done otherwise.
    Low,
    /// Weakens what runs.
    Medium,
    /// Breaks what runs, or opens a door.
    High,
    /// Gives a node or the cluster away, or can never work.
    Critical,
}

impl Level {
    /// All, the least first.
    pub const ALL: [Level; 5] = [Level::Info, Level::Low, Level::Medium, Level::High, Level::Critical];

    /// The severity of its findings: critical is an error, high and medium a warning, the others a note.
    pub const fn severity(self) -> Severity {
        match self {
            Level::Critical => Severity::Error,
            Level::High | Level::Medium => Severity::Warning,
            Level::Low | Level::Info => Severity::Note,
        }
    }

    /// The lower-case word that configurations use.
    pub fn word(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
            Level::Critical => "critical",
        }
    }
}

/// A named choice of rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Preset {
    /// What is broken or gives the node away.
    Minimal,
    /// And what experience says; the default.
    Recommended,
    /// And what is a matter of taste or of a house's rules.
    Strict,
    /// The Pod Security Standard `baseline`.
    PssBaseline,
    /// The Pod Security Standard `restricted`.
    PssRestricted,
    /// The CIS Kubernetes Benchmark, where a manifest can tell.
    Cis,
    /// The Kubernetes Hardening Guidance of NSA and CISA.
    Nsa,
}

impl Preset {
    /// All, by the name that `--preset` and configurations use.
    pub const ALL: [(&'static str, Preset); 7] = [
        ("minimal", Preset::Minimal),
        ("recommended", Preset::Recommended),
        ("strict", Preset::Strict),
        ("pss-baseline", Preset::PssBaseline),
        ("pss-restricted", Preset::PssRestricted),
        ("cis", Preset::Cis),
        ("nsa", Preset::Nsa),
    ];

    /// Whether the preset has that rule. The first three contain each other; the others follow the references.
    pub fn has(self, rule: &Rule) -> bool {
        let refers = |start: &str| rule.refs.iter().any(|r| r.starts_with(start));
        match self {
            Preset::Minimal => rule.preset == Preset::Minimal,
            Preset::Recommended => rule.preset != Preset::Strict,
            Preset::Strict => true,
            Preset::PssBaseline => refers("PSS baseline"),
            Preset::PssRestricted => refers("PSS "),
            Preset::Cis => refers("CIS "),
            Preset::Nsa => refers("NSA"),
        }
    }
}

/// The theme of a rule: a folder of `rules/`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "each is the theme of its name; Group::title says it in words")]
pub enum Group {
    Security,
    Images,
    Resources,
    Probes,
    Availability,
    References,
    Metadata,
    Secrets,
    Rbac,
    Network,
    Charts,
    ControlPlane,
}

impl Group {
    /// All, in the order of the catalogue.
    pub const ALL: [Group; 12] = [
        Group::Security,
        Group::Images,
        Group::Resources,
        Group::Probes,
        Group::Availability,
        Group::References,
        Group::Metadata,
        Group::Secrets,
        Group::Rbac,
        Group::Network,
        Group::Charts,
        Group::ControlPlane,
    ];

    /// The name that configurations use, which is also the folder's.
    pub fn word(self) -> &'static str {
        match self {
            Group::Security => "security",
            Group::Images => "images",
            Group::Resources => "resources",
            Group::Probes => "probes",
            Group::Availability => "availability",
            Group::References => "references",
            Group::Metadata => "metadata",
            Group::Secrets => "secrets",
            Group::Rbac => "rbac",
            Group::Network => "network",
            Group::Charts => "charts",
            Group::ControlPlane => "control-plane",
        }
    }

    /// In words, for headings.
    pub fn title(self) -> &'static str {
        match self {
            Group::Security => "Pod security",
            Group::Images => "Images",
            Group::Resources => "Requests and limits",
            Group::Probes => "Probes and lifecycle",
            Group::Availability => "Availability and rollout",
            Group::References => "References between objects",
            Group::Metadata => "Metadata and API versions",
            Group::Secrets => "Service accounts and secrets",
            Group::Rbac => "RBAC",
            Group::Network => "Network and admission",
            Group::Charts => "Helm charts",
            Group::ControlPlane => "Flags of the control plane",
        }
    }
}

/// Declares the [`Rule`] of a file as its `RULE`; the documentation comment is the manual.
///
/// The group is that of the folder: `super::GROUP`.
macro_rules! rule {
    (
        $(#[doc = $docs:literal])+
        $id:literal: $level:ident, $preset:ident, since $since:literal;
        refs: [$($refs:literal),* $(,)?];
        $(over: [$($over:literal),* $(,)?];)?
        $(refused: $refused:literal;)?
        help: $help:literal;
        check: $check:expr;
    ) => {
        $(#[doc = $docs])+
        pub static RULE: $crate::lint::Rule = $crate::lint::Rule {
            code: source::Code {
                id: $id,
                severity: $crate::lint::Level::$level.severity(),
                docs: concat!($($docs, "\n"),+),
                help: $help,
            },
            group: super::GROUP,
            level: $crate::lint::Level::$level,
            preset: $crate::lint::Preset::$preset,
            since: $since,
            refs: &[$($refs),*],
            over: &[$($($over),*)?],
            refused: false $(|| $refused)?,
            check: { #[allow(unused_imports)] use $crate::lint::Check::*; $check },
        };
    };
}

pub(crate) use rule;
