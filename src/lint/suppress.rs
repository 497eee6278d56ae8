//! Findings that somebody has allowed: beside the field, by an annotation of the object, or in the configuration, each
//! with a reason.

mod comments;
mod date;
mod foreign;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use source::{
    Chain, Class, Diagnostic, Diagnostics, OriginId, Origins, Source, SourceKind, Sources, Span, code,
};
use yaml::Node;

use super::{Allowed, ConfigText, Cx, can_be_allowed, variants};
use crate::kube::{Bundle, Resource};
pub use comments::Comments;
pub use date::date;
pub(crate) use date::is_date;
pub(crate) use foreign::named as standing_for;

code! {
    /// A suppression allows nothing.
    ///
    /// The rule that it names says nothing there any more: what it was for has been mended, or stands elsewhere. Remove
    /// it, so that it does not hide the next one.
    pub static SUPPRESSION_UNUSED = "suppression-unused", Note;

    /// A suppression has passed its date.
    ///
    /// It said `until:` and that day is over: the finding is told again. Mend what it was for, or set another date.
    pub static SUPPRESSION_EXPIRED = "suppression-expired", Warning;

    /// A suppression gives no reason, or names no rule.
    ///
    /// It is written `# plimsoll: allow RULE -- reason`, with `until: 2027-01-31` before the dashes if it shall pass, or as
    /// the annotation `plimsoll.dev/allow.RULE: reason`. Without a reason nobody can tell later whether it may go; it
    /// allows nothing.
    pub static SUPPRESSION_INVALID = "suppression-invalid", Warning;
}

/// The annotation's key up to the rule.
const ANNOTATION: &str = "plimsoll.dev/allow.";
/// Places of one finding that are looked at: beyond them nobody follows a chain.
const PLACES: usize = 256;

/// A suppression, wherever it stands.
struct Suppression {
    rule: String,
    container: Option<String>,
    until: Option<String>,
    fault: Option<&'static str>,
    /// Another program's, of which nothing is demanded.
    foreign: bool,
}

impl Suppression {
    fn new(rule: &str, until: Option<String>, reason: &str) -> Self {
        let fault = if !can_be_allowed(rule) {
            Some("there is no such rule")
        } else if reason.is_empty() {
            Some("it gives no reason")
        } else if until.as_deref().is_some_and(|date| !is_date(date)) {
            Some("its date is not written like 2027-01-31")
        } else {
            None
        };
        Suppression { rule: rule.to_owned(), container: None, until, fault, foreign: false }
    }

    /// Whether it is about that finding; it may have passed all the same.
    fn means(&self, diagnostic: &Diagnostic) -> bool {
        let container = || diagnostic.subject.as_deref().and_then(|s| s.container.as_deref());
        self.fault.is_none()
            && self.rule == diagnostic.code.id
            && (self.container.is_none() || self.container.as_deref() == container())
    }

    fn has_passed(&self, today: Option<&str>) -> bool {
        matches!((&self.until, today), (Some(until), Some(today)) if until.as_str() < today)
    }
}

/// What became of the suppressions of a run: several bundles (the renderings of a chart) may use one.
///
/// It is kept apart from what they are, so that bundles can be judged in any order, or at once.
#[derive(Default)]
pub struct Ledger {
    /// Comments and central ones that were used, by where they stand and their rule.
    used: HashSet<(Span, String)>,
    used_centrally: HashSet<(Arc<str>, u32)>,
    /// Annotations, which belong to objects and so to a bundle.
    annotations: BTreeMap<(Span, String), (Noted, bool)>,
    ran: HashSet<&'static str>,
}

/// What is said of an annotation at the end.
#[derive(Clone)]
struct Noted {
    until: Option<String>,
    fault: Option<&'static str>,
}

impl Ledger {
    /// Takes in another bundle's.
    pub fn merge(&mut self, other: Ledger) {
        self.used.extend(other.used);
        self.used_centrally.extend(other.used_centrally);
        self.ran.extend(other.ran);
        for (key, (noted, used)) in other.annotations {
            self.annotations.entry(key).or_insert((noted, false)).1 |= used;
        }
    }

