//! The declaration of `plimsoll.yaml`: every key, what it says and what its value may be.

use super::shape::{Key, Shape};
use crate::kube::pod_security::Standard;
use crate::lint::{self, Group, Level, Preset, Setting};

/// The whole file.
pub static ROOT: Shape = Shape::Map(&[
    key(
        "extends",
        "Configurations that this one builds on, by paths from this file; later ones win, and this one over all.",
        Shape::Some(&Shape::Text),
    ),
    key("preset", "Which rules run, before `rules` speaks.", Shape::Word("preset", presets)),
    key("rules", "A rule, a group, a level or a preset, and what becomes of it. Narrower names win.", RULES),
    key("parameters", "What single rules are told.", PARAMETERS),
    key(
        "pod-security",
        "The Pod Security Standard that every Pod is held to, such as `restricted:v1.36`.",
        Shape::Form("a Pod Security Standard, such as baseline or restricted:v1.36", is_standard),
    ),
    key(
        "kubernetes-version",
        "The version of Kubernetes that the objects are meant for, such as 1.37.",
        Shape::Form("a version of Kubernetes, such as 1.37", is_version),
    ),
    key("namespace", "The namespace of objects that name none.", Shape::Text),
    key(
        "closed-world",
        "Whether what is not in the input does not exist in the cluster either.",
        Shape::Switch,
    ),
    key(
        "cluster-state",
        "Files and directories that say what the cluster has, by paths from this file. With any, the world is closed.",
        Shape::List(&Shape::Text),
    ),
    key(
        "crds",
        "Files and directories with CustomResourceDefinitions, by paths from this file.",
        Shape::List(&Shape::Text),
    ),
    key(
        "external",
        "Objects that are known to be in the cluster: references to them are sound.",
        Shape::List(&EXTERNAL),
    ),
    key(
        "exclude",
        "Files to leave out, in the manner of .gitignore, from this file.",
        Shape::List(&Shape::Text),
    ),
    key(
        "fail-on",
        "From which severity on a run ends with 1.",
        Shape::Word("severity", || vec!["error", "warning", "note", "never"]),
    ),
    key(
        "baseline",
        "The file of findings that are known and not told, by its path from this file.",
        Shape::Text,
    ),
    key(
        "overrides",
        "What is different for some files or objects; of several that hold, the last wins.",
        Shape::List(&OVERRIDE),
    ),
    key("allow", "Findings that are meant, each with a reason.", Shape::List(&ALLOW)),
]);

const RULES: Shape = Shape::Table("rule", rule_names, &SETTING);
static SETTING: Shape =
    Shape::Word("setting", || Setting::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>());

const PARAMETERS: Shape = Shape::Map(&[
    key(
        "min-replicas",
        "The smallest number of replicas that replicas-too-low and hpa-min-replicas accept [2].",
        Shape::Number,
    ),
    key(
        "allowed-registries",
        "Registries, or registries with the beginning of a path, from which images may come.",
        Shape::List(&Shape::Text),
    ),
    key("denied-registries", "Those from which none may.", Shape::List(&Shape::Text)),
    key(
        "recommended-labels",
        "Labels that every object should have [app.kubernetes.io/name and app.kubernetes.io/instance].",
        Shape::List(&Shape::Text),
    ),
    key(
        "required-labels",
        "Labels that every object must have: a list of keys, or a map of keys with the values that are allowed.",
        Shape::Demands,
    ),
    key("required-annotations", "The same for annotations.", Shape::Demands),
    key("forbidden-annotations", "Annotations that no object may have.", Shape::List(&Shape::Text)),
    key(
        "resource-ranges",
        "What resource-out-of-range allows, by fields such as limits.memory.",
        Shape::Any(&RANGE),
    ),
]);

static RANGE: Shape = Shape::Map(&[
    key("min", "The least, as a quantity.", Shape::Text),
    key("max", "The most, as a quantity.", Shape::Text),
]);

static OBJECT: Shape = Shape::Map(&[
    key("kind", "The kind, such as Deployment; `*` stands for any text.", Shape::Text),
    key("namespace", "The namespace, in the same way.", Shape::Text),
    key("name", "The name, in the same way.", Shape::Text),
]);

static EXTERNAL: Shape = Shape::Map(&[
    required("kind", "The kind, such as Secret.", Shape::Text),
    required("name", "The name; `*` stands for any text.", Shape::Text),
    key("namespace", "The namespace; any without.", Shape::Text),
]);

static OVERRIDE: Shape = Shape::Map(&[
    key("paths", "For which files, in the manner of .gitignore, from this file; for all without.", PATHS),
    key("objects", "For which objects; for all without.", Shape::List(&OBJECT)),
    key("rules", "As above.", RULES),
    key("parameters", "As above.", PARAMETERS),
]);

static ALLOW: Shape = Shape::Map(&[
    required("rule", "The rule.", Shape::Word("rule", ids)),
    required("reason", "Why it is meant.", Shape::Form("a reason in words", |text| !text.trim().is_empty())),
    key(
        "until",
        "The last day on which it is allowed, such as 2027-01-31.",
        Shape::Form("a day, such as 2027-01-31", lint::is_date),
    ),
    key("paths", "In which files, in the manner of .gitignore, from this file; in all without.", PATHS),
    key("objects", "On which objects; on all without.", Shape::List(&OBJECT)),
    key("container", "Only for the container of that name.", Shape::Text),
]);

const PATHS: Shape = Shape::Some(&Shape::Text);

const fn key(name: &'static str, docs: &'static str, shape: Shape) -> Key {
    Key { name, docs, required: false, shape }
}

const fn required(name: &'static str, docs: &'static str, shape: Shape) -> Key {
    Key { name, docs, required: true, shape }
}

fn presets() -> Vec<&'static str> {
    Preset::ALL.iter().map(|(word, _)| *word).collect()
}

fn ids() -> Vec<&'static str> {
    lint::rules::all().map(lint::Rule::id).chain(lint::ADVICE).collect()
}

/// Presets, levels and groups before the rules: the order in which an editor offers them.
fn rule_names() -> Vec<&'static str> {
    let groups = Group::ALL.iter().map(|group| group.word());
    let levels = Level::ALL.iter().map(|level| level.word());
    presets().into_iter().chain(groups).chain(levels).chain(ids()).collect()
}

fn is_standard(text: &str) -> bool {
    text.parse::<Standard>().is_ok()
}

fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts = text.split('.').map(|part| part.parse::<u32>().is_ok());
    text.starts_with("1.") && parts.clone().count() <= 3 && parts.all(|number| number)
}
