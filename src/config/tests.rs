//! Configurations that are right and wrong, for the reader and for the JSON Schema alike.

use std::path::Path;

use super::*;
use crate::lint::rules;
use crate::world::Memory;

fn read(world: &Memory, path: &str) -> Result<Configuration, String> {
    Configuration::read(Path::new(path), Path::new("/repo"), world).map_err(|error| error.0)
}

fn read_one(text: &str) -> Result<Configuration, String> {
    read(&Memory::new().with("plimsoll.yaml", text), "plimsoll.yaml")
}

fn runs(configuration: &Configuration, id: &str) -> bool {
    configuration.settings.table().any(|(rule, on, _)| on && rule.id() == id)
}

const GOOD: &[&str] = &[
    "{}",
    "preset: strict\nrules: {rbac: off, rbac-wildcard: error, high: 'on', sorted-keys: true}\n",
    "extends: [a.yaml]\n",
    "parameters:\n  min-replicas: 3\n  required-labels: {owner: [web]}\n  required-annotations: [email]\n",
    "parameters: {resource-ranges: {limits.memory: {max: 16Gi}}}\n",
    "pod-security: restricted:v1.30\nkubernetes-version: 1.36\nnamespace: shop\nclosed-world: true\n",
    "overrides:\n- paths: charts/**\n  objects: [{kind: Deployment}]\n  rules: {images: off}\n",
    "allow: [{rule: host-pid, reason: it must, until: 2027-01-31, container: a}]\n",
    "external: [{kind: Secret, name: 'db-*'}]\nexclude: [vendor/]\nfail-on: never\nbaseline: b.json\n",
];

const BAD: &[&str] = &[
    "[]",
    "rulse: {}",
    "preset: strickt",
    "rules: {privileged-contaner: off}",
    "rules: {host-pid: loud}",
    "rules: [host-pid]",
    "parameters: {min-replicas: many}",
    "parameters: {allowed-registries: example.com}",
    "parameters: {resource-ranges: {limits.memory: {most: 1}}}",
    "closed-world: perhaps",
    "allow: [{rule: host-pid}]",
    "allow: [{rule: host-pidd, reason: because}]",
    "external: [{kind: Secret}]",
    "overrides: [{path: a}]",
    "fail-on: sometimes",
    "exclude: vendor/",
];

#[test]
fn the_schema_and_the_reader_agree() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json = |text: &str| -> serde_json::Value {
        let world = Memory::new().with("plimsoll.yaml", text);
        let doc = foreign::read(Path::new("plimsoll.yaml"), &world).unwrap().unwrap();
        to_json(doc.root().unwrap())
    };
    for text in GOOD {
        assert!(validator.is_valid(&json(text)), "the schema refuses\n{text}");
        let world = Memory::new().with("plimsoll.yaml", text).with("a.yaml", "");
        assert_eq!(read(&world, "plimsoll.yaml").err(), None, "{text}");
    }
    for text in BAD {
        assert!(!validator.is_valid(&json(text)), "the schema takes\n{text}");
        assert!(read_one(text).is_err(), "{text}");
    }
}

/// As an editor's YAML 1.2 reader would see it.
fn to_json(node: yaml::Node<'_>) -> serde_json::Value {
    use serde_json::Value;
    match node.kind() {
        yaml::Kind::Map => {
            node.entries().map(|(key, value)| (key.text().to_owned(), to_json(value))).collect()
        }
        yaml::Kind::Seq => node.items().map(to_json).collect(),
        _ if matches!(node.text(), "on" | "off") => Value::from(node.text()),
        _ => match (node.as_bool(), node.as_i64()) {
            (Some(switch), _) => Value::from(switch),
            (_, Some(number)) => Value::from(number),
            _ => Value::from(node.text()),
        },
    }
}

#[test]
fn the_schema_in_the_repository_is_this_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plimsoll.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, json_schema()).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == json_schema(), "UPDATE=1 cargo test writes schemas/plimsoll.schema.json");
}

#[test]
fn faults_stand_at_their_line_and_say_what_may_be_meant() {
    let error = read_one("preset: minimal\nrules:\n  privileged-contaner: off\nrulse: {}\n").err().unwrap();
    assert_eq!(
        error,
        "plimsoll.yaml:3:3: unknown rule `privileged-contaner`; did you mean `privileged-container`?\n\
         plimsoll.yaml:4:1: unknown key `rulse`; did you mean `rules`?"
    );
    let error = read_one("allow:\n- rule: host-pid\n").err().unwrap();
    assert_eq!(error, "plimsoll.yaml:2:3: `reason` is missing here");
    assert!(read_one("a: [").err().unwrap().starts_with("plimsoll.yaml:"));
}

