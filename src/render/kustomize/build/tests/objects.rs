//! Which object is meant, and what is noted of it. All answers are those of the real program.

use crate::render::kustomize::testing::built;

#[test]
fn a_transformer_of_two_is_noted_once_and_what_it_deletes_not_at_all() {
    let both = "transformers:\n- |\n  apiVersion: builtin\n  kind: PrefixSuffixTransformer\n  metadata: {name: t}\n  fieldSpecs: []\n";
    let noting = "buildMetadata: [transformerAnnotations]\n";
    let object = ("top/a.yaml", "kind: A\nmetadata: {name: a}\n");
    let all = built(&[object, ("top/kustomization.yaml", &format!("resources: [a.yaml]\n{both}{noting}"))]);
    assert_eq!(all.unwrap().matches("kind: PrefixSuffixTransformer").count(), 1);

    let delete = "patches:\n- patch: '{kind: A, metadata: {name: a}, $patch: delete}'\n";
    let all = built(&[object, ("top/kustomization.yaml", &format!("resources: [a.yaml]\n{delete}{noting}"))]);
    assert_eq!(all.as_deref(), Ok(""));
}

#[test]
fn the_origin_that_a_file_tells_is_not_taken_from_it() {
    let object = "kind: A\nmetadata:\n  name: a\n  annotations: {config.kubernetes.io/origin: mine}\n";
    let all = built(&[
        ("top/a.yaml", object),
        ("top/kustomization.yaml", "resources: [a.yaml]\nbuildMetadata: [originAnnotations]\n"),
    ]);
    assert!(all.unwrap().contains("config.kubernetes.io/origin: |\n      path: a.yaml\n"));
}

#[test]
fn the_source_of_a_replacement_is_of_no_scope() {
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: b, namespace: far}\n";
    let text = "resources: [a.yaml]\nreplacements:\n- {source: {namespace: far}, targets: [{select: {}}]}\n";
    assert!(built(&[("top/a.yaml", class), ("top/kustomization.yaml", text)]).is_ok());
}

#[test]
fn a_validator_may_put_one_label() {
    let object = ("top/a.yaml", "kind: A\nmetadata: {name: a}\n");
    let under = |label: &str| {
        let text = format!(
            "resources: [a.yaml]\nvalidators:\n- |\n  apiVersion: builtin\n  kind: LabelTransformer\n  metadata: {{name: t}}\n  labels: {{{label}: x}}\n  fieldSpecs: [{{path: metadata/labels, create: true}}]\n"
        );
        built(&[object, ("top/kustomization.yaml", &text)])
    };
    assert!(under("validated-by").unwrap().contains("validated-by: x\n"));
    let labelled = ("top/a.yaml", "kind: A\nmetadata: {name: a, labels: {x: y}}\n");
    let text = "resources: [a.yaml]\nvalidators:\n- |\n  apiVersion: builtin\n  kind: LabelTransformer\n  metadata: {name: t}\n  labels: {validated-by: x}\n  fieldSpecs: [{path: metadata/labels}]\n";
    assert!(built(&[labelled, ("top/kustomization.yaml", text)]).is_err());
    assert!(under("other").unwrap_err().starts_with("validator shouldn't modify the resource map"));
}

#[test]
fn a_file_of_a_replacement_may_have_no_targets() {
    let object = ("top/a.yaml", "kind: A\nmetadata: {name: a}\n");
    let text = ("top/kustomization.yaml", "resources: [a.yaml]\nreplacements: [{path: r.yaml}]\n");
    assert!(built(&[object, text, ("top/r.yaml", "source: {}\ntargets: []\n")]).is_ok());
    let told = built(&[object, text, ("top/r.yaml", "source: {}\n")]).unwrap_err();
    assert!(told.ends_with("replacements must specify a source and at least one target"), "{told}");
}

#[test]
fn what_is_merged_with_has_to_be_of_its_kind_still() {
    let told = built(&[
        ("base/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),
        (
            "base/kustomization.yaml",
            "resources: [a.yaml]\npatches:\n- target: {}\n  patch: '[{\"op\": \"replace\", \"path\": \"/kind\", \"value\": \"B\"}]'\n",
        ),
        (
            "top/kustomization.yaml",
            "resources: [../base]\nconfigMapGenerator: [{name: a, behavior: merge}]\n",
        ),
    ]);
    let told = told.unwrap_err();
    assert!(
        told.ends_with("cannot find resource with id ConfigMap.v1.[noGrp]/a.[noNs] to replace"),
        "{told}"
    );
}

#[test]
fn a_schema_takes_the_place_of_the_built_in_one_unless_that_was_read() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: x}]}\n";
    let patch = "patches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: a}\n    spec: {containers: [{name: y}]}\n";
    let base = format!("resources: [a.yaml]\nopenapi: {{path: s.yaml}}\n{patch}");
    for (others, has_both) in [("", false), ("kind: Unheard\nmetadata: {name: b}\n", true)] {
        let all = built(&[
            ("base/a.yaml", pod),
            ("base/s.yaml", "definitions: {}\n"),
            ("base/kustomization.yaml", &base),
            ("top/b.yaml", others),
            ("top/kustomization.yaml", "resources: [b.yaml, ../base]\n"),
        ]);
        assert_eq!(all.unwrap().contains("name: x"), has_both);
    }
}
