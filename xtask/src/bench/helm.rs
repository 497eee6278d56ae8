//! `template` of small charts and of two large ones against both majors of Helm, from process start to exit; then the
//! whole suite, case by case, and what tracing costs.

mod suite;
mod traced;

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Report;
use super::inputs::{table, version_of};
use crate::process::{find, medians, release_binary};

const ROUNDS: usize = 9;

const CHARTS: &[(&str, &str)] = &[
    ("a chart of two templates", ""),
    ("a small chart (postgresql)", "charts/bitnami--charts/postgresql"),
    ("kube-prometheus-stack", "charts/prometheus-community--helm-charts/kube-prometheus-stack"),
    ("argo-cd", "charts/argoproj--argo-helm/argo-cd"),
];

/// The smallest chart, for what starting costs.
const TINY: &[(&str, &str)] = &[
    ("Chart.yaml", "apiVersion: v2\nname: tiny\nversion: 0.1.0\nappVersion: 1.0.0\n"),
    (
        "values.yaml",
        "replicas: 1\nimage: {repository: nginx, tag: stable}\nservice: {port: 80}\nresources: {}\n",
    ),
    (
        "templates/_helpers.tpl",
        "{{- define \"tiny.name\" -}}{{ .Release.Name }}-{{ .Chart.Name }}{{- end -}}\n",
    ),
    (
        "templates/deployment.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "tiny.name" . }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ include "tiny.name" . | quote }}}}
  template:
    metadata: {labels: {app: {{ include "tiny.name" . | quote }}}}
    spec:
      containers:
      - name: main
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
        resources: {{- toYaml .Values.resources | nindent 10 }}
"#,
    ),
    (
        "templates/service.yaml",
        r#"apiVersion: v1
kind: Service
metadata:
  name: {{ include "tiny.name" . }}
spec:
  selector: {app: {{ include "tiny.name" . | quote }}}
  ports: [{port: {{ .Values.service.port }}}]
"#,
    ),
];

fn write_tiny(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder.join("templates")).map_err(|e| e.to_string())?;
    TINY.iter().try_for_each(|(name, text)| fs::write(folder.join(name), text).map_err(|e| e.to_string()))
}

/// The charts lie beside the other inputs, in the folder of the recorded answers.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let charts = inputs.parent().unwrap_or(inputs).join("helm");
    let plimsoll = release_binary("plimsoll")?;
    let home = tempfile::tempdir().map_err(|e| e.to_string())?;
    let tiny = home.path().join("tiny");
    write_tiny(&tiny)?;
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
        let chart = if chart.is_empty() { &tiny } else { Path::new(chart) };
        for command in &mut commands {
            command.arg("release-name").arg(chart).args([
                "--namespace",
                "default",
                "--kube-version",
                "1.36.0",
            ]);
            command.current_dir(&charts).env("HOME", home.path());
        }
        let costs = medians(&mut commands, ROUNDS)?;
        table(&mut body, title, &names, &costs);
    }
    let helm4 = find("helm4");
    let programs: Vec<(&str, &Path)> = [("plimsoll", Some(&*plimsoll)), ("helm 4", helm4.as_deref())]
        .into_iter()
        .filter_map(|(name, path)| Some((name, path?)))
        .collect();
    suite::report(&charts, home.path(), &programs, &mut body)?;
    traced::report(&charts, &mut body)?;
    versions.sort();
    versions.dedup();
    Ok(Report { title: format!("`template` against {}", versions.join(", ")), body })
}
