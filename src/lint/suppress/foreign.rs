//! Annotations by which other programs are told to be silent: they count here too.

use crate::lint::rules;

/// The rules that an annotation of kube-linter, kube-score or checkov switches off for its object.
pub(super) fn rules_off(key: &str, value: &str) -> Vec<&'static str> {
    if let Some(check) = key.strip_prefix("ignore-check.kube-linter.io/") {
        named(&format!("kube-linter: {check}")).collect()
    } else if key == "kube-linter.io/ignore-all" {
        rules::all()
            .filter(|r| r.refs.iter().any(|r| r.starts_with("kube-linter: ")))
            .map(|r| r.id())
            .collect()
    } else if key == "kube-score/ignore" {
        value
            .split(',')
            .flat_map(|check| named(&format!("kube-score: {}", check.trim())).collect::<Vec<_>>())
            .collect()
    } else if key.starts_with("checkov.io/skip") {
        named(&format!("checkov: {}", value.split('=').next().unwrap_or("").trim())).collect()
    } else {
        Vec::new()
    }
}

/// The rules that stand for another program's check, written `kube-linter: privileged-container`.
pub(crate) fn named(reference: &str) -> impl Iterator<Item = &'static str> {
    rules::all().filter(move |r| r.refs.contains(&reference)).map(|r| r.id())
}
