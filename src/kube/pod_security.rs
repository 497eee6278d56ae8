//! The Pod Security Standards: every control of `baseline` and `restricted`, for every version of Kubernetes.
//!
//! The rules, their versions and the words are those of the server's own admission plugin
//! (`k8s.io/pod-security-admission` 0.37), so that a person reads here what the server would say.

mod allow_privilege_escalation;
mod app_armor_profile;
mod blame;
mod capabilities_baseline;
mod capabilities_restricted;
mod host_namespaces;
mod host_path_volumes;
mod host_ports;
mod host_probes_and_host_lifecycle;
mod privileged;
mod proc_mount;
mod proc_mount_restricted;
mod restricted_volumes;
mod run_as_non_root;
mod run_as_user;
mod se_linux_options;
mod seccomp_profile_baseline;
mod seccomp_profile_restricted;
mod sysctls;
mod windows_host_process;

use std::fmt;
use std::str::FromStr;

use yaml::Node;

pub use app_armor_profile::{
    ANNOTATION_PREFIX as APP_ARMOR_ANNOTATION, is_allowed_annotation as is_app_armor_allowed,
};
pub use capabilities_baseline::DEFAULT_CAPABILITIES;
pub use restricted_volumes::{ALLOWED_VOLUMES, volume_type};
pub use se_linux_options::allowed_types as se_linux_types;
pub use sysctls::is_safe as is_safe_sysctl;

use super::PodView;

/// How much a namespace allows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Everything.
    Privileged,
    /// What needs no known way to more privilege.
    Baseline,
    /// What follows the hardening practices of the time.
    Restricted,
}

/// A level as it was at a version of Kubernetes, such as `restricted:v1.30` or `baseline:latest`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Standard {
    /// The level.
    pub level: Level,
    /// The minor version: 30 for 1.30; of `latest` and of versions to come the newest that is known.
    pub minor: u32,
}

/// The newest minor version whose controls are known.
pub const NEWEST_MINOR: u32 = 37;

/// What a Pod breaks: one control.
pub struct Violation<'a> {
    /// The control's name, such as `hostPorts`.
    pub control: &'static str,
    /// In two or three words, such as `hostPort`.
    pub reason: String,
    /// Who does what, such as `container "web" uses hostPort 80`; empty where the reason says it all.
    pub detail: String,
    /// The field that breaks it first; `None` where something that is not there breaks it.
    pub at: Option<Node<'a>>,
    /// The first container that breaks it, by its place in [`PodView::containers`].
    pub container: Option<usize>,
}

/// As the server prints it: the reason, and the detail in parentheses.
impl fmt::Display for Violation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.is_empty() {
            true => f.write_str(&self.reason),
            false => write!(f, "{} ({})", self.reason, self.detail),
        }
    }
}

/// One control: a file of this folder.
struct Control {
    name: &'static str,
    level: Level,
    /// The first minor version that has it.
    since: u32,
    /// The weaker control that it stands in for.
    overrides: Option<&'static str>,
    check: for<'a> fn(&PodView<'a>, u32) -> Option<Violation<'a>>,
}

/// By level and name, which is the order in which the server reports.
const CONTROLS: [&Control; 19] = [
    &app_armor_profile::CONTROL,
    &capabilities_baseline::CONTROL,
    &host_namespaces::CONTROL,
    &host_path_volumes::CONTROL,
    &host_ports::CONTROL,
    &host_probes_and_host_lifecycle::CONTROL,
    &privileged::CONTROL,
    &proc_mount::CONTROL,
    &se_linux_options::CONTROL,
    &seccomp_profile_baseline::CONTROL,
    &sysctls::CONTROL,
    &windows_host_process::CONTROL,
    &allow_privilege_escalation::CONTROL,
    &capabilities_restricted::CONTROL,
    &proc_mount_restricted::CONTROL,
    &restricted_volumes::CONTROL,
    &run_as_non_root::CONTROL,
    &run_as_user::CONTROL,
    &seccomp_profile_restricted::CONTROL,
];

impl Standard {
    /// Everything in a Pod that breaks the standard, in the server's order.
    pub fn violations<'a>(&self, pod: &PodView<'a>) -> Vec<Violation<'a>> {
        let applies = |c: &&&Control| c.level <= self.level && c.since <= self.minor;
        let active = || CONTROLS.iter().filter(applies);
        active()
            .filter(|c| !active().any(|other| other.overrides == Some(c.name)))
            .filter_map(|c| (c.check)(pod, self.minor))
            .collect()
    }

    /// As [`violations`](Standard::violations), and after each control that stands in for a weaker one the weaker one,
    /// if that is broken, too: who knows a control by its name in `baseline` finds it in `restricted` as well.
    pub fn violations_by_name<'a>(&self, pod: &PodView<'a>) -> Vec<Violation<'a>> {
        let mut all = Vec::new();
        for broken in self.violations(pod) {
            let weaker = CONTROLS.iter().find(|c| c.name == broken.control).and_then(|c| c.overrides);
            all.push(broken);
            let weaker = CONTROLS.iter().filter(|c| Some(c.name) == weaker && c.since <= self.minor);
            all.extend(weaker.filter_map(|c| (c.check)(pod, self.minor)));
        }
        all
    }
}

/// From `LEVEL` or `LEVEL:VERSION`, where a version is `latest`, `v1.30` or `1.30`.
impl FromStr for Standard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (level, version) = text.split_once(':').unwrap_or((text, "latest"));
        let level = level.parse()?;
        Ok(Standard { level, minor: parse_version(version)? })
    }
}

impl fmt::Display for Standard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:v1.{}", self.level, self.minor)
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "privileged" => Ok(Level::Privileged),
            "baseline" => Ok(Level::Baseline),
            "restricted" => Ok(Level::Restricted),
            _ => Err(format!("`{text}` is no Pod Security level: privileged, baseline or restricted")),
        }
    }
}

/// The minor version of `latest`, `v1.30` or `1.30`, at most [`NEWEST_MINOR`].
pub fn parse_version(text: &str) -> Result<u32, String> {
    if text == "latest" {
        return Ok(NEWEST_MINOR);
    }
    let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").and_then(|m| m.parse::<u32>().ok());
    minor
        .map(|m| m.min(NEWEST_MINOR))
        .ok_or_else(|| format!("`{text}` is no version: `latest`, or like `v1.30`"))
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        })
    }
}
