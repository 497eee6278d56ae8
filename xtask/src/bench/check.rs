//! `check` of a folder of manifests against kubeconform and kube-score on the same files.

use std::path::Path;
use std::process::Command;

use plimsoll::lint::Group;

use super::Report;
use super::inputs::{files, python, table, version_of};
use crate::process::{find, measure, medians, release_binary};

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
    shown(&mut body, &plimsoll, &many, folder.path())?;
    versions.dedup();
    Ok(Report { title: format!("`check` against {}", versions.join(", ")), body })
}

/// What showing costs: thousands of findings for people, against the same run whose baseline knows them all, and against
/// one without any rule.
fn shown(body: &mut String, plimsoll: &Path, many: &Path, folder: &Path) -> Result<(), String> {
    let baseline = folder.join("baseline");
    let check = |arguments: &[&str]| {
        let mut command = Command::new(plimsoll);
        command.arg("check").args(arguments).arg(many);
        command
    };
    let file = baseline.display().to_string();
    measure(&mut check(&["--baseline", &file, "--write-baseline"]))?;
    let groups = Group::ALL.map(Group::word).join(",");
    let mut commands = [
        check(&["--output", "human"]),
        check(&["--output", "human", "--baseline", &file]),
        check(&["--output", "human", "--ignore", &groups]),
    ];
    let names = ["all findings shown to a person", "none shown: a baseline knows them", "no rule runs"];
    let costs = medians(&mut commands, ROUNDS)?;
    table(body, "1,000 files with some 9,000 findings", &names, &costs);
    Ok(())
}
