//! Rules of the merge, each shown. What is expected is what kustomize 5.8.1 printed for the same two texts.

use source::{Chain, Diagnostics, OriginId, Origins, SourceId};
use yaml::{Options, Profile, Tree, read};

use super::{Merged, Schemas, Trace, merge};

fn tree(text: &str, source: u32, origins: &mut Origins) -> Tree {
    let docs =
        read(SourceId(source), &text.into(), &Options::new(Profile::Kustomize), &mut Diagnostics::new());
    let first = origins.add_document(SourceId(source), docs[0].clone());
    Tree::of_doc(&docs[0], first).unwrap()
}

fn merged_by(schemas: &Schemas, object: &str, patch: &str) -> Result<String, String> {
    let mut origins = Origins::new();
    let mut object = tree(object, 0, &mut origins);
    let patch = tree(patch, 1, &mut origins);
    let trace = Trace { origins: &mut origins, typed: OriginId::UNKNOWN };
    match merge(&mut object, &patch, schemas, Some(trace))? {
        Merged::Deleted => Ok(String::new()),
        Merged::Kept => yaml::emit::tree(&object).map_err(|e| e.to_string()),
    }
}

fn merged(object: &str, patch: &str) -> String {
    merged_by(&Schemas::builtin(), object, patch).unwrap()
}

/// The `spec` of a Pod and of a patch.
fn pod(spec: &str, patch: &str) -> String {
    let head = "apiVersion: v1\nkind: Pod\n";
    let out = merged(&format!("{head}spec: {spec}\n"), &format!("spec: {patch}\n"));
    out.strip_prefix(head).and_then(|rest| rest.strip_prefix("spec: ")).unwrap_or(&out).trim_end().to_owned()
}

/// A custom resource's.
fn custom(spec: &str, patch: &str) -> String {
    let head = "apiVersion: example.com/v1\nkind: Thing\n";
    let out = merged(&format!("{head}spec: {spec}\n"), &format!("spec: {patch}\n"));
    out.strip_prefix(head).and_then(|rest| rest.strip_prefix("spec: ")).unwrap_or(&out).trim_end().to_owned()
}

#[test]
fn maps_are_merged_and_null_deletes() {
    assert_eq!(
        custom("{a: 1, b: {c: 2, d: 3}}", "{b: {c: 4, e: 5}, f: 6}"),
        "{a: 1, b: {c: 4, d: 3, e: 5}, f: 6}"
    );
    assert_eq!(custom("{a: 1, b: 2}", "{a: null}"), "{b: 2}");
    // What is not there is not made for a null, not even below a new map.
    assert_eq!(custom("{a: 1}", "{b: null, c: {d: ~, e: 1}}"), "{a: 1, c: {e: 1}}");
    // The object's own nulls stay where they are written as words, and go where they are not.
    assert_eq!(custom("{a: null, b: ~, c: , d: 1}", "{d: 2}"), "{a: null, b: ~, d: 2}");
    assert_eq!(custom("{a: {b: 1}}", "{a: {}}"), "{a: {b: 1}}");
}

#[test]
fn scalars_take_the_style_of_what_they_replace() {
    assert_eq!(custom("{a: \"3\"}", "{a: 5}"), "{a: \"5\"}");
    assert_eq!(custom("{a: 3}", "{a: '5'}"), "{a: \"5\"}");
    assert_eq!(custom("{}", "{a: yes, \"1\": x}"), "{\"1\": x, a: \"yes\"}");
}

#[test]
fn lists_without_a_schema_are_replaced() {
    assert_eq!(custom("{a: [{name: x}, 2]}", "{a: [{name: y}]}"), "{a: [{name: y}]}");
    assert_eq!(custom("{a: [1]}", "{a: []}"), "{a: []}");
    assert_eq!(custom("{a: [1]}", "{a: [{$patch: delete}]}"), "{a: [{$patch: delete}]}");
    assert_eq!(pod("{tolerations: [{key: a}]}", "{tolerations: [{key: b}]}"), "{tolerations: [{key: b}]}");
}

#[test]
fn of_one_key_what_the_patch_names_comes_first() {
    assert_eq!(
        pod(
            "{containers: [{name: a}, {name: b, image: x}]}",
            "{containers: [{name: c}, {name: b, tty: true}]}"
        ),
        "{containers: [{name: c}, {name: b, image: x, tty: true}, {name: a}]}"
    );
    assert_eq!(pod("{containers: [{name: a}]}", "{containers: []}"), "{containers: [{name: a}]}");
    assert_eq!(pod("{containers: [{name: a}]}", "{containers: null}"), "{}");
    assert_eq!(pod("{}", "{volumes: [{name: a}, {name: b, $patch: delete}]}"), "{volumes: [{name: a}]}");
}

