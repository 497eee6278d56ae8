//! `validate` of 1,000 and 10,000 files against kubeconform and kubectl-validate, and what starting up costs.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use plimsoll::schema::Schema;
use source::{Diagnostics, SourceId};
use yaml::{Options, Profile};

use super::Report;
use super::inputs::{instructions, python, table, version_of};
use crate::process::{find, medians, release_binary};

/// The peers' own versions of Kubernetes: kubectl-validate knows up to 1.30, so it is asked for that.
pub fn run(inputs: &Path) -> Result<Report, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let schemas = folder.path().join("schemas");
    let has_schemas = python(&[inputs.join("kubeconform-schemas").as_path(), &schemas]).is_ok();
    let plimsoll = release_binary("plimsoll")?;
    let mut body = String::new();
    let mut versions = Vec::new();
    // kubectl-validate takes minutes for ten thousand files: once has to do for it, and the others are steady.
    for (count, rounds) in [("1000", 5), ("10000", 1)] {
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
        let costs = medians(&mut commands, rounds)?;
        table(&mut body, &format!("{count} files"), &names, &costs);
    }
    start_up(&mut body, &plimsoll)?;
    definition(&mut body)?;
    versions.dedup();
    Ok(Report { title: format!("`validate` against {} and kubectl-validate", versions.join(", ")), body })
}

/// What starting up costs: `--version` reaches the command line's parser and stops, so that what is left beside `true` is
/// loading the program, tables included.
fn start_up(body: &mut String, plimsoll: &Path) -> Result<(), String> {
    let mut start = [Command::new("true"), Command::new(plimsoll), Command::new(plimsoll)];
    start[1].arg("--version");
    start[2].args(["validate", "--output", "json", "-"]);
    let names = ["true", "plimsoll --version", "plimsoll validate, nothing to read"];
    let costs = medians(&mut start, 41)?;
    table(body, "start-up", &names, &costs);
    let counted: Option<Vec<u64>> = start.iter().map(instructions).collect();
    match counted.as_deref() {
        Some([least, version, validate]) => {
            let more = |count: &u64| count.saturating_sub(*least) as f64 / 1e6;
            let _ = writeln!(
                body,
                "Instructions in user mode over `true`: {:.2} million for `--version`, {:.2} million for `validate`; a \
                 millisecond has some 3 million.\n",
                more(version),
                more(validate)
            );
        }
        _ => body.push_str("Instructions of the start: `perf` is missing\n\n"),
    }
    Ok(())
}

/// Lines of the definition that is compiled.
const LINES: usize = 10_000;

/// How long a CustomResourceDefinition takes to become a table, its text read already.
fn definition(body: &mut String) -> Result<(), String> {
    let mut text = String::from(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\n\
         spec:\n  group: example.com\n  scope: Namespaced\n  names: {kind: Thing, plural: things}\n  versions:\n  \
         - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        \
         properties:\n          spec:\n            type: object\n            properties:\n",
    );
    let mut lines = text.lines().count();
    for part in 0.. {
        if lines >= LINES {
            break;
        }
        let _ = write!(
            text,
            "              part{part}:\n                description: One of the parts of a thing.\n                \
             type: object\n                required:\n                - name\n                properties:\n                  \
             name:\n                    description: What it is called.\n                    type: string\n                    \
             pattern: ^[a-z]+$\n                  count:\n                    format: int32\n                    \
             minimum: 0\n                    type: integer\n                  modes:\n                    items:\n                      \
             enum:\n                      - Fast\n                      - Safe\n                      type: string\n                    \
             type: array\n"
        );
        lines += 21;
    }
    let mut found = Diagnostics::new();
    let docs = yaml::read(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut found);
    let root = docs.first().and_then(|doc| doc.root()).ok_or("the definition cannot be read")?;
    let mut times: Vec<Duration> = (0..101)
        .map(|_| {
            let mut schema = Schema::newest();
            let start = Instant::now();
            schema.add_crd(root, &mut Vec::new());
            let took = start.elapsed();
            assert!(schema.kind("example.com", "v1", "Thing").is_some(), "the definition was not compiled");
            took
        })
        .collect();
    times.sort_unstable();
    let _ = writeln!(
        body,
        "A CustomResourceDefinition of {lines} lines is compiled in {:.2} ms.\n",
        times[times.len() / 2].as_secs_f64() * 1e3
    );
    Ok(())
}
