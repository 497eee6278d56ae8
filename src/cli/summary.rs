//! The lines at the end: what was looked at, what was found.

use std::fmt::Write;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;

use crate::load::Role;
use crate::pipeline::Outcome;
use crate::report::Counts;

/// Measures a run; a clock of the person's, not of the input's, so it does not go through `World`.
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    /// From now on.
    pub fn start() -> Self {
        Stopwatch(Instant::now())
    }

    /// So long.
    pub fn took(&self) -> Duration {
        self.0.elapsed()
    }
}

/// `Checked 61 manifests: 312 objects in 41 ms. All clean.`
pub(super) fn of(outcome: &Outcome, took: Duration, verbose: bool) -> String {
    let mut text = String::new();
    if verbose {
        for file in &outcome.files {
            let passed_over =
                !file.broken && matches!(file.role, Role::Manifest | Role::Stdin) && !file.has_objects();
            if let Some(source) = outcome.sources.get(file.source).filter(|_| passed_over) {
                let _ = writeln!(text, "Passed over {}: no Kubernetes objects.", source.name);
            }
        }
    }
    let tally = outcome.tally();
    if tally.manifests + tally.charts + tally.kustomizations == 0 {
        text.push_str(match (tally.others, tally.unread) {
            (0, 0) => "Nothing to check: no *.yaml, *.yml or *.json file was found",
            (0, _) => "Nothing was checked",
            _ => "Nothing to check: no file holds Kubernetes objects",
        });
        text.push_str(".\n");
        return text;
    }
    let counts = Counts::of(&outcome.diagnostics);
    let looked_at = [
        (tally.charts, "chart", "charts"),
        (tally.kustomizations, "kustomization", "kustomizations"),
        (tally.manifests, "manifest", "manifests"),
    ];
    let looked_at: Vec<String> =
        looked_at.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, more)| count(n, one, more)).collect();
    let looked_at = match &looked_at[..] {
        [first, second, third] => format!("{first}, {second} and {third}"),
        few => few.join(" and "),
    };
    let _ = write!(
        text,
        "Checked {}: {} in {}.",
        looked_at,
        count(tally.objects, "object", "objects"),
        time(took)
    );
    let found = [
        (counts.errors, "error", "errors"),
        (counts.warnings, "warning", "warnings"),
        (counts.notes, "note", "notes"),
    ];
    let found: Vec<String> =
        found.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, more)| count(n, one, more)).collect();
    if found.is_empty() {
        text.push_str(" All clean.\n");
    } else {
        let files = count(files_with_findings(outcome), "file", "files");
        let _ = writeln!(text, "\n{} in {files}.", found.join(", "));
    }
    if outcome.withheld > 0 {
        let findings = count(outcome.withheld, "finding", "findings");
        let _ = writeln!(text, "{findings} between objects left out until everything can be read.");
    }
    text
}

/// How many findings were left out because they are known.
pub(super) fn known(findings: usize) -> String {
    let findings = count(findings, "known finding", "known findings");
    format!("{findings} left out.\n")
}

fn files_with_findings(outcome: &Outcome) -> usize {
    let places = outcome.diagnostics.iter().filter_map(|d| d.primary.at.span()).map(|span| span.source);
    places.collect::<FxHashSet<_>>().len()
}

/// One line a stage.
pub(super) fn timings(laps: &[(&'static str, Duration)]) -> String {
    let mut text = String::new();
    for (name, took) in laps {
        let _ = writeln!(text, "{name:>10} {:8.2} ms", took.as_secs_f64() * 1000.0);
    }
    text
}

/// One line for each of the dearest rules; their time is that of all threads together.
pub(super) fn rules(spent: &[(&'static str, Duration)]) -> String {
    const SHOWN: usize = 20;
    let mut text = String::new();
    for (rule, took) in spent.iter().take(SHOWN) {
        let _ = writeln!(text, "           {:8.2} ms  {rule}", took.as_secs_f64() * 1000.0);
    }
    let rest: Duration = spent.iter().skip(SHOWN).map(|(_, took)| *took).sum();
    if !rest.is_zero() {
        let _ = writeln!(text, "           {:8.2} ms  all other rules", rest.as_secs_f64() * 1000.0);
    }
    text
}

fn count(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

fn time(took: Duration) -> String {
    match took.as_millis() {
        ms @ 0..10_000 => format!("{ms} ms"),
        ms => format!("{:.1} s", ms as f64 / 1000.0),
    }
}
