//! Judges this tree's release build by the recorded answers of the real programs.
//!
//! Every suite has its own judge; this calls them, prints one line a suite and profile, and holds the counts
//! against `tests/conformance-floor.toml`. A count below its floor fails; `--raise` writes the counts that rose.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{release_binary, root};

/// How a judge's output is read.
enum Counts {
    /// The last line, `N passed, M failed`, is one count.
    Total,
    /// Lines `units/SUITE PROFILE ok P/T error P/T`: what must succeed and what must fail are two counts.
    Units,
}

struct Suite {
    /// The name of the line, and of the floor.
    name: &'static str,
    /// Folder of the judge below the data.
    dir: &'static str,
    /// Its arguments after the program to be judged.
    args: &'static [&'static str],
    counts: Counts,
}

const SUITES: &[Suite] = &[
    Suite { name: "seeds", dir: "seeds", args: &[], counts: Counts::Total },
    Suite { name: "units", dir: "units", args: &[], counts: Counts::Units },
    Suite { name: "validate 1.37", dir: "validate", args: &[], counts: Counts::Total },
    Suite {
        name: "validate 1.36",
        dir: "validate",
        args: &["--kubernetes-version", "1.36"],
        counts: Counts::Total,
    },
    Suite {
        name: "validate 1.35",
        dir: "validate",
        args: &["--kubernetes-version", "1.35"],
        counts: Counts::Total,
    },
    Suite { name: "validate streams", dir: "validate", args: &["--streams"], counts: Counts::Total },
    Suite { name: "helm helm4", dir: "helm", args: &["--jobs", "2"], counts: Counts::Total },
    Suite {
        name: "helm helm3",
        dir: "helm",
        args: &["--jobs", "2", "--profile", "helm3", "--prefix", "template --profile helm3"],
        counts: Counts::Total,
    },
    Suite { name: "kustomize", dir: "kustomize", args: &["-j", "2"], counts: Counts::Total },
    Suite { name: "pss", dir: "pss", args: &[], counts: Counts::Total },
    Suite { name: "policy", dir: "policy", args: &[], counts: Counts::Total },
];

/// One count that was reached: how many passed of how many.
struct Count {
    name: String,
    passed: u32,
    total: u32,
}

/// `conformance [DIR] [--only NAME] [--raise]`
pub fn run(args: &[&str]) -> Result<(), String> {
    let (mut dir, mut only, mut raise) = (root().join("../shared/conformance"), None, false);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--only" => only = args.next().copied(),
            "--raise" => raise = true,
            other => dir = PathBuf::from(other),
        }
    }
    if !dir.is_dir() {
        return Err(format!(
            "{}: no such folder; the recorded answers are not part of the repository",
            dir.display()
        ));
    }
    let chosen = |suite: &&Suite| only.is_none_or(|o| suite.name.starts_with(o) || suite.dir == o);
    if !SUITES.iter().any(|suite| chosen(&suite)) {
        let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        return Err(format!("no suite of that name; there are {}", names.join(", ")));
    }
    let plimsoll = release_binary("plimsoll")?;
    let answer = format!("{} answer", release_binary("xtask")?.display());
    let floor_file = root().join("tests/conformance-floor.toml");
    let mut floor = read_floor(&floor_file)?;
    let mut fallen = Vec::new();
    for suite in SUITES.iter().filter(chosen) {
        let program = match suite.counts {
            Counts::Total => plimsoll.as_os_str().to_owned(),
            Counts::Units => answer.clone().into(),
        };
        let judge = dir.join(suite.dir).join("compare");
        let output = Command::new("python3")
            .arg(&judge)
            .arg(program)
            .args(suite.args)
            .output()
            .map_err(|e| format!("python3 {}: {e}", judge.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let counts = match suite.counts {
            Counts::Total => total_of(suite.name, &text).into_iter().collect(),
            Counts::Units => units_of(&text),
        };
        if counts.is_empty() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{} gave no verdict:\n{text}{said}", judge.display()));
        }
        for count in counts {
            let least = floor.get(&count.name).copied().unwrap_or(0);
            print_count(&count, least);
            if count.passed < least {
                fallen.push(format!("{}: {} is below its floor of {least}", count.name, count.passed));
            }
            floor.insert(count.name, count.passed.max(least));
        }
    }
    if raise {
        write_floor(&floor_file, &floor)?;
    }
    if fallen.is_empty() { Ok(()) } else { Err(fallen.join("\n")) }
}

#[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
fn print_count(count: &Count, floor: u32) {
    let share = 100.0 * f64::from(count.passed) / f64::from(count.total.max(1));
    println!("{:<46} {:>6}/{:<6} {share:6.2} %   floor {floor}", count.name, count.passed, count.total);
}

fn total_of(name: &str, text: &str) -> Option<Count> {
    let last = text.lines().rev().find(|l| l.ends_with(" failed"))?;
    let mut numbers = last.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u32>().ok());
    let (passed, failed) = (numbers.next()?, numbers.next()?);
    Some(Count { name: name.to_owned(), passed, total: passed + failed })
}

fn units_of(text: &str) -> Vec<Count> {
    let mut counts = Vec::new();
    for line in text.lines().filter(|l| l.starts_with("units/")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [suite, profile, "ok", ok, "error", error, ..] = words.as_slice() else { continue };
        for (kind, share) in [("ok", ok), ("error", error)] {
            let parsed = share.split_once('/').and_then(|(p, t)| Some((p.parse().ok()?, t.parse().ok()?)));
            if let Some((passed, total)) = parsed
                && total > 0
            {
                counts.push(Count { name: format!("{suite} {profile} {kind}"), passed, total });
            }
        }
    }
    counts
}

fn read_floor(file: &Path) -> Result<BTreeMap<String, u32>, String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    toml::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))
}

fn write_floor(file: &Path, floor: &BTreeMap<String, u32>) -> Result<(), String> {
    let counts = toml::to_string(floor).map_err(|e| e.to_string())?;
    let text = format!(
        "# Cases of each suite that pass, by `cargo xtask conformance`. They only rise; `--raise` writes the new counts.\n{counts}"
    );
    std::fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judge_s_last_line_is_read() {
        let count = total_of("seeds", "x\n21 passed, 1 failed\n").unwrap();
        assert_eq!((count.passed, count.total), (21, 22));
        assert!(total_of("seeds", "Traceback").is_none());
    }

    #[test]
    fn success_and_failure_are_counted_apart() {
        let counts =
            units_of("units/quantity parse ok 3/4 error 5/6  same text 2\nunits/x - ok 1/1 error 0/0\n");
        let all: Vec<_> = counts.iter().map(|c| (c.name.as_str(), c.passed, c.total)).collect();
        assert_eq!(
            all,
            [("units/quantity parse ok", 3, 4), ("units/quantity parse error", 5, 6), ("units/x - ok", 1, 1)]
        );
    }
}