#[test]
fn a_file_builds_on_others_and_wins_over_them() {
    let world = Memory::new()
        .with("base.yaml", "preset: strict\nparameters: {min-replicas: 5}\nrules: {images: off}\n")
        .with("team/plimsoll.yaml", "extends: ../base.yaml\nrules: {image-tag-floating: error}\n");
    let found = read(&world, "team/plimsoll.yaml").unwrap();
    assert!(runs(&found, "sorted-keys") && runs(&found, "image-tag-floating"));
    assert!(!runs(&found, "image-digest-missing"));
    assert_eq!(found.settings.parameters.min_replicas, 5);
    let shown = effective(&found);
    assert!(shown.contains("preset: strict    # base.yaml:1"), "{shown}");
    assert!(shown.contains("  image-tag-floating: error    # team/plimsoll.yaml:2"), "{shown}");
    let round = Memory::new().with("a.yaml", "extends: b.yaml").with("b.yaml", "extends: a.yaml");
    assert_eq!(read(&round, "a.yaml").err().unwrap(), "a.yaml: it extends itself");
    let error = read_one("extends: none.yaml").err().unwrap();
    assert_eq!(error, "plimsoll.yaml:1:10: there is no file `none.yaml`");
}

#[test]
fn the_nearest_file_counts() {
    let world = Memory::new()
        .with("/repo/plimsoll.yaml", "")
        .with("/repo/charts/a/plimsoll.yaml", "")
        .with("/repo/apps/.kube-linter.yaml", "");
    let near = |dir: &str| nearest(Path::new(dir), &world).map(|path| path.display().to_string());
    assert_eq!(near("/repo/charts/a/templates").as_deref(), Some("/repo/charts/a/plimsoll.yaml"));
    assert_eq!(near("/repo/charts").as_deref(), Some("/repo/plimsoll.yaml"));
    assert_eq!(near("/repo/apps/web").as_deref(), Some("/repo/apps/.kube-linter.yaml"));
    assert_eq!(near("/elsewhere"), None);
}

#[test]
fn kube_linters_file_is_honoured() {
    let text = "checks:\n  addAllBuiltIn: true\n  exclude: [privileged-container, no-liveness-probe]\n  ignorePaths: [vendor/**]\n";
    let world = Memory::new().with(".kube-linter.yaml", text);
    let found = read(&world, ".kube-linter.yaml").unwrap();
    assert!(!runs(&found, "privileged-container") && !runs(&found, "liveness-probe-missing"));
    assert!(runs(&found, "anti-affinity-missing"), "all built-in checks");
    assert_eq!(found.settings.overrides.len(), 1);
}

#[test]
fn other_programs_settings_come_over() {
    let world = Memory::new()
        .with(".kube-linter.yaml", "checks: {exclude: [host-pid, some-check]}\n")
        .with(".checkov.yaml", "skip-check: [CKV_K8S_16, CKV_K8S_9999]\nskip-path: [vendor]\n");
    let mut migration = migrate::Migration::default();
    migration.kube_linter(Path::new(".kube-linter.yaml"), &world).unwrap();
    migration.checkov(Path::new(".checkov.yaml"), &world).unwrap();
    migration.kube_score("--ignore-test container-image-tag --output-format ci");
    let (_, bundle) = crate::lint::testing::bundle_of(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    checkov.io/skip1: CKV_K8S_19=the node's own\n",
    );
    migration.object(&bundle.resources[0]);
    let yaml = migration.to_yaml();
    let found = read_one(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    for rule in ["host-pid", "privileged-container", "image-tag-floating"] {
        assert!(!runs(&found, rule), "{rule}\n{yaml}");
    }
    assert_eq!(found.settings.allowed[0].rule, "host-network");
    assert_eq!(found.settings.allowed[0].reason, "the node's own");
    let untold = ["kube-linter's check `some-check`", "checkov's check `CKV_K8S_9999`"];
    assert!(untold.iter().all(|what| migration.untold.iter().any(|u| u == what)), "{:?}", migration.untold);
    assert!(rules::all().count() > 200);
}
