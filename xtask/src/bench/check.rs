//! `check` of a folder of manifests against kubeconform and kube-score on the same files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Report;
use crate::process::{Cost, find, medians, release_binary};

const ROUNDS: usize = 7;

/// 1,000 files (4,500 objects), and one file alone.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let many = folder.path().join("many");
    python(&[inputs.join("gen-manifests").as_path(), Path::new("1000"), &many])?;
    let schemas = folder.path().join("schemas");
    let has_schemas = python(&[inputs.join("kubeconform-schemas").as_path(), &schemas]).is_ok();
    let plimsoll = release_binary("plimsoll")?;
    let one = many.join("svc-00001.yaml");
    let mut body = String::new();
    let mut versions = Vec::new();
    for (title, input) in [("1,000 files, 4,500 objects", &many), ("one file", &one)] {
        let mut rows = Vec::new();
        for (name, format) in [("plimsoll check", "human"), ("plimsoll check --output json", "json")] {
            let mut command = Command::new(&plimsoll);
            command.args(["check", "--output", format]).arg(input);
            rows.push((name, command));
        }
        match find("kubeconform") {
            Some(program) if has_schemas => {
                let mut command = Command::new(&program);
                let location = schemas.join("{{ .ResourceKind }}{{ .KindSuffix }}.json");
                command.args(["-n", "2", "-strict", "-kubernetes-version", "1.37.0", "-schema-location"]);
                command.arg(location).arg(input);
                versions.push(version_of(&program, "-v"));
                rows.push(("kubeconform -n 2, local schemas", command));
            }
            Some(_) => {
                body.push_str("kubeconform: missing its schemas (`pip install kubernetes-validate`)\n\n")
            }
            None => body.push_str("kubeconform: missing\n\n"),
        }
        match find("kube-score") {
            Some(program) => {
                let mut command = Command::new(&program);
                command.arg("score").args(files(input)?);
                versions.push(version_of(&program, "version"));
                rows.push(("kube-score", command));
            }
            None => body.push_str("kube-score: missing\n\n"),
        }
        let (names, mut commands): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let costs = medians(&mut commands, ROUNDS)?;
        table(&mut body, title, &names, &costs);
    }
    versions.dedup();
    Ok(Report { title: format!("`check` against {}", versions.join(", ")), body })
}

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

fn files(input: &Path) -> Result<Vec<PathBuf>, String> {
    if input.is_file() {
        return Ok(vec![input.to_owned()]);
    }
    let entries = std::fs::read_dir(input).map_err(|e| format!("{}: {e}", input.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    Ok(files)
}

fn python(args: &[&Path]) -> Result<(), String> {
    let output = Command::new("python3").args(args).output().map_err(|e| format!("python3: {e}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn version_of(program: &Path, flag: &str) -> String {
    let output = Command::new(program).arg(flag).output();
    let said =
        output.map(|o| String::from_utf8_lossy(&o.stdout).trim().replace('\n', " ")).unwrap_or_default();
    let name = program.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{name} {}", said.trim_start_matches("kube-score version: "))
}
