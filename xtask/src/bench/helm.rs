//! `template` of a small chart and of two large ones against both majors of Helm, from process start to exit.

use std::path::Path;
use std::process::Command;

use super::Report;
use super::inputs::{table, version_of};
use crate::process::{find, medians, release_binary};

const ROUNDS: usize = 9;

const CHARTS: &[(&str, &str)] = &[
    ("a small chart (postgresql)", "charts/bitnami--charts/postgresql"),
    ("kube-prometheus-stack", "charts/prometheus-community--helm-charts/kube-prometheus-stack"),
    ("argo-cd", "charts/argoproj--argo-helm/argo-cd"),
];

/// The charts lie beside the other inputs, in the folder of the recorded answers.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let charts = inputs.parent().unwrap_or(inputs).join("helm");
    let plimsoll = release_binary("plimsoll")?;
    let home = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut body = String::new();
    let mut versions = Vec::new();
    for (title, chart) in CHARTS {
        let mut command = Command::new(&plimsoll);
        command.arg("template");
        let mut rows = vec![("plimsoll template", command)];
        for (name, program) in [("helm 4 template", "helm4"), ("helm 3 template", "helm3")] {
            match find(program) {
                Some(path) => {
                    versions.push(version_of(&path, "version"));
                    let mut command = Command::new(path);
                    command.arg("template");
                    rows.push((name, command));
                }
                None => body.push_str(&format!("{program}: missing\n\n")),
            }
        }
        let (names, mut commands): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        for command in &mut commands {
            command.args(["release-name", chart, "--namespace", "default", "--kube-version", "1.36.0"]);
            command.current_dir(&charts).env("HOME", home.path());
        }
        let costs = medians(&mut commands, ROUNDS)?;
        table(&mut body, title, &names, &costs);
    }
    versions.sort();
    versions.dedup();
    Ok(Report { title: format!("`template` against {}", versions.join(", ")), body })
}
