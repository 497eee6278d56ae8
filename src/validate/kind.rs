//! Which kind an object is, and what is wrong where there is no such kind.

use rustc_hash::FxHashMap;
use source::{Place, closest};
use yaml::Node;

use super::codes::{API_NOT_SERVED, API_REMOVED, UNKNOWN_KIND, WRONG_API_VERSION, WRONG_TYPE};
use super::report::Report;
use super::state::State;
use crate::kube::{Gvk, Resource};
use crate::schema::{Kind, Schema, lifecycle};

/// What an object turns out to be.
pub(super) enum Found<'s> {
    /// Of a kind that can be judged.
    Known(Kind<'s>),
    /// Of a group of which nothing is known; the place tells where that is said.
    Unknown(Place),
    /// Of no kind that there is, which has been told.
    Refused,
}

/// The kinds that were met: a schema has hundreds, and an input a dozen.
#[derive(Default)]
pub(super) struct Kinds<'a, 's> {
    known: FxHashMap<&'a Gvk, Option<Kind<'s>>>,
}

impl<'a, 's> Kinds<'a, 's> {
    fn get(&mut self, schema: &'s Schema, gvk: &'a Gvk) -> Option<Kind<'s>> {
        *self.known.entry(gvk).or_insert_with(|| schema.kind(&gvk.group, &gvk.version, &gvk.kind))
    }
}

/// Looks an object's kind up.
pub(super) fn judge<'a, 's>(
    resource: &'a Resource,
    at: usize,
    schema: &'s Schema,
    kinds: &mut Kinds<'a, 's>,
    state: &State<'_>,
    report: &mut Report<'_>,
) -> Found<'s> {
    let root = resource.root();
    for (key, node) in [("apiVersion", resource.api_version_node()), ("kind", resource.kind_node())] {
        if let Some(node) = node.filter(|n| !n.is_str()) {
            let message = format!("`{key}` must be a string, not {}", super::scalar::describe(node));
            report.push(&WRONG_TYPE, "Decode", node, key.into(), message);
            return Found::Refused;
        }
    }
    let gvk = &resource.id.gvk;
    if let Some(kind) = kinds.get(schema, gvk) {
        if state.is_closed && !kind.is_served_by_default() {
            let node = root.get("apiVersion").unwrap_or(root);
            let message = format!("{} is not served unless it is switched on", kind.api_version());
            refuse(report, &API_NOT_SERVED, node, message).help = stable(schema, kind);
            return Found::Refused;
        }
        if !state.is_defined(&gvk.group, &gvk.kind, at) {
            let message = format!("`{}` is defined further down: the cluster does not know it yet", gvk.kind);
            refuse(report, &UNKNOWN_KIND, root.get("kind").unwrap_or(root), message).help =
                Some("put its CustomResourceDefinition before it".to_owned());
            return Found::Refused;
        }
        return Found::Known(kind);
    }
    unknown(resource, schema, state, report)
}

fn stable(schema: &Schema, kind: Kind<'_>) -> Option<String> {
    let served =
        |k: &Kind<'_>| k.group() == kind.group() && k.kind() == kind.kind() && k.is_served_by_default();
    schema.kinds().find(served).map(|k| format!("use `{}`", k.api_version()))
}

fn refuse<'r>(
    report: &'r mut Report<'_>,
    code: &'static source::Code,
    node: Node<'_>,
    message: String,
) -> &'r mut source::Diagnostic {
    report.push(code, "NotFound", node, String::new(), message)
}