    /// Says which suppressions are invalid, have passed, or allowed nothing although their rule ran. Where not everything
    /// could be read (`is_whole` is false), none is called unused.
    pub fn report<'s>(
        &self,
        comments: &Comments,
        central: impl IntoIterator<Item = &'s Allowed>,
        cx: &mut Closing<'_>,
        out: &mut Diagnostics,
    ) {
        let mut say = |at: Span, rule: &str, until: Option<&str>, fault: Option<&str>, used: bool| {
            let passed = matches!((until, cx.today), (Some(until), Some(today)) if until < today);
            let diagnostic = if let Some(fault) = fault {
                let message = format!("this does not allow `{rule}`: {fault}");
                Diagnostic::new(&SUPPRESSION_INVALID, at, message)
                    .help("write `# plimsoll: allow RULE -- reason`")
            } else if passed {
                let message = format!("`{rule}` was allowed until {}", until.unwrap_or_default());
                Diagnostic::new(&SUPPRESSION_EXPIRED, at, message)
                    .help("mend what it was for, or set another date")
            } else if !used && cx.is_whole && self.ran.contains(rule) {
                let message = format!("`{rule}` has nothing to say here");
                Diagnostic::new(&SUPPRESSION_UNUSED, at, message).help("remove the suppression")
            } else {
                return;
            };
            out.push(diagnostic.class(Class::Policy));
        };
        // A file that two stages read is two sources: what one of them used is used.
        let sources = &*cx.sources;
        let name = |at: Span| sources.get(at.source).map_or("", |source| &*source.name);
        let used: HashSet<_> =
            self.used.iter().map(|(at, rule)| (name(*at), at.start, rule.as_str())).collect();
        let mut seen = HashSet::new();
        for (at, one) in comments.iter() {
            let key = (name(at), at.start, one.rule.as_str());
            if seen.insert(key) {
                say(at, &one.rule, one.until.as_deref(), one.fault, used.contains(&key));
            }
        }
        for ((at, rule), (noted, used)) in &self.annotations {
            say(*at, rule, noted.until.as_deref(), noted.fault, *used);
        }
        let mut files: HashMap<*const ConfigText, source::SourceId> = HashMap::new();
        for one in central {
            let source = *files.entry(Arc::as_ptr(&one.file)).or_insert_with(|| {
                cx.sources.add(Source::new(&*one.file.name, SourceKind::File, one.file.text.clone()))
            });
            let key = (one.file.name.as_str().into(), one.span.0);
            let used = cx.is_part || self.used_centrally.contains(&key);
            say(Span::new(source, one.span.0, one.span.1), &one.rule, one.until.as_deref(), None, used);
        }
    }
}

/// What the end of a run knows.
pub struct Closing<'a> {
    /// The day, like 2027-01-31.
    pub today: Option<&'a str>,
    /// Whether everything could be read.
    pub is_whole: bool,
    /// Whether only single files were asked for, so that what the configuration allows may be for others.
    pub is_part: bool,
    /// The texts of the run, to which the configurations are added.
    pub sources: &'a mut Sources,
}

/// The suppressions that may hold in one bundle.
pub(super) struct Suppressions<'a> {
    comments: Option<&'a Comments>,
    annotations: Vec<(Span, Suppression)>,
    by_object: HashMap<Object, Vec<usize>>,
    today: Option<&'a str>,
    ledger: Ledger,
}

type Object = (String, String, String);

impl<'a> Suppressions<'a> {
    /// Those of the comments that were read, and those in the annotations of the bundle's objects.
    pub fn new(bundle: &Bundle, cx: &Cx<'a>) -> Self {
        let mut found = Suppressions {
            comments: cx.comments,
            annotations: Vec::new(),
            by_object: HashMap::new(),
            today: cx.today,
            ledger: Ledger::default(),
        };
        for resource in &bundle.resources {
            let own = resource.annotations();
            let of_template = resource.in_spec("template.metadata.annotations");
            for (key, value) in own.into_iter().chain(of_template).flat_map(Node::entries) {
                found.annotation(bundle, resource, key, value);
            }
        }
        found
    }

