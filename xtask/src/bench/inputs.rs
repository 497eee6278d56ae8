//! What several benchmarks share: making inputs, asking peers for their versions, printing tables.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{Cost, find};

/// A table of costs with each row's ratios to the first.
pub fn table(body: &mut String, title: &str, names: &[&str], costs: &[Cost]) {
    let Some(ours) = costs.first() else { return };
    let _ = writeln!(
        body,
        "| {title} | wall ms | ratio | user+sys ms | ratio | peak MiB |\n|---|--:|--:|--:|--:|--:|"
    );
    for (name, cost) in names.iter().zip(costs) {
        let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { f64::NAN };
        let (wall, cpu) = (cost.wall.as_secs_f64() * 1e3, cost.cpu.as_secs_f64() * 1e3);
        let _ = writeln!(
            body,
            "| {name} | {wall:.1} | {:.1} | {cpu:.1} | {:.1} | {:.1} |",
            ratio(wall, ours.wall.as_secs_f64() * 1e3),
            ratio(cpu, ours.cpu.as_secs_f64() * 1e3),
            cost.peak as f64 / f64::from(1 << 20),
        );
    }
    body.push('\n');
}

/// The file itself, or all entries of a folder, sorted.
pub fn files(input: &Path) -> Result<Vec<PathBuf>, String> {
    if input.is_file() {
        return Ok(vec![input.to_owned()]);
    }
    let entries = std::fs::read_dir(input).map_err(|e| format!("{}: {e}", input.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    Ok(files)
}

/// Runs a generator of `shared/conformance/bench`.
pub fn python(args: &[&Path]) -> Result<(), String> {
    let output = Command::new("python3").args(args).output().map_err(|e| format!("python3: {e}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Name and version of a peer, as it says them.
pub fn version_of(program: &Path, flag: &str) -> String {
    let output = Command::new(program).arg(flag).output();
    let said =
        output.map(|o| String::from_utf8_lossy(&o.stdout).trim().replace('\n', " ")).unwrap_or_default();
    let name = program.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{name} {}", said.trim_start_matches("kube-score version: "))
}

/// The instructions that a command takes in user mode; `None` where `perf` cannot count them.
pub fn instructions(command: &Command) -> Option<u64> {
    let mut perf = Command::new(find("perf")?);
    perf.args(["stat", "-x", ",", "-e", "instructions:u", "--"]);
    perf.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    let output = perf.output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.lines().find(|line| line.contains("instructions"))?.split(',').next()?.parse().ok()
}