fn unknown<'s>(
    resource: &Resource,
    schema: &'s Schema,
    state: &State<'_>,
    report: &mut Report<'_>,
) -> Found<'s> {
    let root = resource.root();
    let gvk = &resource.id.gvk;
    let (group, version, kind) = (&*gvk.group, &*gvk.version, &*gvk.kind);
    let at_version = root.get("apiVersion").unwrap_or(root);
    let at_kind = root.get("kind").unwrap_or(root);
    let minor = schema.version().minor();
    if let Some(gone) = lifecycle(group, version, kind).filter(|l| l.removed.is_some_and(|r| r <= minor)) {
        let since = gone.removed.unwrap_or(minor);
        let message = format!("`{kind}` of {} is gone since Kubernetes 1.{since}", gvk.api_version());
        let replacement = gone.replacement.map(|(group, version, _)| join(group, version));
        let present = replacement.or_else(|| {
            schema.kinds().find(|k| k.kind() == kind && k.is_served_by_default()).map(|k| k.api_version())
        });
        let fix =
            present.as_ref().and_then(|to| report.replacing(at_version, format!("write `{to}`"), to.clone()));
        let finding = refuse(report, &API_REMOVED, at_version, message);
        finding.help = Some(match present {
            Some(to) => format!("use `{to}`, and check its fields: they may have changed"),
            None => "nothing replaces it: remove the object".to_owned(),
        });
        // Fields differ between the versions, so that a person has to look.
        finding.fix = fix.map(|mut fix| {
            fix.is_unsafe = true;
            fix
        });
        return Found::Refused;
    }
    let here = |k: &Kind<'_>| k.group() == group && k.version() == version;
    if schema.kinds().any(|k| here(&k)) {
        unknown_in_version(report, schema, group, version, kind, at_version, at_kind);
        return Found::Refused;
    }
    if let Some(known) = schema.kinds().find(|k| k.group() == group) {
        // The group is known and the version is not.
        let versions: Vec<String> = schema
            .kinds()
            .filter(|k| k.group() == group && k.kind() == kind)
            .map(|k| k.api_version())
            .collect();
        let message = format!(
            "there is no version `{version}` of {}",
            if group.is_empty() { "the core group" } else { group }
        );
        let help = match versions.as_slice() {
            [] => format!(
                "there is no kind `{kind}` in that group either; it has for instance `{}`",
                known.kind()
            ),
            all => format!("`{kind}` is in {}", all.join(", ")),
        };
        refuse(report, &WRONG_API_VERSION, at_version, message).help = Some(help);
        return Found::Refused;
    }
    // A group without a dot is never a custom one, and one that is nearly a built-in one is a slip.
    let groups = schema.kinds().map(|k| k.group()).filter(|g| !g.is_empty());
    let near = closest(group, groups).filter(|_| !group.is_empty());
    let owner = schema.kinds().find(|k| k.kind() == kind && k.is_served_by_default());
    if !group.contains('.') || (near.is_some() && owner.is_some_and(|k| Some(k.group()) == near)) {
        let message = if group.is_empty() {
            format!("there is no API version `{version}`")
        } else {
            format!("there is no API group `{group}`")
        };
        let help = match (owner, near) {
            (Some(owner), _) => Some(format!("`{kind}` is in `{}`", owner.api_version())),
            (None, Some(near)) => Some(format!("did you mean the group `{near}`?")),
            (None, None) => None,
        };
        let fix = owner.and_then(|k| {
            let to = k.api_version();
            report.replacing(at_version, format!("write `{to}`"), to)
        });
        let finding = refuse(report, &WRONG_API_VERSION, at_version, message);
        finding.help = help;
        finding.fix = fix;
        return Found::Refused;
    }
    if state.is_closed {
        let message = format!("the cluster has no kind `{kind}` in {}", gvk.api_version());
        refuse(report, &UNKNOWN_KIND, at_kind, message).help =
            Some("install its CustomResourceDefinition first, or put it into the input".to_owned());
        return Found::Refused;
    }
    Found::Unknown(report.place(at_kind))
}

fn unknown_in_version(
    report: &mut Report<'_>,
    schema: &Schema,
    group: &str,
    version: &str,
    kind: &str,
    at_version: Node<'_>,
    at_kind: Node<'_>,
) {
    let api_version = join(group, version);
    let message = format!("there is no kind `{kind}` in {api_version}");
    // The right kind in the wrong place, or the wrong kind in the right one.
    let elsewhere: Vec<Kind<'_>> = schema.kinds().filter(|k| k.kind() == kind).collect();
    if let Some(best) = elsewhere.iter().find(|k| k.is_served_by_default()).or(elsewhere.first()) {
        let to = best.api_version();
        let fix = report.replacing(at_version, format!("write `{to}`"), to.clone());
        let finding = refuse(report, &WRONG_API_VERSION, at_version, message);
        finding.help = Some(format!("`{kind}` is in `{to}`"));
        finding.fix = fix;
        return;
    }
    let near = closest(
        kind,
        schema.kinds().filter(|k| k.group() == group && k.version() == version).map(|k| k.kind()),
    );
    let wider = schema.kinds().find(|k| k.is_called(kind) && k.is_served_by_default());
    let fix = near.and_then(|to| report.replacing(at_kind, format!("write `{to}`"), to.to_owned()));
    let finding = refuse(report, &UNKNOWN_KIND, at_kind, message);
    finding.help = match (near, wider) {
        (Some(near), _) => Some(format!("did you mean `{near}`?")),
        (None, Some(k)) => Some(format!("did you mean `{}` of `{}`?", k.kind(), k.api_version())),
        (None, None) => {
            let all = schema.kinds().filter(|k| k.is_served_by_default());
            closest(kind, all.map(|k| k.kind())).map(|near| format!("did you mean `{near}`?"))
        }
    };
    finding.fix = fix;
}

fn join(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}
