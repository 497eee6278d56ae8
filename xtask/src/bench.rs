//! Measures against the real peers, in one run on one machine.
//!
//! Each benchmark is a file of this folder: it prepares its input in a temporary folder, runs the programs in
//! turn and gives rows of medians and ratios. `benches/RESULTS.md` keeps the last rows of every benchmark with
//! machine, versions and date. A peer that is not there is reported as missing.

mod check;
mod emit;
mod gotmpl;
mod helm;
mod inputs;
mod kustomize;
mod manifests;
mod policy;
mod validate;
pub mod yaml;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::process::{release_binary, root};

/// What a benchmark gives: a title, and the lines of its table in Markdown.
pub struct Report {
    /// What was measured on what, one line.
    pub title: String,
    /// Markdown lines below the title.
    pub body: String,
}

type Benchmark = fn(&Path) -> Result<Report, String>;

/// All benchmarks by name; one file of this folder each.
const BENCHMARKS: &[(&str, Benchmark)] = &[
    ("check", check::run),
    ("emit", emit::run),
    ("gotmpl", gotmpl::run),
    ("helm", helm::run),
    ("kustomize", kustomize::run),
    ("policy", policy::run),
    ("validate", validate::run),
    ("yaml", yaml::run),
];

/// `bench [NAME ...]`: all of them without a name.
pub fn run(names: &[&str]) -> Result<(), String> {
    if cfg!(debug_assertions) {
        // Several benchmarks time the libraries inside of this program, which `cargo xtask` builds without
        // optimisation: hand over to the release build.
        let status = Command::new(release_binary("xtask")?).arg("bench").args(names).status();
        return if status.map_err(|e| e.to_string())?.success() {
            Ok(())
        } else {
            Err("a benchmark failed".into())
        };
    }
    let file = root().join("benches/RESULTS.md");
    let mut sections = read_sections(&std::fs::read_to_string(&file).unwrap_or_default());
    let inputs = root().join("../shared/conformance/bench");
    if let Some(unknown) = names.iter().find(|n| !BENCHMARKS.iter().any(|(known, _)| known == *n)) {
        let known: Vec<_> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no benchmark `{unknown}`; there are: {}", known.join(", ")));
    }
    for (name, benchmark) in BENCHMARKS.iter().filter(|(n, _)| names.is_empty() || names.contains(n)) {
        let report = benchmark(&inputs)?;
        let text = format!("{}\n\n{}\n\n{}", report.title, machine(), report.body.trim_end());
        print_section(name, &text);
        sections.insert((*name).to_owned(), text);
    }
    let mut all = "# Measured against the peers\n\nBy `cargo xtask bench`: medians of runs that take turns, so read the ratios.\n".to_owned();
    for (name, text) in &sections {
        let _ = write!(all, "\n## {name}\n{text}\n");
    }
    std::fs::create_dir_all(root().join("benches")).map_err(|e| e.to_string())?;
    std::fs::write(&file, all).map_err(|e| format!("{}: {e}", file.display()))
}

#[expect(clippy::print_stdout, reason = "the figures are what the task is for")]
fn print_section(name: &str, text: &str) {
    println!("## {name}\n{text}\n");
}

fn read_sections(text: &str) -> BTreeMap<String, String> {
    let sections = text.split("\n## ").skip(1);
    sections
        .filter_map(|s| s.split_once('\n'))
        .map(|(n, body)| (n.to_owned(), body.trim_end().to_owned()))
        .collect()
}

/// Cores, date and toolchain, as every section states them.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let said = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).output().ok();
        output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
    };
    format!(
        "{cores} cores, {}, {}, {}",
        std::env::consts::ARCH,
        said("rustc", &["--version"]),
        said("date", &["-u", "+%Y-%m-%d"])
    )
}
