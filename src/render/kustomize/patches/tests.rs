//! Patches of a build, each way of writing one. What is expected is what kustomize 5.8.1 does.

use super::*;
use crate::render::kustomize::testing::kustomized;
use crate::world::Memory;

const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n      - name: a\n        image: x\n";
const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n  annotations:\n    big: 1000000\ndata:\n  a: \"1\"\n";

/// What two objects become, printed; or the error's text.
fn patched(kustomization: &str, files: &[(&str, &str)]) -> Result<String, String> {
    let mut world = Memory::new().with("k/kustomization.yaml", kustomization);
    for (path, text) in files {
        world = world.with(format!("k/{path}"), *text);
    }
    kustomized(&world, &[WEB, MAP], |kustomization, root, all, cx| {
        let mut steps = configure_strategic_merge(kustomization, root, cx)?;
        steps.extend(configure(kustomization, root, cx)?);
        steps.extend(configure_json6902(kustomization, root, cx)?);
        steps.iter_mut().try_for_each(|step| step.transform(all, cx))
    })
}

fn ok(kustomization: &str) -> String {
    patched(kustomization, &[]).unwrap()
}

fn error(kustomization: &str) -> String {
    patched(kustomization, &[]).unwrap_err()
}

#[test]
fn inline_and_file_and_both_kinds() {
    let merge = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n";
    let out = patched("patches:\n- path: p.yaml\n", &[("p.yaml", merge)]).unwrap();
    assert!(out.contains("replicas: 2"), "{out}");
    let out = ok(
        "patches:\n- target: {kind: Deployment}\n  patch: |\n    - op: replace\n      path: /spec/replicas\n      value: 3\n",
    );
    assert!(out.contains("replicas: 3"), "{out}");
    let out = ok(
        r#"patches: [{target: {name: w.b}, patch: '[{"op": "add", "path": "\/spec/x", "value": "\u0041"}]'}]"#,
    );
    assert!(out.contains("x: A"), "{out}");
    // YAML is read by version 1.1 there.
    let out = ok(
        "patches:\n- target: {name: web}\n  patch: |-\n    - {op: add, path: /spec/x, value: {y: yes, n: 010, d: 2020-01-01}}\n",
    );
    assert!(out.contains("    \"true\": true\n    \"false\": 8\n    d: \"2020-01-01\"\n"), "{out}");
}

#[test]
fn strategic_merge_keeps_kind_and_name() {
    let text = |options: &str| {
        ok(&format!(
            "patches:\n- target: {{kind: ConfigMap}}\n{options}  patch: '{{kind: Other, metadata: {{name: n, namespace: x, labels: {{a: null}}}}}}'\n"
        ))
    };
    let out = text("");
    assert!(out.contains("kind: ConfigMap\nmetadata:\n  name: m\n"), "{out}");
    assert!(out.contains("labels:\n    a: \"null\"\n") && !out.contains("namespace"), "{out}");
    let out = text("  options: {allowNameChange: true, allowKindChange: true}\n");
    assert!(out.contains("kind: Other\nmetadata:\n  name: n\n"), "{out}");
    assert!(!out.contains("internal.config"), "{out}");
}

#[test]
fn objects_can_be_deleted() {
    let out =
        ok("patches:\n- patch: '{$patch: delete, apiVersion: v1, kind: ConfigMap, metadata: {name: m}}'\n");
    assert!(!out.contains("ConfigMap"), "{out}");
    let again = error(
        "patchesStrategicMerge:\n- '{$patch: delete, apiVersion: v1, kind: ConfigMap, metadata: {name: m}}'\n- '{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}'\n",
    );
    assert_eq!(
        again,
        "no matches for Id ConfigMap.v1.[noGrp]/m.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/m.[noNs]"
    );
}

#[test]
fn json_patches_make_json_of_the_object() {
    let out = ok(
        "patchesJson6902:\n- target: {version: v1, kind: ConfigMap, name: m}\n  patch: '[{\"op\": \"add\", \"path\": \"/data/b\", \"value\": 1.0}]'\n",
    );
    assert!(out.contains("  b: 1\n"), "{out}");
    // Annotations are texts; a number's is what go-yaml prints for a float.
    assert!(out.contains("    big: \"1e+06\"\n"), "{out}");
}

#[test]
fn notes_outlive_a_json_patch() {
    let out = ok(
        "patches:\n- target: {kind: ConfigMap}\n  patch: '[{\"op\": \"remove\", \"path\": \"/metadata/annotations\"}]'\n- target: {kind: Deployment}\n  patch: '[{\"op\": \"add\", \"path\": \"/metadata/annotations/a\", \"value\": \"b\"}]'\n",
    );
    assert!(out.contains("annotations:\n    a: b\n") && !out.contains("big"), "{out}");
}

#[test]
fn what_cannot_be_a_patch() {
    assert_eq!(
        error("patches:\n- patch: 'a: 1'\n  options: {allowNameChange: true}\n  target: {name: x}\n"),
        "trouble configuring builtin PatchTransformer with config: `\noptions:\n  allowNameChange: true\npatch: 'a: 1'\ntarget:\n  name: x\n`: unable to parse SM or JSON patch from [patch: \"a: 1\"]"
    );
    assert_eq!(
        error("patches:\n- {}\n"),
        "trouble configuring builtin PatchTransformer with config: `\n{}\n`: must specify one of patch and path in\n{}\n"
    );
    assert!(
        error("patches:\n- patch: '[{\"op\": \"test\"}]'\n")
            .starts_with("must specify a target for JSON patch [patch: ")
    );
    assert!(
        error("patchesJson6902:\n- {path: x, target: {kind: A}}\n").ends_with("must specify the target name")
    );
    assert_eq!(
        error("patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: n}}'\n"),
        "no resource matches strategic merge patch \"ConfigMap.v1.[noGrp]/n.[noNs]\": no matches for Id ConfigMap.v1.[noGrp]/n.[noNs]; failed to find unique target for patch ConfigMap.v1.[noGrp]/n.[noNs]"
    );
    // Nothing is said of a target that nothing matches.
    assert!(
        ok("patches:\n- patch: '[{\"op\": \"remove\", \"path\": \"/x\"}]'\n  target: {name: none}\n")
            .contains("web")
    );
}

#[test]
fn two_objects_must_not_become_one() {
    let out = patched(
        "patchesStrategicMerge: [p.yaml]\n",
        &[("p.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {c: d}\n---\n# nothing\n")],
    );
    assert!(out.unwrap().contains("  a: \"1\"\n  c: d\n"));
}
