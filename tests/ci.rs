//! What stands between the program and a pipeline: reports that others read, baselines, commits, hooks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::root;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: agent\n  namespace: shop\nspec:\n  containers:\n    - name: a\n      image: registry.example.com/a:1.0\n      securityContext:\n        privileged: true\n";

/// A folder that goes away, with files in it.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn plimsoll(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(arguments.split_whitespace()).current_dir(folder).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn fingerprints(folder: &Path) -> Vec<String> {
    let output = plimsoll(folder, "lint --select privileged-container --output sarif .");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|r| r["partialFingerprints"]["plimsoll/v1"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn several_reports_are_written_at_once() {
    let folder = folder(&[("pod.yaml", POD)]);
    let arguments = "lint --output concise --output sarif=a.sarif --output junit=a.xml --output gitlab=a.json --output markdown=a.md .";
    let output = plimsoll(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("pod.yaml:"));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(
        read("a.xml").contains("<testcase classname=\"pod.yaml\" name=\"privileged-container Pod/agent\"")
    );
    assert!(read("a.md").contains("`pod.yaml:11`"));
    let quality: Value = serde_json::from_str(&read("a.json")).unwrap();
    let mut prints: Vec<&str> =
        quality.as_array().unwrap().iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
    let all = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), all, "fingerprints are unique");
    let log: Value = serde_json::from_str(&read("a.sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), all);
}

#[test]
fn a_template_of_the_user_s_own_is_a_form_too() {
    let own = "{% for d in diagnostics %}{{ d.code }} {{ d.object.name }} {{ d.line }}\n{% endfor %}";
    let folder =
        folder(&[("pod.yaml", POD), ("own.j2", own), ("broken.j2", "{{ counts.errors }}\n{% for %}\n")]);
    let lint = |output: &str| {
        plimsoll(folder.path(), &format!("lint --select privileged-container --output {output} pod.yaml"))
    };
    assert_eq!(stdout(&lint("template:own.j2")), "privileged-container agent 11\n");
    lint("template:own.j2=own.txt");
    let written = fs::read_to_string(folder.path().join("own.txt")).unwrap();
    assert_eq!(written, "privileged-container agent 11\n");
    let broken = lint("concise --output template:broken.j2");
    assert_eq!((broken.status.code(), stdout(&broken).as_str()), (Some(2), ""));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("broken.j2:2: "));
}

#[test]
fn fingerprints_hold_no_lines_and_no_places_in_lists() {
    let folder = folder(&[("pod.yaml", POD)]);
    let before = fingerprints(folder.path());
    let other = "    - name: z\n      image: registry.example.com/z:1.0\n    - name: a\n";
    write(folder.path(), "pod.yaml", &format!("# more\n{}", POD.replace("    - name: a\n", other)));
    assert_eq!(fingerprints(folder.path()), before);
    write(folder.path(), "pod.yaml", &POD.replace("name: agent", "name: other"));
    assert_ne!(fingerprints(folder.path()), before);
}

#[test]
fn a_finding_in_a_value_points_at_the_value_and_is_allowed_there() {
    let values = "securityContext:\n  privileged: true\n";
    let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: agent\nspec:\n  containers:\n    - name: a\n      image: registry.example.com/a:1.0\n      securityContext:\n        privileged: {{ .Values.securityContext.privileged }}\n";
    let folder = folder(&[
        ("chart/Chart.yaml", "apiVersion: v2\nname: agent\nversion: 1.0.0\n"),
        ("chart/values.yaml", values),
        ("chart/templates/pod.yaml", template),
    ]);
    let lint = || stdout(&plimsoll(folder.path(), "lint --select privileged-container --output concise"));
    assert!(lint().starts_with("chart/values.yaml:2:15: error[privileged-container]"), "{}", lint());
    let output = plimsoll(folder.path(), "lint --select privileged-container --output sarif");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let related = &log["runs"][0]["results"][0]["relatedLocations"][0]["physicalLocation"];
    assert_eq!(related["artifactLocation"]["uri"], "chart/templates/pod.yaml");
    assert_eq!(related["region"]["startLine"], 10);
    let allow = "# plimsoll: allow privileged-container -- drivers\n";
    write(folder.path(), "chart/values.yaml", &values.replace("true\n", &format!("true {allow}")));
    assert_eq!(lint(), "");
    write(folder.path(), "chart/values.yaml", values);
    write(
        folder.path(),
        "chart/templates/pod.yaml",
        &template.replace("      securityContext:\n", &format!("      {allow}      securityContext:\n")),
    );
    assert_eq!(lint(), "");
    let hidden =
        "      {{- /* plimsoll: allow privileged-container -- drivers */}}\n      securityContext:\n";
    write(folder.path(), "chart/templates/pod.yaml", &template.replace("      securityContext:\n", hidden));
    assert_eq!(lint(), "");
}

