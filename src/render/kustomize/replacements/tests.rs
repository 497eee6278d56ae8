//! Replacements, each rule shown. What is expected is what kustomize 5.8.1 does.

use super::*;
use crate::render::kustomize::testing::kustomized;
use crate::world::Memory;

const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels:\n    app: a\nspec:\n  replicas: 1\n  containers:\n  - name: a\n    image: x:1\n  - name: ba\n    image: y:2\n";
const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  n: \"5\"\n  path: a/b/c\n  json: '{\"b\": {\"c\": \"s\", \"d\": 1}, \"a\": [1, 2]}'\n  yaml: |\n    # settings\n    x: {y: old}\nlist: [p, q]\n";

/// What the two objects become; or the error's text.
fn run(replacements: &str, files: &[(&str, &str)]) -> Result<String, String> {
    let mut world = Memory::new().with("k/kustomization.yaml", format!("replacements:\n{replacements}"));
    for (path, text) in files {
        world = world.with(format!("k/{path}"), *text);
    }
    kustomized(&world, &[WEB, MAP], |kustomization, root, all, cx| {
        configure(kustomization, root, cx)?.iter_mut().try_for_each(|step| step.transform(all, cx))
    })
}

/// From a field of the ConfigMap to one of the Deployment.
fn copied(from: &str, to: &str, options: &str) -> Result<String, String> {
    run(
        &format!(
            "- source: {{kind: ConfigMap, fieldPath: {from}}}\n  targets:\n  - select: {{kind: Deployment}}\n    fieldPaths: [{to}]\n    options: {options}\n"
        ),
        &[],
    )
}

fn has(result: Result<String, String>, part: &str) {
    let text = result.unwrap();
    assert!(text.contains(part), "{part:?} is not in\n{text}");
}

#[test]
fn scalars_keep_the_type_of_their_place() {
    has(copied("data.n", "spec.replicas", "{}"), "replicas: 5\n");
    has(copied("data.n", "metadata.labels.app", "{}"), "app: \"5\"\n");
    // What is made has no type yet.
    has(copied("data.n", "spec.x.y", "{create: true}"), "  x:\n    y: 5\n");
    has(copied("list", "spec.replicas", "{}"), "replicas:");
    has(copied("data.n", "spec.containers", "{}"), "containers: \"5\"\n");
}

#[test]
fn elements_are_chosen_by_patterns_in_targets() {
    let out = copied("metadata.name", "'spec.containers.[name=a].image'", "{}").unwrap();
    assert!(out.contains("- name: a\n    image: m\n  - name: ba\n    image: m\n"), "{out}");
    let out = copied("metadata.name", "'spec.containers.[name=^a$].image'", "{}").unwrap();
    assert!(out.contains("- name: a\n    image: m\n  - name: ba\n    image: y:2\n"), "{out}");
    has(copied("metadata.name", "'spec.containers.*.image'", "{}"), "name: ba\n    image: m\n");
    has(copied("metadata.name", "spec.containers.1.image", "{}"), "image: x:1\n  - name: ba\n    image: m\n");
    has(copied("'list.[=q]'", "metadata.name", "{}"), "  name: q\n");
    has(copied("list.-", "metadata.name", "{}"), "  name: q\n");
    has(copied("metadata.name", "'spec.new.[name=z].v'", "{create: true}"), "new:\n  - name: z\n    v: m\n");
}

#[test]
fn parts_of_texts() {
    has(
        copied("metadata.name", "'spec.containers.[name=ba].image'", "{delimiter: ':', index: 1}"),
        "image: y:m\n",
    );
    has(
        copied("metadata.name", "'spec.containers.[name=ba].image'", "{delimiter: ':', index: 7}"),
        "image: y:2:m\n",
    );
    has(
        copied("metadata.name", "'spec.containers.[name=ba].image'", "{delimiter: ':', index: -1}"),
        "image: m:y:2\n",
    );
    let source = |options: &str| {
        run(
            &format!(
                "- source: {{name: m, fieldPath: data.path, options: {options}}}\n  targets: [{{select: {{name: web}}}}]\n"
            ),
            &[],
        )
    };
    has(source("{delimiter: /, index: 1}"), "  name: b\n");
    assert_eq!(
        source("{delimiter: /, index: 3}").unwrap_err(),
        "options.index 3 is out of bounds for value a/b/c"
    );
}

