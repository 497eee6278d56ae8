//! `lint` with all rules against checkov and kube-score, on small files and on rendered charts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Report;
use super::inputs::{table, version_of};
use crate::files;
use crate::process::{find, medians, peer, under_test};

const ROUNDS: usize = 5;
const FILES: usize = 200;
/// So many findings are printed for people in the third table.
const SHOWN: usize = 10_000;

/// 200 files with a Deployment and a Service each, all goldens of the suite of charts, and 10,000 findings shown and not.
///
/// checkov is taken from `CHECKOV` or the PATH, the program under test from `PLIMSOLL` or a release build.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let plimsoll = under_test()?;
    let lint = |input: &Path, output: &[&str]| {
        let mut command = Command::new(&plimsoll);
        command.args(["lint", "--select", "strict"]).args(output).arg(input);
        command
    };
    let few = applications(FILES)?;
    let goldens = inputs.join("../helm/golden");
    let mut body = String::new();
    let mut versions = Vec::new();
    for (title, input, with_checkov) in [
        ("200 files, a Deployment and a Service each", few.path(), true),
        ("all goldens of the `helm` suite", goldens.as_path(), false),
    ] {
        let mut rows = vec![("plimsoll lint, all rules", lint(input, &[]))];
        match find("kube-score") {
            Some(program) => {
                let mut command = Command::new(&program);
                let (files, all) = parsed_by(&program, input)?;
                let _ = writeln!(
                    body,
                    "kube-score is given the {} of {all} files that it can parse.\n",
                    files.len()
                );
                command.arg("score").args(files);
                versions.push(version_of(&program, "version"));
                rows.push(("kube-score score", command));
            }
            None => body.push_str("kube-score: missing\n\n"),
        }
        match peer("checkov").filter(|_| with_checkov) {
            Some(program) => {
                let mut command = Command::new(&program);
                command.args(["--framework", "kubernetes", "--quiet", "--compact", "-d"]).arg(input);
                versions.push(version_of(&program, "--version"));
                rows.push(("checkov", command));
            }
            None if with_checkov => body.push_str("checkov: missing (`pip install checkov`)\n\n"),
            None => {}
        }
        let (names, mut commands): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let costs = medians(&mut commands, ROUNDS)?;
        table(&mut body, title, &names, &costs);
    }
    // As many files as it takes.
    let found = |input: &Path| -> Result<usize, String> {
        let output = lint(input, &["--output", "concise"]).output().map_err(|e| e.to_string())?;
        Ok(output.stdout.iter().filter(|byte| **byte == b'\n').count())
    };
    let each = found(few.path())?.max(FILES) / FILES;
    let many = applications(SHOWN.div_ceil(each))?;
    let shown = found(many.path())?;
    // One line a finding into nothing is as near as it comes to showing none.
    let mut commands = [lint(many.path(), &["--output", "concise=/dev/null"]), lint(many.path(), &[])];
    let costs = medians(&mut commands, ROUNDS)?;
    table(&mut body, &format!("{shown} findings"), &["not shown", "shown to people"], &costs);
    versions.dedup();
    Ok(Report { title: format!("`lint` with all rules against {}", versions.join(", ")), body })
}

/// A folder with so many applications, a file each.
fn applications(count: usize) -> Result<tempfile::TempDir, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    for i in 0..count {
        let path = folder.path().join(format!("app-{i:04}.yaml"));
        std::fs::write(path, application(i)).map_err(|e| e.to_string())?;
    }
    Ok(folder)
}

/// An application as many a repository has it.
fn application(i: usize) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{i}
  namespace: shop
  labels: {{app: app-{i}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: app-{i}}}
  template:
    metadata:
      labels: {{app: app-{i}}}
    spec:
      containers:
        - name: app
          image: registry.example.com/shop/app:{i}
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{memory: 256Mi}}
          readinessProbe:
            httpGet: {{path: /ready, port: http}}
---
apiVersion: v1
kind: Service
metadata:
  name: app-{i}
  namespace: shop
spec:
  selector: {{app: app-{i}}}
  ports:
    - name: http
      port: 80
      targetPort: http
"
    )
}

/// The YAML files of a folder that kube-score takes, and how many there are: one that it cannot parse ends its run.
fn parsed_by(program: &Path, folder: &Path) -> Result<(Vec<PathBuf>, usize), String> {
    let mut files = files::below(folder, |path| files::has_extension(path, &["yaml"]))?;
    let all = files.len();
    let is_parsed = |file: &PathBuf| {
        let output = Command::new(program).args(["score", "--output-format", "json"]).arg(file).output();
        output.is_ok_and(|output| !output.stdout.is_empty())
    };
    files.retain(is_parsed);
    Ok((files, all))
}