#[test]
fn a_baseline_leaves_out_what_is_known_and_tells_what_is_gone() {
    let folder = folder(&[("pod.yaml", POD)]);
    let run =
        |more: &str| plimsoll(folder.path(), &format!("lint --output concise --baseline known.json {more}"));
    assert_eq!(run("").status.code(), Some(2), "there is none yet");
    assert_eq!(run("--write-baseline").status.code(), Some(0));
    let written = fs::read_to_string(folder.path().join("known.json")).unwrap();
    assert!(written.contains("\"code\":\"privileged-container\""), "{written}");
    assert!(!written.contains("\"line\""));
    // Lines move; nothing new.
    write(folder.path(), "pod.yaml", &format!("# more\n\n{POD}"));
    let same = run("");
    assert_eq!((same.status.code(), stdout(&same).as_str()), (Some(0), ""));
    // A new fault is told, also after an update, which never adds.
    write(folder.path(), "pod.yaml", &POD.replace("spec:\n", "spec:\n  hostPID: true\n"));
    assert!(stdout(&run("")).contains("[host-pid]"));
    assert!(stdout(&run("--update-baseline")).contains("[host-pid]"));
    assert!(stdout(&run("")).contains("[host-pid]"));
    // What has been mended is told until it is taken out.
    write(folder.path(), "pod.yaml", &POD.replace("privileged: true", "privileged: false"));
    let stale = stdout(&run(""));
    assert!(
        stale.contains("known.json:")
            && stale.contains("[baseline-stale] `privileged-container` on Pod/shop/agent")
    );
    assert!(
        !stdout(&run("--select privileged-container")).contains("baseline-stale"),
        "it was not all that ran"
    );
    run("--update-baseline");
    assert!(!stdout(&run("")).contains("baseline-stale"));
    // The configuration names it as well.
    write(folder.path(), "plimsoll.yaml", "baseline: known.json\n");
    assert_eq!(stdout(&plimsoll(folder.path(), "lint --output concise")), "");
}

#[test]
fn only_what_a_commit_had_not_is_told() {
    let folder = folder(&[
        ("deploy/pod.yaml", POD),
        ("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"),
    ]);
    write(folder.path(), "chart/templates/pod.yaml", &POD.replace("agent", "{{ .Release.Name }}"));
    if !git(folder.path(), &["init", "-q", "-b", "main"]) {
        return skipped("the program git is not installed");
    }
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"]);
    let run = |dir: &str, at: &str| {
        plimsoll(&folder.path().join(dir), &format!("lint --output concise --new-since {at}"))
    };
    assert_eq!(stdout(&run(".", "main")), "");
    write(
        folder.path(),
        "deploy/pod.yaml",
        &format!("# more\n{}", POD.replace("spec:\n", "spec:\n  hostPID: true\n")),
    );
    let new = run(".", "main");
    assert_eq!(
        stdout(&new),
        "deploy/pod.yaml:8:12: warning[host-pid] the Pod sees the processes of its node\n"
    );
    assert!(stdout(&run("deploy", "HEAD")).starts_with("pod.yaml:8:12: "), "from a folder below");
    let unknown = run(".", "nowhere");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no commit `nowhere`"));
}

#[test]
fn the_page_of_the_rules_is_what_the_program_says() {
    let path = root().join("docs/rules.md");
    let now = stdout(&plimsoll(root(), "rules --output markdown"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &now).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == now, "`cargo xtask docs` writes docs/rules.md");
}

fn git(folder: &Path, arguments: &[&str]) -> bool {
    Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .output()
        .is_ok_and(|output| output.status.success())
}

#[expect(clippy::print_stderr, reason = "a test that judges nothing must say so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A program on the PATH or in the folder that `PRE_COMMIT` names, else one that pip makes below the build's folder.
fn pre_commit() -> Option<PathBuf> {
    let works = |path: &Path| Command::new(path).arg("--version").output().is_ok_and(|o| o.status.success());
    let named = std::env::var_os("PRE_COMMIT").map(PathBuf::from);
    let venv = root().join("target/pre-commit");
    let own = venv.join("bin/pre-commit");
    let all = named.into_iter().chain([PathBuf::from("pre-commit"), own.clone()]);
    if let Some(found) = all.into_iter().find(|path| works(path)) {
        return Some(found);
    }
    let made = Command::new("python3").arg("-m").arg("venv").arg(&venv).output();
    let pip = |_| Command::new(venv.join("bin/pip")).args(["install", "-q", "pre-commit"]).output();
    made.and_then(pip).ok().filter(|o| o.status.success())?;
    works(&own).then_some(own)
}