#[test]
fn texts_that_hold_json_or_yaml() {
    let into = |path: &str, create: bool| {
        run(
            &format!(
                "- sourceValue: new\n  targets: [{{select: {{name: m}}, fieldPaths: [{path}], options: {{create: {create}}}}}]\n"
            ),
            &[],
        )
    };
    has(into("data.json.b.c", false), "json: '{\"a\":[1,2],\"b\":{\"c\":\"new\",\"d\":1}}'\n");
    // A number cannot become a text there; what fails within is lost in silence.
    has(into("data.json.b.d", false), "json: '{\"b\": {\"c\": \"s\", \"d\": 1}, \"a\": [1, 2]}'\n");
    has(into("data.yaml.x.y", false), "yaml: |-\n    # settings\n    x: {y: new}\n");
    has(into("data.yaml.x.z", true), "x: {y: old, z: new}\n");
    assert_eq!(
        into("data.yaml.x.z", false).unwrap_err(),
        "unable to find field \"data.yaml.x.z\" in replacement target"
    );
}

#[test]
fn which_objects() {
    let to = |target: &str| {
        run(&format!("- sourceValue: new\n  targets: [{target}]\n"), &[])
            .map(|text| text.matches("name: new").count())
    };
    assert_eq!(to("{select: {}}"), Ok(2));
    assert_eq!(to("{select: {kind: 'Conf.*'}}"), Ok(1));
    assert_eq!(to("{select: {name: non}}"), Ok(0));
    // No namespace is not the namespace `default` here.
    assert_eq!(to("{select: {namespace: default}}"), Ok(0));
    assert_eq!(to("{select: {labelSelector: app=a}}"), Ok(1));
    assert_eq!(to("{select: {}, reject: [{labelSelector: app}]}"), Ok(1));
    assert_eq!(to("{select: {}, reject: [{name: m}, {kind: Deployment}]}"), Ok(0));
    assert_eq!(to("{}").unwrap_err(), "target must specify resources to select");
    assert!(
        to("{select: {kind: '['}}")
            .unwrap_err()
            .starts_with("error creating target selector: error parsing regexp")
    );
}

#[test]
fn sources_that_are_none_or_several() {
    let from = |source: &str| {
        run(&format!("- source: {source}\n  targets: [{{select: {{name: web}}}}]\n"), &[]).unwrap_err()
    };
    assert_eq!(from("{kind: Job, name: x}"), "nothing selected by Job.[noVer].[noGrp]/x.[noNs]");
    assert_eq!(
        from("{namespace: default, fieldPath: a}"),
        "multiple matches for selector [noKind].[noVer].[noGrp]/[noName].default:a"
    );
    assert_eq!(
        from("{name: m, fieldPath: a.b}"),
        "fieldPath `a.b` is missing for replacement source [noKind].[noVer].[noGrp]/m.[noNs]"
    );
    assert_eq!(
        run("- targets: [{select: {}}]\n", &[]).unwrap_err(),
        "replacements must specify a source and at least one target"
    );
}

#[test]
fn files_of_one_or_several() {
    let one =
        "sourceValue: new\nunknown: x\ntargets: [{select: {name: web}, fieldPaths: [metadata.labels.app]}]\n";
    has(run("- path: r.yaml\n", &[("r.yaml", one)]), "app: new\n");
    let list = one.lines().map(|line| format!("  {line}\n")).collect::<String>();
    has(run("- path: r.yaml\n", &[("r.yaml", &format!("-{}", &list[1..]))]), "app: new\n");
    assert!(
        run("- path: r.yaml\n", &[("r.yaml", "x")])
            .unwrap_err()
            .ends_with("unsupported replacement type encountered within replacement path: string")
    );
    assert!(
        run("- {path: r.yaml, source: {}}\n", &[])
            .unwrap_err()
            .ends_with("cannot specify both path and inline replacement")
    );
}
