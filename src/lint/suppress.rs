//! Findings that somebody has allowed: beside the field, or by an annotation of the object, each with a reason.

use std::collections::HashMap;

use source::{Class, Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use yaml::Node;

use super::rules;
use crate::kube::{Bundle, Resource};

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

/// What opens a suppression in a comment.
const OPENING: &str = "plimsoll: allow ";
/// The annotation's key up to the rule.
const ANNOTATION: &str = "plimsoll.dev/allow.";

/// All suppressions of a run.
pub(super) struct Suppressions {
    all: Vec<Suppression>,
    by_source: HashMap<SourceId, Vec<usize>>,
    by_object: HashMap<Object, Vec<usize>>,
}

type Object = (String, String, String);

struct Suppression {
    rule: String,
    at: Span,
    /// Where it holds, in bytes of its source; `None` for an annotation, which holds for the whole object.
    region: Option<(u32, u32)>,
    container: Option<String>,
    until: Option<String>,
    fault: Option<&'static str>,
    /// Another program's, of which nothing is demanded.
    foreign: bool,
    used: bool,
}

impl Suppressions {
    /// Finds the suppressions in the texts of a run and in the annotations of its objects.
    pub fn new(bundle: &Bundle, sources: Option<&Sources>) -> Self {
        let mut found =
            Suppressions { all: Vec::new(), by_source: HashMap::new(), by_object: HashMap::new() };
        for (id, source) in sources.into_iter().flat_map(Sources::iter) {
            for at in memchr::memmem::find_iter(source.text().as_bytes(), OPENING) {
                found.comment(id, source.text(), at);
            }
        }
        for resource in &bundle.resources {
            let root = resource.root();
            let own = root.at("metadata.annotations");
            let of_template = root.at("spec.template.metadata.annotations");
            for (key, value) in own.into_iter().chain(of_template).flat_map(Node::entries) {
                found.annotation(bundle, resource, key, value);
            }
        }
        found
    }

    fn comment(&mut self, source: SourceId, text: &str, at: usize) {
        let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |i| at + i);
        let before = &text[line_start..at];
        // `# plimsoll:` in YAML, `{{/* plimsoll:` in templates.
        let Some(opens) = before.rfind('#').or_else(|| before.rfind("/*")) else { return };
        let rest =
            text[at + OPENING.len()..line_end].trim_end().trim_end_matches("}}").trim_end_matches("*/");
        let (names, reason) = rest.split_once("--").unwrap_or((rest, ""));
        let (names, until) = match names.split_once("until:") {
            Some((names, until)) => (names, Some(until.trim().to_owned())),
            None => (names, None),
        };
        let is_alone = text[line_start..line_start + opens].trim_matches([' ', '\t', '{', '-']).is_empty();
        let first = if is_alone { next_line(text, line_end) } else { line_start };
        let region = (line_start as u32, block_end(text, first) as u32);
        let span = Span::new(source, (line_start + opens) as u32, line_end as u32);
        for rule in names.split([',', ' ']).map(str::trim).filter(|n| !n.is_empty()) {
            let index = self.add(rule, span, until.clone(), reason.trim());
            self.all[index].region = Some(region);
            self.by_source.entry(source).or_default().push(index);
        }
    }

    fn annotation(&mut self, bundle: &Bundle, resource: &Resource, key: Node<'_>, value: Node<'_>) {
        let Some(at) = bundle.origins.primary(resource.origin(key)) else { return };
        let id = &resource.id;
        let object =
            (id.gvk.kind.to_string(), id.namespace.as_deref().unwrap_or("").to_owned(), id.name.to_string());
        if let Some(name) = key.text().strip_prefix(ANNOTATION) {
            let (rule, container) = match name.split_once('.') {
                Some((rule, container)) => (rule, Some(container.to_owned())),
                None => (name, None),
            };
            let (reason, until) = match value.text().split_once("until:") {
                Some((reason, until)) => (reason, Some(until.trim().to_owned())),
                None => (value.text(), None),
            };
            let index = self.add(rule, at, until, reason.trim());
            self.all[index].container = container;
            self.by_object.entry(object).or_default().push(index);
            return;
        }
        for rule in foreign(key.text(), value.text()) {
            let index = self.add(rule, at, None, "by another program's annotation");
            self.all[index].foreign = true;
            self.by_object.entry(object.clone()).or_default().push(index);
        }
    }

    fn add(&mut self, rule: &str, at: Span, until: Option<String>, reason: &str) -> usize {
        let fault = if rules::find(rule).is_none() {
            Some("there is no such rule")
        } else if reason.is_empty() {
            Some("it gives no reason")
        } else if until.as_deref().is_some_and(|date| !is_date(date)) {
            Some("its date is not written like 2027-01-31")
        } else {
            None
        };
        self.all.push(Suppression {
            rule: rule.to_owned(),
            at,
            region: None,
            container: None,
            until,
            fault,
            foreign: false,
            used: false,
        });
        self.all.len() - 1
    }

    /// Whether a finding is allowed; the suppression then counts as used. `today` is written like 2027-01-31; without
    /// it no date passes.
    pub fn allow(&mut self, diagnostic: &Diagnostic, at: Option<Span>, today: Option<&str>) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let subject = diagnostic.subject.as_deref();
        let object = subject.map(|s| (s.kind.clone(), s.namespace.clone(), s.name.clone()));
        let beside = at.and_then(|at| self.by_source.get(&at.source)).map_or(&[][..], Vec::as_slice);
        let on_object = object.and_then(|o| self.by_object.get(&o)).map_or(&[][..], Vec::as_slice);
        let mut is_allowed = false;
        for &index in beside.iter().chain(on_object) {
            let one = &mut self.all[index];
            let holds = match one.region {
                Some((start, end)) => at.is_some_and(|at| start <= at.start && at.start < end),
                None => true,
            };
            let of_container =
                one.container.is_none() || one.container == subject.and_then(|s| s.container.clone());
            if one.fault.is_none() && one.rule == diagnostic.code.id && holds && of_container {
                one.used = true;
                is_allowed |= !one.has_passed(today);
            }
        }
        is_allowed
    }

    /// Says which suppressions are invalid, have passed, or allowed nothing although their rule ran.
    pub fn report(self, ran: impl Fn(&str) -> bool, today: Option<&str>, out: &mut Diagnostics) {
        for one in self.all.into_iter().filter(|s| !s.foreign) {
            let rule = &one.rule;
            let diagnostic = if let Some(fault) = one.fault {
                Diagnostic::new(
                    &SUPPRESSION_INVALID,
                    one.at,
                    format!("this does not allow `{rule}`: {fault}"),
                )
                .help("write `# plimsoll: allow RULE -- reason`")
            } else if one.has_passed(today) {
                let date = one.until.as_deref().unwrap_or_default();
                Diagnostic::new(&SUPPRESSION_EXPIRED, one.at, format!("`{rule}` was allowed until {date}"))
                    .help("mend what it was for, or set another date")
            } else if !one.used && ran(rule) {
                Diagnostic::new(&SUPPRESSION_UNUSED, one.at, format!("`{rule}` has nothing to say here"))
                    .help("remove the suppression")
            } else {
                continue;
            };
            out.push(diagnostic.class(Class::Policy));
        }
    }
}