#[test]
fn of_several_keys_the_order_stays() {
    let ports = |own: &str, brought: &str| {
        let list = |ports: &str| format!("{{containers: [{{name: a, ports: [{ports}]}}]}}");
        let out = pod(&list(own), &list(brought));
        out.strip_prefix("{containers: [{name: a, ports: [")
            .and_then(|o| o.strip_suffix("]}]}"))
            .unwrap_or(&out)
            .to_owned()
    };
    assert_eq!(
        ports(
            "{containerPort: 1, protocol: TCP}, {containerPort: 2, protocol: UDP}",
            "{containerPort: 3, protocol: TCP}, {containerPort: 2, protocol: UDP, name: x}"
        ),
        "{containerPort: 3, protocol: TCP}, {containerPort: 1, protocol: TCP}, {containerPort: 2, protocol: UDP, name: x}"
    );
    // Without its second key an element of the patch is lost where the object has one.
    assert_eq!(
        ports("{containerPort: 1, protocol: TCP}", "{containerPort: 1, name: x}"),
        "{containerPort: 1, protocol: TCP}"
    );
    assert_eq!(ports("{containerPort: 1}", "{containerPort: 1, name: x}"), "{containerPort: 1, name: x}");
}

#[test]
fn lists_of_scalars_are_united() {
    let head = "apiVersion: v1\nkind: Pod\n";
    let out =
        merged(&format!("{head}metadata: {{finalizers: [a, b]}}\n"), "metadata: {finalizers: [c, b]}\n");
    assert_eq!(out, format!("{head}metadata: {{finalizers: [c, b, a]}}\n"));
}

#[test]
fn an_element_without_its_key_empties_the_list() {
    assert_eq!(pod("{containers: [{name: a}]}", "{containers: [{image: x}]}"), "{containers: []}");
}

#[test]
fn directives_of_maps() {
    assert_eq!(custom("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}"), "{a: {c: 2}}");
    assert_eq!(custom("{a: {b: 1}, c: 1}", "{a: {$patch: delete}}"), "{c: 1}");
    assert_eq!(custom("{a: {b: 1}}", "{a: {$patch: merge, c: 2}}"), "{a: {b: 1, c: 2}}");
    assert_eq!(custom("{}", "{a: {b: {$patch: delete}, c: {$patch: replace, d: 1}}}"), "{a: {c: {d: 1}}}");
    let error = merged_by(&Schemas::builtin(), "a: {b: 1}\n", "a: {$patch: drop}\n");
    assert_eq!(error.unwrap_err(), "unknown patch strategy 'drop'");
}

#[test]
fn directives_of_keyed_lists() {
    let own = "{containers: [{name: a, image: x}, {name: b}]}";
    assert_eq!(pod(own, "{containers: [{name: a, $patch: delete}]}"), "{containers: [{name: b}]}");
    assert_eq!(pod(own, "{containers: [{$patch: replace}, {name: c}]}"), "{containers: [{name: c}]}");
    assert_eq!(pod(own, "{containers: [{$patch: delete}]}"), "{}");
    assert_eq!(
        pod(own, "{containers: [{$patch: merge}, {name: c}]}"),
        "{containers: [{name: c}, {name: a, image: x}, {name: b}]}"
    );
    // To replace one element does nothing.
    assert_eq!(pod(own, "{containers: [{name: a, $patch: replace}]}"), own);
}

#[test]
fn the_whole_object() {
    assert_eq!(merged("a: 1\n", "$patch: delete\n"), "");
    assert_eq!(merged("a: 1\n", "$patch: replace\nb: 2\n"), "a: 1\n");
}

#[test]
fn directives_that_are_none_here_stay() {
    let patch = "{$setElementOrder/containers: [{name: b}], $retainKeys: [a], containers: []}";
    assert_eq!(
        pod("{containers: [{name: a}]}", patch),
        "{containers: [{name: a}], $retainKeys: [a], $setElementOrder/containers: [{name: b}]}"
    );
}

