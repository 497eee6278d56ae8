//! Nodes that are not what they look like: nulls and lists in place of texts, scalars whose type was never settled. All answers
//! are those of the real program.

use crate::render::kustomize::testing::built;

const POD: (&str, &str) = ("top/a.yaml", "kind: Pod\nmetadata: {name: a}\n");
const MAP: (&str, &str) = ("top/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");

/// What comes of an object under that kustomization.
fn under(object: (&str, &str), kustomization: &str) -> Result<String, String> {
    built(&[object, ("top/kustomization.yaml", &format!("resources: [a.yaml]\n{kustomization}"))])
}

#[test]
fn a_name_that_was_set_becomes_what_is_put_there_later() {
    let number = "replacements:\n- {sourceValue: \"80\", targets: [{select: {}}]}\n";
    for (before, wanted) in [
        ("", "name: \"80\"\n"),
        ("namePrefix: p-\n", "name: 80\n"),
        ("patches:\n- patch: '{kind: Pod, metadata: {name: a}}'\n", "name: 80\n"),
    ] {
        let all = under(POD, &format!("{before}{number}")).unwrap();
        assert!(all.ends_with(wanted), "{before}{all}");
    }
}

#[test]
fn replicas_that_were_set_stay_a_number() {
    let object = ("top/a.yaml", "kind: ReplicaSet\nmetadata: {name: web}\n");
    let text = "replicas: [{name: web, count: 1}]\n\
                replacements:\n- {source: {}, targets: [{select: {}, fieldPaths: [spec.replicas]}]}\n";
    let told = under(object, text).unwrap_err();
    assert!(told.ends_with("cannot decode !!str `web` as a !!int"), "{told}");
}

#[test]
fn a_text_where_a_number_was_has_no_json() {
    let object = ("top/a.yaml", "kind: A\nmetadata: {name: web}\nspec: {n: 1}\n");
    let text = "replacements:\n- {source: {}, targets: [{select: {}, fieldPaths: [spec.n]}]}\n\
                transformers:\n- |\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: t}\n\
                \x20 target: {}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'\n";
    assert_eq!(under(object, text).unwrap_err(), "yaml: cannot decode !!str `web` as a !!int");
}

#[test]
fn annotations_of_a_patch_with_leave_to_change_names_are_strings() {
    let patch = "patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {x: null}}}'\n";
    assert!(!under(MAP, patch).unwrap().contains("annotations"));
    let with_leave = format!("{patch}  options: {{allowNameChange: true}}\n");
    assert!(under(MAP, &with_leave).unwrap().contains("x: \"null\"\n"));
}

#[test]
fn variables_make_strings_of_what_they_look_at() {
    let object = ("top/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {}}\n");
    let number =
        "replacements: [{sourceValue: \"80\", targets: [{select: {}, fieldPaths: [metadata.labels]}]}]\n";
    assert!(under(object, number).unwrap().contains("labels: 80\n"));
    let var = "vars: [{name: X, objref: {apiVersion: v1, kind: Pod, name: a}}]\n";
    assert!(under(object, &format!("{number}{var}")).unwrap().contains("labels: \"80\"\n"));
}

#[test]
fn a_variable_may_read_the_annotations_of_the_build() {
    let var = "vars: [{name: X, objref: {apiVersion: v1, kind: ConfigMap, name: a}, fieldref: {fieldpath: metadata.annotations}}]\n";
    assert!(under(MAP, var).is_err());
    assert!(under(MAP, &format!("namePrefix: p-\n{var}")).is_ok());
}

#[test]
fn a_null_identifies_by_its_text() {
    let null = |path: &str| {
        format!(
            "patchesJson6902:\n- target: {{name: a}}\n  patch: '[{{\"op\": \"replace\", \"path\": \"{path}\"}}]'\n"
        )
    };
    let told = under(POD, &null("/apiVersion")).unwrap_err();
    assert_eq!(told, "node-referrerOriginal 'APIVersion' mismatch '' != 'null'");
    let told = under(POD, &null("/kind")).unwrap_err();
    assert!(told.contains("mismatch") || told.starts_with("missing kind"), "{told}");
}

#[test]
fn names_are_looked_at_where_nothing_was_renamed() {
    let head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\n";
    let told = under(("top/a.yaml", &format!("{head}subjects: [{{}}]\n")), "").unwrap_err();
    assert!(told.ends_with("path config error; no 'name' field in node"), "{told}");
}

#[test]
fn a_list_of_annotations_is_read_in_pairs() {
    let list = |items: &str| {
        format!(
            "patches:\n- target: {{}}\n  patch: |\n    - {{op: add, path: /metadata/annotations, value: {items}}}\n"
        )
    };
    assert!(under(MAP, &list("[x, 1]")).unwrap().contains("  annotations:\n    x: \"1\"\n"));
    assert_eq!(under(MAP, &list("[x]")).unwrap_err(), "runtime error: index out of range [1] with length 1");
}

#[test]
fn a_label_that_was_put_in_keeps_its_quotes() {
    let text = "labels: [{pairs: {app: \"true\"}}]\n";
    let base = ("base/kustomization.yaml", &*format!("resources: [a.yaml]\n{text}"));
    let object = ("base/a.yaml", POD.1);
    let patch = "patches:\n- patch: '{kind: Pod, metadata: {name: a, labels: {app: 1e3}}}'\n";
    let top = ("top/kustomization.yaml", &*format!("resources: [../base]\n{patch}"));
    assert!(built(&[object, base, top]).unwrap().contains("app: \"1e3\"\n"));
}

#[test]
fn items_of_a_list_are_json_still_and_comments_break_that() {
    let list = ("top/a.yaml", "kind: RoleList\nitems:\n- {kind: Role, metadata: {name: a}}\n");
    let patch = "patches:\n- patch: |\n    kind: Role\n    metadata: {name: a}\n    rules:\n    - urls: # told\n      - 8\n";
    assert!(under(list, patch).unwrap_err().ends_with("invalid map key: []interface {}{8}"));
    let plain = patch.replace(" # told", "");
    assert!(under(list, &plain).unwrap().ends_with("rules:\n- urls:\n  - 8\n"));
}

#[test]
fn a_name_with_a_comma_is_several_former_names() {
    let text = "patches:\n- target: {}\n  patch: |\n    - {op: replace, path: /metadata/name, value: 'a,b'}\nnamespace: far\n";
    let told = under(MAP, text).unwrap_err();
    assert!(told.starts_with("number of previous names, "), "{told}");
}
