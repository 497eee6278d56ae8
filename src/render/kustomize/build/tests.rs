//! Whole builds: what only shows when several steps follow each other.

mod nodes;
mod objects;

use crate::render::kustomize::testing::built;

const DEPLOYMENT: (&str, &str) =
    ("base/a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n");

#[test]
fn an_object_without_a_name_or_kind_is_refused_at_the_end() {
    for (path, what) in [("/metadata/name", "metadata.name"), ("/kind", "kind")] {
        let kustomization = format!(
            "resources: [a.yaml]\npatchesJson6902:\n- target: {{name: a}}\n  patch: '[{{\"op\": \"remove\", \"path\": \"{path}\"}}]'\n"
        );
        let told = built(&[
            ("top/a.yaml", "kind: Role\nmetadata: {name: a}\n"),
            ("top/kustomization.yaml", &kustomization),
        ]);
        assert!(told.unwrap_err().starts_with(&format!("missing {what} in object {{{{ ")), "{path}");
    }
}

#[test]
fn a_label_that_was_put_in_several_places_at_once_changes_in_all_of_them() {
    let base = ("base/kustomization.yaml", "resources: [a.yaml]\ncommonLabels: {app: x}\n");
    let top = ("top/kustomization.yaml", "resources: [../base]\nlabels:\n- pairs: {app: z}\n");
    let all = built(&[DEPLOYMENT, base, top]).unwrap();
    assert_eq!((all.matches("app: z").count(), all.matches("app: x").count()), (3, 0), "{all}");

    // A strategic merge writes over it in place too.
    let patch = "patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: a, labels: {app: z}}\n";
    let merging = ("top/kustomization.yaml", &*format!("resources: [../base]\n{patch}"));
    let all = built(&[DEPLOYMENT, base, merging]).unwrap();
    assert_eq!(all.matches("app: z").count(), 3, "{all}");

    // A JSON patch makes values of it.
    let patch =
        "patches:\n- target: {}\n  patch: |\n    - {op: replace, path: /metadata/labels/app, value: z}\n";
    let patching = ("top/kustomization.yaml", &*format!("resources: [../base]\n{patch}"));
    let all = built(&[DEPLOYMENT, base, patching]).unwrap();
    assert_eq!((all.matches("app: z").count(), all.matches("app: x").count()), (1, 2), "{all}");
}

#[test]
fn a_number_of_replicas_in_quotes_stays_in_quotes() {
    let all = built(&[
        ("top/a.yaml", "kind: ReplicaSet\nmetadata: {name: a}\nspec: {replicas: \"5\"}\n"),
        ("top/kustomization.yaml", "resources: [a.yaml]\nreplicas:\n- {name: a, count: 3}\n"),
    ]);
    assert!(all.unwrap().contains("replicas: \"3\""));
}

#[test]
fn a_field_of_one_kind_hides_the_general_one_in_the_layers_above() {
    let all = built(&[
        DEPLOYMENT,
        ("base/names.yaml", "namePrefix:\n- {path: metadata/name, kind: Foo}\n"),
        ("base/kustomization.yaml", "resources: [a.yaml]\nconfigurations: [names.yaml]\n"),
        ("top/kustomization.yaml", "resources: [../base]\nnamePrefix: p-\n"),
    ]);
    assert!(all.unwrap().contains("name: a\n"));
}

#[test]
fn a_string_that_a_json_patch_puts_in_quotes_keeps_them() {
    let kustomization = "resources: [a.yaml]\npatches:\n- target: {}\n  patch: |\n    - {op: add, path: /data/k, value: \"a: b\"}\n\
                         - patch: |\n    kind: ConfigMap\n    metadata: {name: a}\n    data: {k: 010}\n";
    let all = built(&[
        ("top/a.yaml", "kind: ConfigMap\nmetadata: {name: a}\ndata: {}\n"),
        ("top/kustomization.yaml", kustomization),
    ]);
    assert!(all.unwrap().contains("k: \"010\""));
}

#[test]
fn notes_of_transformers_make_strings_of_annotations() {
    let kustomization = "resources: [a.yaml]\nbuildMetadata: [managedByLabel]\npatches:\n\
                         - target: {kind: Foo}\n  patch: '[{\"op\": \"remove\", \"path\": \"/x\"}]'\n\
                         - target: {}\n  patch: '[{\"op\": \"add\", \"path\": \"/x\", \"value\": 1}]'\n";
    let all = built(&[
        ("top/a.yaml", "kind: Role\nmetadata: {name: a, annotations: {k: 1e3}}\n"),
        ("top/kustomization.yaml", kustomization),
    ]);
    assert!(all.unwrap().contains("k: \"1e3\""));
}

#[test]
fn a_name_that_was_taken_away_leaves_no_history_that_fits() {
    let kustomization = "resources: [a.yaml]\nnamespace: ns\nnamePrefix: p-\npatchesJson6902:\n\
                         - target: {name: p-a}\n  patch: '[{\"op\": \"remove\", \"path\": \"/metadata/name\"}]'\n";
    let told = built(&[
        ("base/a.yaml", "kind: Foo\nmetadata: {name: a}\n"),
        ("base/kustomization.yaml", kustomization),
        ("top/kustomization.yaml", "resources: [../base]\nnamespace: other\n"),
    ]);
    assert!(told.unwrap_err().starts_with("number of previous names"));
}

#[test]
fn a_merge_by_target_leaves_a_missing_api_version_as_a_null() {
    let all = built(&[
        ("top/a.yaml", "kind: Foo\nmetadata: {name: a}\n"),
        (
            "top/kustomization.yaml",
            "resources: [a.yaml]\npatches:\n- target: {}\n  patch: '{kind: Foo, metadata: {name: a}}'\n",
        ),
    ]);
    assert_eq!(all.unwrap(), "apiVersion: null\nkind: Foo\nmetadata:\n  name: a\n");
}

#[test]
fn what_no_server_keeps_counts_as_namespaced() {
    let review = "apiVersion: authorization.k8s.io/v1\nkind: SelfSubjectAccessReview\nmetadata: {name: a}\n";
    let all =
        built(&[("top/a.yaml", review), ("top/kustomization.yaml", "resources: [a.yaml]\nnamespace: ns\n")]);
    assert!(all.unwrap().contains("namespace: ns\n"));
}

#[test]
fn a_generated_object_has_annotations_while_it_is_built() {
    let kustomization = "configMapGenerator: [{name: a}]\nlabels:\n- pairs: {k: v}\n  fields: [{path: metadata/annotations}]\n";
    let all = built(&[("top/kustomization.yaml", kustomization)]).unwrap();
    assert_eq!(all.matches("k: v").count(), 2, "{all}");
}
