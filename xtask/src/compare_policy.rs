//! Side by side with kube-score and checkov on rendered charts: which of their findings are ours too.
//!
//! Each peer's finding is a file, an object and a check. It is met where one of our rules that name that check in their
//! references says something about the same object of the same file. What is not met has to be explained in
//! `docs/differences.md`, by the check's name; the figures in that page are written here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::files;
use crate::process::{find, peer, root, under_test};

const PAGE: &str = "docs/differences.md";
const BEGIN: &str = "<!-- figures: written by `cargo xtask compare-policy` -->";
const END: &str = "<!-- end of figures -->";

/// One finding of a peer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Theirs {
    check: String,
    file: PathBuf,
    kind: String,
    name: String,
}

/// Our findings: rules by file and object.
type Ours = BTreeMap<PathBuf, BTreeMap<(String, String), BTreeSet<String>>>;

/// `compare-policy [DIR]`: on the rendered charts of the `helm` suite, or on the YAML files of that folder. checkov is
/// taken from `CHECKOV` or the PATH.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let folder = match arguments {
        [] => root().join("../shared/conformance/helm/golden/helm4"),
        [folder] => PathBuf::from(folder),
        _ => return Err("compare-policy [DIR]".to_owned()),
    };
    // checkov names files in full.
    let folder = std::fs::canonicalize(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let files = files::below(&folder, |path| files::has_extension(path, &["yaml"]))?;
    let plimsoll = under_test()?;
    let ours = ours(&plimsoll, &files)?;
    let rules = references(&plimsoll)?;
    let mut figures = String::new();
    let mut unexplained = Vec::new();
    let page = std::fs::read_to_string(root().join(PAGE)).map_err(|e| format!("{PAGE}: {e}"))?;
    let words = page.split_once(END).map_or("", |(_, words)| words);
    let peers: [(&str, Result<Vec<Theirs>, String>); 2] =
        [("kube-score", kube_score(&files)), ("checkov", checkov(&folder))];
    for (peer, found) in peers {
        match found {
            Ok(found) => table(&mut figures, peer, &found, &ours, &rules, words, &mut unexplained),
            Err(why) => {
                let _ = writeln!(figures, "{peer}: missing ({why})\n");
            }
        }
    }
    own(&mut figures, &ours, &rules);
    let (before, rest) = page.split_once(BEGIN).ok_or_else(|| format!("{PAGE} has no place for figures"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{PAGE}: the figures have no end"))?;
    let text = format!("{before}{BEGIN}\n\n{}\n{END}{after}", figures.trim_end());
    std::fs::write(root().join(PAGE), text).map_err(|e| format!("{PAGE}: {e}"))?;
    if unexplained.is_empty() {
        Ok(())
    } else {
        Err(format!("{PAGE} says nothing of {}", unexplained.join(", ")))
    }
}

fn table(
    out: &mut String,
    peer: &str,
    found: &[Theirs],
    ours: &Ours,
    rules: &BTreeMap<String, BTreeSet<String>>,
    words: &str,
    unexplained: &mut Vec<String>,
) {
    let mut checks: BTreeMap<&str, (usize, usize, BTreeSet<&str>)> = BTreeMap::new();
    let empty = BTreeSet::new();
    for one in found {
        let meant = rules.get(&format!("{peer}: {}", one.check)).unwrap_or(&empty);
        let row = checks.entry(&one.check).or_default();
        row.0 += 1;
        row.1 += usize::from(is_met(one, ours, meant));
        row.2.extend(meant.iter().map(String::as_str));
    }
    let (all, met) = checks.values().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let _ = writeln!(out, "### {peer}: {met} of {all} findings are ours too\n");
    let _ = writeln!(out, "| check | theirs | ours too | rules |\n|---|--:|--:|---|");
    for (check, (theirs, met, meant)) in &checks {
        let meant: Vec<String> = meant.iter().map(|rule| format!("`{rule}`")).collect();
        let _ = writeln!(out, "| `{check}` | {theirs} | {met} | {} |", meant.join(", "));
        if met < theirs && !words.contains(&format!("`{check}`")) {
            unexplained.push(format!("{peer} `{check}`"));
        }
    }
    out.push('\n');
}

/// Whether a rule that stands for the check speaks of the same object; of the same file, where the peer names an object
/// that it made up of another, such as the Pod of a Deployment.
fn is_met(one: &Theirs, ours: &Ours, rules: &BTreeSet<String>) -> bool {
    let Some(objects) = ours.get(&one.file) else { return false };
    let says = |found: &BTreeSet<String>| found.iter().any(|rule| rules.contains(rule));
    match objects.get(&(one.kind.clone(), one.name.clone())) {
        Some(found) => says(found),
        None => objects.iter().any(|((_, name), found)| {
            says(found) && (name == &one.name || one.name.starts_with(&format!("{name}.")))
        }),
    }
}

/// What no check of theirs stands for.
fn own(out: &mut String, ours: &Ours, rules: &BTreeMap<String, BTreeSet<String>>) {
    let theirs: BTreeSet<&String> = rules
        .iter()
        .filter(|(check, _)| check.starts_with("kube-score: ") || check.starts_with("checkov: "))
        .flat_map(|(_, rules)| rules)
        .collect();
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for rule in ours.values().flat_map(BTreeMap::values).flatten().filter(|rule| !theirs.contains(rule)) {
        *counts.entry(rule).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    let _ = writeln!(out, "### Ours that neither has: {all} objects, counted the same way\n");
    let _ = writeln!(out, "| rule | objects |\n|---|--:|");
    for (rule, count) in counts {
        let _ = writeln!(out, "| `{rule}` | {count} |");
    }
}

/// All rules on each file alone: each is a cluster of its own.
fn ours(plimsoll: &Path, files: &[PathBuf]) -> Result<Ours, String> {
    let mut ours = Ours::new();
    for file in files {
        let mut command = Command::new(plimsoll);
        command.args(["lint", "--select", "strict", "--output", "json", "--quiet"]).arg(file);
        let found = json(&mut command)?;
        let objects = ours.entry(file.clone()).or_default();
        for one in found["diagnostics"].as_array().into_iter().flatten() {
            let text = |at: &str| one.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
            objects.entry((text("/object/kind"), text("/object/name"))).or_default().insert(text("/code"));
        }
    }
    Ok(ours)
}

/// Our rules by the names that others give to what they say, such as `checkov: CKV_K8S_16`.
fn references(plimsoll: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let mut command = Command::new(plimsoll);
    command.args(["rules", "--output", "json"]);
    let mut by = BTreeMap::<String, BTreeSet<String>>::new();
    for rule in json(&mut command)?["rules"].as_array().into_iter().flatten() {
        for reference in rule["references"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            by.entry(reference.to_owned())
                .or_default()
                .insert(rule["code"].as_str().unwrap_or_default().to_owned());
        }
    }
    Ok(by)
}

/// kube-score with all of its optional tests, a file at a time: one that it cannot parse ends a run.
fn kube_score(files: &[PathBuf]) -> Result<Vec<Theirs>, String> {
    let program = find("kube-score").ok_or("not installed")?;
    let list = Command::new(&program).arg("list").output().map_err(|e| e.to_string())?;
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    let optional: Vec<&str> =
        list.lines().filter(|l| l.ends_with(",optional")).filter_map(|l| l.split(',').next()).collect();
    let mut all = Vec::new();
    for file in files {
        let mut command = Command::new(&program);
        command.args(["score", "--output-format", "json"]);
        for test in &optional {
            command.args(["--enable-optional-test", test]);
        }
        // What it cannot parse it does not judge.
        let Ok(Value::Array(objects)) = json(command.arg(file)) else { continue };
        for object in &objects {
            let text = |at: &str| object.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
            for check in object["checks"].as_array().into_iter().flatten() {
                let is_fine =
                    check["skipped"] == true || check["grade"].as_u64().is_none_or(|grade| grade >= 10);
                if !is_fine {
                    all.push(Theirs {
                        check: check["check"]["id"].as_str().unwrap_or_default().to_owned(),
                        file: file.clone(),
                        kind: text("/type_meta/kind"),
                        name: text("/object_meta/name"),
                    });
                }
            }
        }
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// checkov's Kubernetes framework on the folder; `CHECKOV_JSON` names the output of a run that was made before.
fn checkov(folder: &Path) -> Result<Vec<Theirs>, String> {
    let document = match std::env::var_os("CHECKOV_JSON") {
        Some(file) => {
            let bytes = std::fs::read(&file).map_err(|e| e.to_string())?;
            serde_json::from_slice(&bytes).map_err(|e| e.to_string())?
        }
        None => {
            let mut command = Command::new(peer("checkov").ok_or("not installed: `pip install checkov`")?);
            command
                .args(["--framework", "kubernetes", "-o", "json", "--quiet", "--compact", "-d"])
                .arg(folder);
            json(&mut command)?
        }
    };
    let mut all = Vec::new();
    for one in document.pointer("/results/failed_checks").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| one[key].as_str().unwrap_or_default();
        // `Deployment.default.web`
        let mut parts = text("resource").splitn(3, '.');
        let (kind, name) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        all.push(Theirs {
            check: text("check_id").to_owned(),
            file: file_of(folder, text("file_path")),
            kind: kind.to_owned(),
            name: name.to_owned(),
        });
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// checkov names files from the folder, or from the one above.
fn file_of(folder: &Path, path: &str) -> PathBuf {
    let path = path.trim_start_matches('/');
    let all = [folder.join(path), folder.parent().unwrap_or(folder).join(path)];
    let [first, second] = all;
    if !first.is_file() && second.is_file() { second } else { first }
}

fn json(command: &mut Command) -> Result<Value, String> {
    let output = command.output().map_err(|e| e.to_string())?;
    serde_json::from_slice(&output.stdout).map_err(|e| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("{}: {e}: {}", command.get_program().display(), said.lines().next().unwrap_or_default())
    })
}