#[test]
fn a_comment_gives_a_schema() {
    let comment =
        r#"# {"type":"array","x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"id"}"#;
    let out = merged(
        &format!("kind: Thing\nlist: {comment}\n- id: 1\n  a: 1\n"),
        "list:\n- id: 1\n  b: 2\n- id: 2\n",
    );
    assert!(out.ends_with("- id: 1\n  a: 1\n  b: 2\n- id: 2\n"), "{out}");
    let referring = r##"# {"$ref":"#/definitions/io.k8s.api.core.v1.PodSpec"}"##;
    let out = merged(
        &format!("kind: Thing\nspec: {referring}\n  containers:\n  - name: a\n"),
        "spec:\n  containers:\n  - name: b\n",
    );
    assert!(out.ends_with("- name: b\n  - name: a\n"), "{out}");
    // Any other JSON hides what is built in.
    let out = merged(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers: # {\"x\":1}\n  - name: a\n",
        "spec:\n  containers:\n  - name: b\n",
    );
    assert!(out.ends_with("\n  - name: b\n"), "{out}");
}

#[test]
fn an_object_within_a_custom_one_goes_by_its_own_kind() {
    assert_eq!(
        custom(
            "{t: {apiVersion: v1, kind: Pod, spec: {containers: [{name: a}]}}}",
            "{t: {spec: {containers: [{name: b}]}}}"
        ),
        "{t: {apiVersion: v1, kind: Pod, spec: {containers: [{name: b}, {name: a}]}}}"
    );
}

#[test]
fn schemas_of_a_file_replace_those_built_in() {
    let text = r##"{"definitions": {"T": {
        "x-kubernetes-group-version-kind": [{"group": "example.com", "version": "v1", "kind": "Thing"}],
        "properties": {"list": {"type": "array", "items": {"$ref": "#/definitions/I"},
            "x-kubernetes-patch-strategy": "merge", "x-kubernetes-list-map-keys": ["a", "b"]}}},
        "I": {"properties": {"deep": {"type": "array", "x-kubernetes-patch-strategy": "merge"}}}}}"##;
    let docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut Diagnostics::new());
    let schemas = Schemas::custom(docs[0].root().unwrap(), false);
    let head = "apiVersion: example.com/v1\nkind: Thing\n";
    let out = merged_by(
        &schemas,
        &format!("{head}list: [{{a: 1, b: 1, deep: [x]}}]\n"),
        "list: [{a: 1, b: 2}, {a: 1, b: 1, deep: [y]}]\n",
    );
    assert_eq!(out.unwrap(), format!("{head}list: [{{a: 1, b: 2}}, {{a: 1, b: 1, deep: [y, x]}}]\n"));
    let out = merged_by(
        &schemas,
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n",
        "spec: {containers: [{name: b}]}\n",
    );
    assert!(out.unwrap().ends_with("spec: {containers: [{name: b}]}\n"));
}

#[test]
fn kinds_that_do_not_agree() {
    let error = merged_by(&Schemas::builtin(), "a: {b: 1}\n", "a: [1]\n").unwrap_err();
    assert_eq!(error, "wrong node kind: expected MappingNode but got SequenceNode: node contents:\n[1]\n");
}

#[test]
fn origins_tell_of_the_patch_and_what_was_there() {
    let mut origins = Origins::new();
    let mut object = tree("a: 1\nb: 2\nc: {d: 1}\n", 0, &mut origins);
    let patch = tree("a: 3\nb: null\nc: {e: 4}\n", 1, &mut origins);
    let trace = Trace { origins: &mut origins, typed: OriginId::UNKNOWN };
    merge(&mut object, &patch, &Schemas::builtin(), Some(trace)).unwrap();
    let root = object.root();
    let a = object.origin(object.get(root, "a").unwrap());
    let Chain::Patched { by, was } = origins.chain(a) else { panic!("{:?}", origins.chain(a)) };
    assert_eq!((by.source, by.start), (SourceId(1), 3));
    assert_eq!(origins.primary(was).map(|s| (s.source, s.start)), Some((SourceId(0), 3)));
    let c = object.get(root, "c").unwrap();
    let place = |id: OriginId| origins.primary(id).map(|s| s.source);
    assert_eq!(place(object.origin(c)), Some(SourceId(0)));
    assert_eq!(place(object.origin(object.get(c, "e").unwrap())), Some(SourceId(1)));
    let gone = object.removed(root)[0];
    assert_eq!(place(gone.by), Some(SourceId(1)));
}

#[test]
fn nesting_as_deep_as_the_reader_takes() {
    let deep = |end: &str| format!("{}{end}{}", "{a: ".repeat(3_000), "}".repeat(3_000));
    let mut origins = Origins::new();
    let mut object = tree(&deep("1"), 0, &mut origins);
    let patch = tree(&deep("2"), 1, &mut origins);
    assert_eq!(merge(&mut object, &patch, &Schemas::builtin(), None), Ok(Merged::Kept));
    let mut at = object.root();
    while let Some(inner) = object.get(at, "a") {
        at = inner;
    }
    assert_eq!(object.text(at), "2");
}