impl Suppression {
    fn has_passed(&self, today: Option<&str>) -> bool {
        matches!((&self.until, today), (Some(until), Some(today)) if until.as_str() < today)
    }
}

/// The rules that an annotation of kube-linter, kube-score or checkov switches off.
fn foreign(key: &str, value: &str) -> Vec<&'static str> {
    let by_ref = |reference: String| {
        rules::all().filter(move |r| r.refs.contains(&reference.as_str())).map(|r| r.id())
    };
    if let Some(check) = key.strip_prefix("ignore-check.kube-linter.io/") {
        by_ref(format!("kube-linter: {check}")).collect()
    } else if key == "kube-score/ignore" {
        value.split(',').flat_map(|check| by_ref(format!("kube-score: {}", check.trim()))).collect()
    } else if key.starts_with("checkov.io/skip") {
        by_ref(format!("checkov: {}", value.split('=').next().unwrap_or("").trim())).collect()
    } else {
        Vec::new()
    }
}

fn next_line(text: &str, line_end: usize) -> usize {
    let mut at = (line_end + 1).min(text.len());
    // Further comments stand between it and what it is about.
    loop {
        let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
        let line = text[at..end].trim_start();
        if end >= text.len() || !(line.is_empty() || line.starts_with('#')) {
            return at;
        }
        at = end + 1;
    }
}

/// Where the block that a line opens ends: before the next line that is not indented further. Items of a list may stand
/// as far left as its key.
fn block_end(text: &str, line_start: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first_end = text[line_start..].find('\n').map_or(text.len(), |i| line_start + i + 1);
    let first = &text[line_start..first_end];
    let code = first.split(" #").next().unwrap_or(first).trim_end();
    let opens_list = code.ends_with(':') && !first.trim_start().starts_with('-');
    let mut end = first_end;
    for line in text[first_end..].split_inclusive('\n') {
        let is_item = opens_list && indent(line) == indent(first) && line.trim_start().starts_with("- ");
        if !(line.trim().is_empty() || indent(line) > indent(first) || is_item) {
            break;
        }
        end += line.len();
    }
    end
}

fn is_date(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()))
    };
    text.len() == 10
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && &text[4..5] == "-"
        && &text[7..8] == "-"
}

/// The day of a moment, as suppressions write it: seconds since 1970-01-01 UTC to `2027-01-31`.
///
/// ```
/// assert_eq!(plimsoll::lint::date(1_769_817_600), "2026-01-31");
/// ```
pub fn date(seconds: i64) -> String {
    // Days to a date of the proleptic Gregorian calendar, by eras of 400 years that begin in March.
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
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