#[test]
fn the_hook_checks_the_charts_and_overlays_of_changed_files() {
    let Some(pre_commit) = pre_commit() else {
        return skipped("pre-commit is not installed, and pip cannot install it");
    };
    let hooks = folder(&[]);
    fs::copy(root().join(".pre-commit-hooks.yaml"), hooks.path().join(".pre-commit-hooks.yaml")).unwrap();
    let commit = |folder: &Path| {
        git(folder, &["init", "-q", "-b", "main"])
            && git(folder, &["add", "-A"])
            && git(folder, &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "all"])
    };
    if !commit(hooks.path()) {
        return skipped("the program git is not installed");
    }
    let head = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(hooks.path()).output().unwrap();
    let config = format!(
        "repos:\n- repo: {}\n  rev: {}\n  hooks: [{{id: plimsoll-check-system, verbose: true}}]\n",
        hooks.path().display(),
        stdout(&head).trim()
    );
    let repository = folder(&[
        (".pre-commit-config.yaml", &config),
        ("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"),
        ("chart/values.yaml", "privileged: false\n"),
        ("chart/templates/_helpers.tpl", "{{ define \"p\" }}{{ .Values.privileged }}{{ end }}\n"),
        ("chart/templates/pod.yaml", &POD.replace("privileged: true", "privileged: {{ include \"p\" . }}")),
        ("other/pod.yaml", POD),
        ("base/kustomization.yaml", "resources: [pod.yaml]\n"),
        ("base/pod.yaml", &POD.replace("      securityContext:\n        privileged: true\n", "")),
        ("overlay/kustomization.yaml", "resources: [../base]\npatches:\n- path: patch.yaml\n"),
        (
            "overlay/patch.yaml",
            "kind: Pod\napiVersion: v1\nmetadata:\n  name: agent\n  namespace: shop\nspec:\n  containers:\n    - name: a\n      securityContext:\n        privileged: true\n",
        ),
        ("README.md", "# here\n"),
    ]);
    let path = repository.path();
    assert!(commit(path));
    let binary = Path::new(env!("CARGO_BIN_EXE_plimsoll")).parent().unwrap();
    let search = std::env::join_paths(
        std::iter::once(binary.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let hook = |file: &str| {
        git(path, &["add", "-A"]);
        let mut command = Command::new(&pre_commit);
        command.args(["run", "--files", file]).current_dir(path);
        let output =
            command.env("PATH", search.as_ref().unwrap()).env("PRE_COMMIT_HOME", hooks.path().join("home"));
        let output = output.output().unwrap();
        (output.status.success(), format!("{}{}", stdout(&output), String::from_utf8_lossy(&output.stderr)))
    };
    let (passed, said) = hook("chart/values.yaml");
    assert!(passed && said.contains("Checked 1 chart"), "{said}");
    let (passed, said) = hook("README.md");
    assert!(passed && !said.contains("Checked"), "{said}");
    write(path, "chart/values.yaml", "privileged: true\n");
    // A helper alone changed as far as the hook is told: its chart is checked, the manifest beside it is not.
    let (passed, said) = hook("chart/templates/_helpers.tpl");
    assert!(
        !passed && said.contains("[privileged-container]") && said.contains("chart/values.yaml:1"),
        "{said}"
    );
    assert!(!said.contains("other/pod.yaml"), "{said}");
    // A base or a patch: the overlay that uses it is built, and the patch blamed.
    for file in ["base/pod.yaml", "overlay/patch.yaml"] {
        let (passed, said) = hook(file);
        assert!(!passed && said.contains("overlay/patch.yaml:10"), "{file}: {said}");
        assert!(!said.contains("other/pod.yaml") && !said.contains("chart/"), "{file}: {said}");
    }
}

/// The official schema, as a crate carries it for its own use; from the local copy, or fetched by cargo.
fn sarif_schema() -> Option<Value> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let find = || {
        let registries = fs::read_dir(home.join("registry/src")).ok()?.flatten();
        let crates =
            registries.flat_map(|registry| fs::read_dir(registry.path()).into_iter().flatten().flatten());
        let mut found = crates.filter(|c| c.file_name().to_string_lossy().starts_with("serde-sarif-"));
        serde_json::from_slice(&fs::read(found.next()?.path().join("src/schema.json")).ok()?).ok()
    };
    find().or_else(|| {
        let manifest = "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\nserde-sarif = \"0.8\"\n[workspace]\n";
        let project = folder(&[("Cargo.toml", manifest), ("src/lib.rs", "")]);
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(cargo).args(["fetch", "--quiet"]).current_dir(project.path()).output().ok()?;
        find()
    })
}