    /// These rules ran.
    pub fn ran(&mut self, rules: impl Iterator<Item = &'static str>) {
        self.ledger.ran.extend(rules);
    }

    /// What was used.
    pub fn into_ledger(mut self) -> Ledger {
        for (at, one) in self.annotations.into_iter().filter(|(_, one)| !one.foreign) {
            let noted = Noted { until: one.until, fault: one.fault };
            let used = self.ledger.used.remove(&(at, one.rule.clone()));
            self.ledger.annotations.insert((at, one.rule), (noted, used));
        }
        self.ledger
    }

    fn annotation(&mut self, bundle: &Bundle, resource: &Resource, key: Node<'_>, value: Node<'_>) {
        let add = |suppressions: &mut Self, one: Suppression| {
            let Some(at) = bundle.origins.primary(resource.origin(key)) else { return };
            suppressions.by_object.entry(object(resource)).or_default().push(suppressions.annotations.len());
            suppressions.annotations.push((at, one));
        };
        let Some(name) = key.text().strip_prefix(ANNOTATION) else {
            for rule in foreign::rules_off(key.text(), value.text()) {
                add(self, Suppression { foreign: true, ..Suppression::new(rule, None, "another program's") });
            }
            return;
        };
        let (rule, container) = match name.split_once('.') {
            Some((rule, container)) => (rule, Some(container.to_owned())),
            None => (name, None),
        };
        let (reason, until) = match value.text().split_once("until:") {
            Some((reason, until)) => (reason, Some(until.trim().to_owned())),
            None => (value.text(), None),
        };
        add(self, Suppression { container, ..Suppression::new(rule, until, reason.trim()) });
    }

    /// Whether a finding is allowed; each suppression that allows it then counts as used.
    pub fn allow(&mut self, diagnostic: &Diagnostic, at: OriginId, bundle: &Bundle) -> bool {
        let comments = self.comments.filter(|c| !c.is_empty());
        if comments.is_none() && self.annotations.is_empty() {
            return false;
        }
        let mut is_allowed = false;
        if let Some(comments) = comments {
            for place in places(&bundle.origins, at) {
                for (span, one) in comments.over(place).filter(|(_, one)| one.means(diagnostic)) {
                    self.ledger.used.insert((span, one.rule.clone()));
                    is_allowed |= !one.has_passed(self.today);
                }
            }
        }
        let subject = diagnostic.subject.as_deref();
        let key = subject.map(|s| (s.kind.to_string(), s.namespace.to_string(), s.name.to_string()));
        for &index in key.and_then(|key| self.by_object.get(&key)).map_or(&[][..], Vec::as_slice) {
            let (span, one) = &self.annotations[index];
            if one.means(diagnostic) {
                self.ledger.used.insert((*span, one.rule.clone()));
                is_allowed |= !one.has_passed(self.today);
            }
        }
        is_allowed
    }

    /// Whether the configuration allows a finding on that object, or in a file where it is about none.
    pub fn allow_centrally(
        &mut self,
        diagnostic: &Diagnostic,
        resource: Option<&Resource>,
        bundle: &Bundle,
        cx: &Cx<'_>,
        allowed: &[Allowed],
    ) -> bool {
        let mut is_allowed = false;
        for one in allowed.iter().filter(|one| one.rule == diagnostic.code.id) {
            let container = diagnostic.subject.as_deref().and_then(|s| s.container.as_deref());
            let of_container = one.container.is_none() || one.container.as_deref() == container;
            let holds = || {
                let place = bundle.origins.primary(diagnostic.primary.at);
                let written = place.and_then(|at| cx.sources?.get(at.source)).map_or("", |s| &*s.name);
                let Some(resource) = resource else { return one.reach.holds_file(written) };
                let (_, file) = variants::file_of(resource, bundle, cx);
                one.reach.holds(file, resource) || one.reach.holds(written, resource)
            };
            if of_container && holds() {
                self.ledger.used_centrally.insert((one.file.name.as_str().into(), one.span.0));
                is_allowed |= !matches!((&one.until, self.today), (Some(u), Some(t)) if u.as_str() < t);
            }
        }
        is_allowed
    }
}

