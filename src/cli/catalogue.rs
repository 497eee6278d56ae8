//! Every code that there is, of all stages: one namespace.

use source::Code;

use crate::lint::{self, Group, Level, Preset, Rule, rules};
use crate::render::{chart, kustomize};
use crate::report::Facts;
use crate::{load, validate};

/// All codes: those of reading first, then the rules. Where validation and a rule see one defect, validation's.
pub(super) fn all() -> impl Iterator<Item = &'static Code> {
    let stages = yaml::codes::ALL.iter().copied().chain(load::codes()).chain(validate::ALL.iter().copied());
    let stages = stages.chain(chart::codes::ALL.iter().copied());
    let stages = stages.chain(kustomize::codes::ALL.iter().copied());
    let stages = stages.chain(kustomize::findings::ALL.iter().copied());
    let suppressions = [&lint::SUPPRESSION_EXPIRED, &lint::SUPPRESSION_INVALID, &lint::SUPPRESSION_UNUSED];
    let is_shared = |rule: &&Rule| rule.refused && validate::ALL.iter().any(|code| code.id == rule.id());
    let rules = rules::all().filter(move |rule| !is_shared(rule));
    let suppressions = suppressions.into_iter().chain([&crate::pipeline::BASELINE_STALE]);
    stages.chain(suppressions).chain(rules.map(|rule| &rule.code))
}

/// The code of that name.
pub(super) fn find(id: &str) -> Option<&'static Code> {
    all().find(|code| code.id == id)
}

/// What reports say of a code beside its manual.
pub(super) fn facts(id: &str) -> Facts {
    let Some(rule) = rules::find(id) else { return Facts::default() };
    let is_security =
        matches!(rule.group, Group::Security | Group::Secrets | Group::Rbac | Group::Network | Group::Images);
    let score = match rule.level {
        Level::Critical => "9.5",
        Level::High => "8.0",
        Level::Medium => "5.5",
        Level::Low => "2.5",
        Level::Info => "0.5",
    };
    let mut tags = vec![rule.group.word()];
    if is_security && rule.group != Group::Security {
        tags.push("security");
    }
    tags.extend(rule.refs.iter().filter(|r| !r.contains(": ")));
    Facts { tags, security_severity: is_security.then_some(score) }
}

/// The code, group or preset nearest to what was written.
pub(super) fn closest(id: &str) -> Option<&'static str> {
    let groups = rules::all().map(|rule| rule.group.word());
    source::closest(id, all().map(|code| code.id).chain(groups).chain(Preset::ALL.map(|(word, _)| word)))
}

/// Whether a name (of a code, a group or a preset) means that code.
pub(super) fn covers(name: &str, code: &str) -> bool {
    name == code || rules::find(code).is_some_and(|rule| rule.is_meant_by(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_have_a_manual() {
        let mut seen = std::collections::HashSet::new();
        for code in all() {
            assert!(seen.insert(code.id), "two codes are called {}", code.id);
            assert!(code.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            assert!(code.summary().ends_with('.'), "{}: {}", code.id, code.summary());
        }
    }
}
