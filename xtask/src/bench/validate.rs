//! `validate` of 1,000 and 10,000 files against kubeconform and kubectl-validate, and what starting up costs.

use std::path::Path;
use std::process::Command;

use super::Report;
use super::inputs::{python, table, version_of};
use crate::process::{find, medians, release_binary};

const ROUNDS: usize = 5;

/// The peers' own versions of Kubernetes: kubectl-validate knows up to 1.30, so it is asked for that.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let schemas = folder.path().join("schemas");
    let has_schemas = python(&[inputs.join("kubeconform-schemas").as_path(), &schemas]).is_ok();
    let plimsoll = release_binary("plimsoll")?;
    let mut body = String::new();
    let mut versions = Vec::new();
    for count in ["1000", "10000"] {
        let many = folder.path().join(count);
        python(&[inputs.join("gen-manifests").as_path(), Path::new(count), &many])?;
        let mut ours = Command::new(&plimsoll);
        ours.args(["validate", "--output", "json"]).arg(&many);
        let mut rows = vec![("plimsoll validate --output json", ours)];
        match find("kubeconform") {
            Some(program) if has_schemas => {
                let mut command = Command::new(&program);
                let location = schemas.join("{{ .ResourceKind }}{{ .KindSuffix }}.json");
                command.args(["-n", "2", "-strict", "-kubernetes-version", "1.37.0", "-schema-location"]);
                command.arg(location).arg(&many);
                versions.push(version_of(&program, "-v"));
                rows.push(("kubeconform -n 2, local schemas", command));
            }
            Some(_) => {
                body.push_str("kubeconform: missing its schemas (`pip install kubernetes-validate`)\n\n")
            }
            None => body.push_str("kubeconform: missing\n\n"),
        }
        match find("kubectl-validate") {
            Some(program) => {
                let mut command = Command::new(&program);
                command.args(["--version", "1.30"]).arg(&many);
                rows.push(("kubectl-validate", command));
            }
            None => body.push_str("kubectl-validate: missing\n\n"),
        }
        let (names, mut commands): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let costs = medians(&mut commands, ROUNDS)?;
        table(&mut body, &format!("{count} files"), &names, &costs);
    }
    // `--version` reaches clap and stops: what is left beside `true` is loading the program, tables included.
    let mut start = [Command::new("true"), Command::new(&plimsoll), Command::new(&plimsoll)];
    start[1].arg("--version");
    start[2].args(["validate", "--output", "json", "-"]);
    let costs = medians(&mut start, 41)?;
    table(
        &mut body,
        "start-up",
        &["true", "plimsoll --version", "plimsoll validate, nothing to read"],
        &costs,
    );
    versions.dedup();
    Ok(Report { title: format!("`validate` against {} and kubectl-validate", versions.join(", ")), body })
}
