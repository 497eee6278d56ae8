//! `plimsoll validate` in kubeconform's place: with the same schemas the same verdicts, counts, exit code and words.
//!
//! `testdata/kubeconform/expected` is what kubeconform 0.7.0 printed, called as below; FOLDER stands for the folder.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn folder() -> PathBuf {
    crate::root().join("testdata/kubeconform")
}

/// Verdicts and words without what kubeconform leaves to chance: it walks maps in random order.
fn comparable(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).unwrap();
    // Its workers finish in any order.
    value["resources"].as_array_mut().unwrap().sort_by_key(|r| r["name"].to_string());
    for resource in value["resources"].as_array_mut().unwrap() {
        let folder = folder().display().to_string();
        let mut words: Vec<String> = resource["msg"]
            .as_str()
            .unwrap()
            .replace(&folder, "FOLDER")
            .split("- at ")
            .map(|part| part.trim().to_owned())
            .collect();
        words.sort();
        resource["msg"] = words.into();
        if let Some(errors) = resource.get_mut("validationErrors") {
            errors.as_array_mut().unwrap().sort_by_key(ToString::to_string);
        }
    }
    value
}

fn run(case: &str, arguments: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    let crds = "crds/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json";
    command.current_dir(folder()).arg("validate").args(arguments);
    command.args(["-schema-location", "schemas", "-schema-location", crds, &format!("cases/{case}.yaml")]);
    let output = command.output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

#[test]
fn json_schemas_judge_as_kubeconform_does() {
    let mut expected: Vec<_> = std::fs::read_dir(folder().join("expected")).unwrap().flatten().collect();
    expected.sort_by_key(std::fs::DirEntry::path);
    assert!(expected.len() >= 16);
    for file in expected {
        let name = file.file_name().into_string().unwrap();
        let name = name.trim_end_matches(".json");
        let (case, strict) = name.strip_suffix("-strict").map_or((name, false), |case| (case, true));
        let mut arguments = vec!["-verbose", "-summary", "-output", "json"];
        arguments.extend(strict.then_some("-strict"));
        let (text, code) = run(case, &arguments);
        let wanted = std::fs::read_to_string(file.path()).unwrap();
        assert_eq!(comparable(&text), comparable(&wanted), "{name}");
        assert_eq!(code, i32::from(case != "valid"), "{name}");
    }
}

#[test]
fn a_violation_stands_at_its_line() {
    let (text, code) = run("one-violation", &[]);
    assert_eq!(code, 1);
    assert!(text.contains("cases/one-violation.yaml:4:"), "{text}");
    assert!(text.contains("maximum: got 9, want 5"), "{text}");
}

#[test]
fn its_other_formats_have_its_words() {
    let (text, _) = run("valid", &["-verbose", "-summary"]);
    // Without a format it is our own report that is written.
    assert!(!text.contains("is valid"), "{text}");
    let (text, _) = run("valid", &["-verbose", "-summary", "-output", "text"]);
    assert_eq!(
        text,
        "cases/valid.yaml - Task good is valid\nSummary: 1 resource found in 1 file - Valid: 1, Invalid: 0, Errors: 0, Skipped: 0\n"
    );
    let (text, _) = run("several", &["-output", "tap"]);
    assert!(text.starts_with("TAP version 13\nnot ok 1 - cases/several.yaml (example.com/v1/Task/there/bad): problem validating schema."), "{text}");
    let (text, _) = run("unknown-kind", &["-output", "text"]);
    assert_eq!(
        text,
        "cases/unknown-kind.yaml - Gadget lost failed validation: could not find schema for Gadget\n"
    );
    let (text, code) = run("unknown-kind", &["-output", "text", "-ignore-missing-schemas"]);
    assert_eq!((text.as_str(), code), ("", 0));
    let (text, _) = run("broken-schema", &["-output", "text"]);
    assert!(text.contains("Broken b failed validation: the schema of `Broken` cannot be used:"), "{text}");
}

#[test]
fn nothing_is_fetched() {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["validate", "-schema-location", "https://example.com/schemas", "-"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("is not on this machine, and nothing is fetched")
    );
}