fn object(resource: &Resource) -> Object {
    let id = &resource.id;
    (id.gvk.kind.to_string(), id.namespace.as_deref().unwrap_or("").to_owned(), id.name.to_string())
}

/// Every place that made a node what it is: where it was read or set, the template's action and the values that fed
/// it. What stood there before a patch no longer counts.
fn places(origins: &Origins, at: OriginId) -> Vec<Span> {
    let (mut open, mut found) = (vec![at], Vec::new());
    for _ in 0..PLACES {
        let Some(id) = open.pop() else { break };
        match origins.chain(id) {
            Chain::Unknown | Chain::Branched { .. } => {}
            Chain::Given { data, .. } => open.push(data),
            Chain::Read(span) => found.push(span),
            Chain::Rendered { action, data, .. } => {
                found.push(action);
                open.push(data);
            }
            Chain::Patched { by, .. } => found.push(by),
            Chain::Generated { by, data } => {
                found.push(by);
                open.push(data);
            }
            Chain::Union(a, b) | Chain::Either(a, b) => open.extend([b, a]),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{findings, findings_on, only};

    fn rules_at(text: &str, rule: &str) -> Vec<(u32, &'static str)> {
        findings(text, &only(rule)).into_iter().map(|f| (f.line, f.rule)).collect()
    }

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";

    #[test]
    fn beside_a_field_it_allows_that_field() {
        let text =
            format!("{POD}  hostNetwork: true # plimsoll: allow host-network -- the node's own agent\n");
        assert_eq!(rules_at(&text, "host-network"), []);
    }

    #[test]
    fn above_a_block_it_allows_the_block() {
        let pod = format!(
            "{POD}  containers:\n  # plimsoll: allow privileged-container -- loads a module\n  - name: a\n    securityContext:\n      privileged: true\n  - name: b\n    securityContext: {{privileged: true}}\n"
        );
        assert_eq!(rules_at(&pod, "privileged-container"), [(11, "privileged-container")]);
    }

    #[test]
    fn without_a_reason_it_allows_nothing() {
        let text = format!("{POD}  hostPID: true # plimsoll: allow host-pid\n");
        assert_eq!(rules_at(&text, "host-pid"), [(5, "host-pid"), (5, "suppression-invalid")]);
    }

    #[test]
    fn what_allows_nothing_is_told() {
        let text = format!("{POD}  hostPID: false # plimsoll: allow host-pid -- agent\n");
        assert_eq!(rules_at(&text, "host-pid"), [(5, "suppression-unused")]);
        assert_eq!(rules_at(&text, "host-ipc"), [], "a rule that does not run has nothing to say");
    }

    #[test]
    fn a_date_that_has_passed_is_told_with_the_finding() {
        let text = format!("{POD}  hostPID: true # plimsoll: allow host-pid until: 2026-01-31 -- agent\n");
        let on = |day: &str| -> Vec<&str> {
            findings_on(&text, &only("host-pid"), day).into_iter().map(|f| f.rule).collect()
        };
        assert_eq!(on("2026-01-31"), [""; 0]);
        assert_eq!(on("2026-02-01"), ["host-pid", "suppression-expired"]);
    }

    #[test]
    fn an_annotation_allows_the_whole_object_or_one_container() {
        let pod = |annotation: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    {annotation}\nspec:\n  containers:\n  - name: x\n    securityContext: {{privileged: true}}\n  - name: y\n    securityContext: {{privileged: true}}\n"
            )
        };
        let lines = |annotation| -> Vec<u32> {
            findings(&pod(annotation), &only("privileged-container")).into_iter().map(|f| f.line).collect()
        };
        assert_eq!(lines("plimsoll.dev/allow.privileged-container: drivers"), [0; 0]);
        assert_eq!(lines("plimsoll.dev/allow.privileged-container.x: drivers"), [12]);
        assert_eq!(lines("ignore-check.kube-linter.io/privileged-container: drivers"), [0; 0]);
        assert_eq!(lines("checkov.io/skip1: CKV_K8S_16=drivers"), [0; 0]);
    }
}