#[test]
fn sarif_is_as_its_schema_and_its_reader_want_it() {
    let text = POD.replace("spec:\n", "spec:\n  hostPID: true\n  hostPid: 1\n");
    let pods: String =
        (0..50).map(|i| format!("{}---\n", text.replace("agent", &format!("agent-{i}")))).collect();
    let folder = folder(&[("a b/päd.yaml", &pods), ("broken.yaml", "a:\n\t- b\nkind: [\n")]);
    let output = plimsoll(folder.path(), "check --output sarif .");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 100 && results.len() <= 25_000);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        let region = &place["region"];
        let at =
            |side: &str| (region[format!("{side}Line")].as_u64(), region[format!("{side}Column")].as_u64());
        assert!(at("start") < at("end"), "{result}");
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri == "a%20b/p%C3%A4d.yaml" || uri == "broken.yaml", "{uri}");
        assert!(result["partialFingerprints"]["plimsoll/v1"].as_str().unwrap().len() > 16);
    }
    for rule in rules {
        assert!(rule["properties"]["tags"].as_array().is_none_or(|tags| tags.len() <= 10), "{rule}");
    }
    let Some(mut schema) = sarif_schema() else { return skipped("the schema of SARIF cannot be had") };
    // Two of its patterns have a bracket that ECMA 262 wants escaped.
    for owner in ["run", "toolComponent"] {
        schema["definitions"][owner]["properties"]["language"]["pattern"] =
            "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(&log).take(5).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What the runner of a pipeline does with the shell's steps: `bash`, with the program on the PATH.
fn bash(folder: &Path, script: &str, environment: &[(&str, &str)]) -> Option<Output> {
    let program = Path::new(env!("CARGO_BIN_EXE_plimsoll"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(
        program.parent().map(PathBuf::from).into_iter().chain(std::env::split_paths(&path)),
    );
    let mut bash = Command::new("bash");
    bash.args(["-e", "-o", "pipefail", "-c", script]).current_dir(folder).env("PATH", path.unwrap());
    bash.envs(environment.iter().copied()).output().ok()
}

fn manifest(path: &str) -> Value {
    yaml_serde::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

#[test]
fn the_action_annotates_sums_up_and_writes_sarif() {
    let action = manifest("packaging/github-action/action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let script = |at: usize| steps[at]["run"].as_str().unwrap();
    let folder = folder(&[("a/pod.yaml", POD), ("b/pod.yaml", POD), ("c/pod.yaml", "a: [\n")]);
    // The expressions of the runner stand in the environment alone, where no input can become a command.
    assert!(steps.iter().all(|step| !step["run"].as_str().unwrap().contains("${{")));
    let environment = [
        ("PATHS", "a b"),
        ("ARGUMENTS", "--fail-on never --select privileged-container"),
        ("SARIF", "out.sarif"),
        ("FOLDER", "."),
        ("SOURCE", "nowhere"),
        ("GITHUB_OUTPUT", "outputs"),
        ("GITHUB_STEP_SUMMARY", "summary.md"),
    ];
    let Some(built) = bash(folder.path(), script(0), &environment) else {
        return skipped("bash is not installed");
    };
    assert!(built.status.success(), "the program that is there is taken as it is");
    let output = bash(folder.path(), script(1), &environment).unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let told = stdout(&output);
    assert_eq!(told.matches("::error file=").count(), 2, "{told}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("outputs"), "sarif=./out.sarif\n");
    assert!(read("summary.md").contains("`a/pod.yaml:11`"));
    let log: Value = serde_json::from_str(&read("out.sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 2);
}

#[test]
fn the_job_for_gitlab_writes_both_reports_and_fails() {
    let job = &manifest("packaging/gitlab/plimsoll.gitlab-ci.yml")["plimsoll"];
    let folder = folder(&[("pod.yaml", POD)]);
    let environment = [("PLIMSOLL_ARGUMENTS", "--select privileged-container")];
    let lines = [&job["before_script"], &job["script"]].map(|part| part[0].as_str().unwrap().to_owned());
    let Some(output) = bash(folder.path(), &lines.join("\n"), &environment) else {
        return skipped("bash is not installed");
    };
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let reports = &job["artifacts"]["reports"];
    let read = |kind: &str| fs::read_to_string(folder.path().join(reports[kind].as_str().unwrap())).unwrap();
    let quality: Value = serde_json::from_str(&read("codequality")).unwrap();
    assert_eq!(quality[0]["location"]["lines"]["begin"], 11);
    assert!(read("junit").contains("failures=\"1\""));
}
