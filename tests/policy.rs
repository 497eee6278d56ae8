//! Policy through charts and overlays: where findings point, what allows them, what is told once, what is masked.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::ci::{folder, plimsoll, stdout, write};
use crate::root;

const CHART: &[(&str, &str)] = &[
    ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: v1.0.0\n"),
    ("chart/values.yaml", "image:\n  ref: registry.example.com/web:latest\nunread: 1\n"),
    ("chart/templates/_helpers.tpl", "{{ define \"idle\" }}x{{ end }}\n"),
    (
        "chart/templates/pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: web\n      image: {{ .Values.image.ref }}\n",
    ),
];

/// The codes that `check` says, each with its file and line.
fn codes(folder: &Path, arguments: &str) -> Vec<String> {
    let output = plimsoll(folder, &format!("check --output json {arguments}"));
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    let found = found["diagnostics"].as_array().unwrap();
    let name =
        |d: &Value| format!("{}:{} {}", d["file"].as_str().unwrap(), d["line"], d["code"].as_str().unwrap());
    found.iter().map(name).collect()
}

fn said(folder: &Path, code: &str) -> Vec<String> {
    let all = codes(folder, "");
    let ending = format!(" {code}");
    all.into_iter().filter_map(|found| found.strip_suffix(&ending).map(str::to_owned)).collect()
}

#[test]
fn what_is_said_of_a_chart_is_allowed_beside_it_and_centrally() {
    for (code, place, file, from, to) in [
        ("value-unread", "chart/values.yaml:3", "chart/values.yaml", "unread: 1", "unread: 1 # SAID"),
        (
            "define-unused",
            "chart/templates/_helpers.tpl:1",
            "chart/templates/_helpers.tpl",
            "{{ define",
            "{{/* SAID */}}\n{{ define",
        ),
        ("chart-version-loose", "chart/Chart.yaml:3", "chart/Chart.yaml", "v1.0.0", "v1.0.0 # SAID"),
        ("image-tag-floating", "chart/values.yaml:2", "chart/values.yaml", "web:latest", "web:latest # SAID"),
    ] {
        let folder = folder(CHART);
        let path = folder.path();
        assert_eq!(said(path, code), [place], "{code}");
        // Beside it.
        let text = fs::read_to_string(path.join(file)).unwrap();
        let allow = to.replace("SAID", &format!("plimsoll: allow {code} -- a reason"));
        write(path, file, &text.replacen(from, &allow, 1));
        assert_eq!(said(path, code), [""; 0], "{code} beside it");
        assert_eq!(said(path, "suppression-invalid"), [""; 0], "{code}");
        assert_eq!(said(path, "suppression-unused"), [""; 0], "{code}");
        write(path, file, &text);
        // Centrally, everywhere and by file.
        for files in ["", ", paths: [chart/]", ", paths: [\"*/values.yaml\", chart/Chart.yaml, \"**/*.tpl\"]"]
        {
            write(path, "plimsoll.yaml", &format!("allow:\n- {{rule: {code}, reason: known{files}}}\n"));
            assert_eq!(said(path, code), [""; 0], "{code} centrally{files}");
            assert_eq!(said(path, "suppression-unused"), [""; 0], "{code} centrally{files}");
        }
        write(
            path,
            "plimsoll.yaml",
            &format!("allow:\n- {{rule: {code}, reason: known, paths: [other/]}}\n"),
        );
        assert_eq!(said(path, code), [place], "{code} of other files");
        assert_eq!(said(path, "suppression-unused").len(), 1, "{code} of other files");
        // Switched off, everywhere and by an override.
        write(path, "plimsoll.yaml", &format!("rules: {{{code}: off}}\n"));
        assert_eq!(said(path, code), [""; 0], "{code} off");
        write(path, "plimsoll.yaml", &format!("overrides:\n- paths: [chart/]\n  rules: {{{code}: off}}\n"));
        assert_eq!(said(path, code), [""; 0], "{code} off below chart/");
        write(path, "plimsoll.yaml", &format!("rules: {{{code}: error}}\n"));
        assert_eq!(plimsoll(path, "check --output concise").status.code(), Some(1), "{code} as an error");
    }
}

#[test]
fn a_date_that_has_passed_lifts_a_suppression_in_a_chart() {
    let folder = folder(CHART);
    let allow = "unread: 1 # plimsoll: allow value-unread until: 2001-01-31 -- until then";
    write(
        folder.path(),
        "chart/values.yaml",
        &format!("image:\n  ref: registry.example.com/web:1.0\n{allow}\n"),
    );
    assert_eq!(said(folder.path(), "value-unread"), ["chart/values.yaml:3"]);
    assert_eq!(said(folder.path(), "suppression-expired"), ["chart/values.yaml:3"]);
}

const BASE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  replicas: 3\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      hostPID: true\n      containers:\n        - name: web\n          image: registry.example.com/web:1.0\n";
const PATCH: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          securityContext:\n            privileged: true\n";

/// A base, an overlay that patches it, and one that only sets an image.
const OVERLAYS: &[(&str, &str)] = &[
    ("base/kustomization.yaml", "resources: [web.yaml]\n"),
    ("base/web.yaml", BASE),
    ("overlays/prod/kustomization.yaml", "resources: [../../base]\npatches:\n- path: patch.yaml\n"),
    ("overlays/prod/patch.yaml", PATCH),
    (
        "overlays/dev/kustomization.yaml",
        "resources: [../../base]\nimages:\n- name: registry.example.com/web\n  newTag: latest\nreplicas:\n- name: web\n  count: 1\n",
    ),
];

#[test]
fn findings_of_an_overlay_point_at_the_patch_the_field_or_the_base() {
    let folder = folder(OVERLAYS);
    assert_eq!(said(folder.path(), "privileged-container"), ["overlays/prod/patch.yaml:12"]);
    assert_eq!(said(folder.path(), "image-tag-floating"), ["overlays/dev/kustomization.yaml:4"]);
    assert_eq!(said(folder.path(), "replicas-too-low"), ["overlays/dev/kustomization.yaml:7"]);
    assert_eq!(said(folder.path(), "host-pid"), ["base/web.yaml:14"]);
    // Allowed where it was written, it is so in every overlay.
    let allow = "hostPID: true # plimsoll: allow host-pid -- the agent";
    write(folder.path(), "base/web.yaml", &BASE.replace("hostPID: true", allow));
    assert_eq!(said(folder.path(), "host-pid"), [""; 0]);
    let allow = "privileged: true # plimsoll: allow privileged-container -- drivers";
    write(folder.path(), "overlays/prod/patch.yaml", &PATCH.replace("privileged: true", allow));
    assert_eq!(said(folder.path(), "privileged-container"), [""; 0]);
}

#[test]
fn a_changed_patch_or_base_is_checked_through_the_overlays_that_use_it() {
    let folder = folder(OVERLAYS);
    write(folder.path(), "other/pod.yaml", &BASE.replace("kind: Deployment", "kind: StatefulSet"));
    let changed = |files: &str| {
        codes(
            folder.path(),
            &format!(
                "--select privileged-container --select image-tag-floating --select host-pid --changed {files}"
            ),
        )
    };
    let patched = ["base/web.yaml:14 host-pid", "overlays/prod/patch.yaml:12 privileged-container"];
    let set = ["base/web.yaml:14 host-pid", "overlays/dev/kustomization.yaml:4 image-tag-floating"];
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(changed("overlays/prod/patch.yaml")), patched);
    assert_eq!(sorted(changed("overlays/dev/kustomization.yaml")), set);
    let both = [patched[0], set[1], patched[1]];
    assert_eq!(sorted(changed("base/web.yaml")), both);
    assert_eq!(sorted(changed("base/kustomization.yaml")), both);
    assert_eq!(changed("README.md"), [""; 0]);
}

#[test]
fn a_preset_chooses_among_rules_and_leaves_the_servers_verdict() {
    let refused = BASE.replace("hostPID: true", "hostPID: true\n      hostIPD: true");
    let folder = folder(&[("web.yaml", &refused)]);
    let codes = |selected: &str| codes(folder.path(), &format!("{selected} web.yaml"));
    let (verdict, rule) = ("web.yaml:15 unknown-field", "web.yaml:14 host-pid");
    assert!(codes("--select images").contains(&verdict.to_owned()));
    assert!(!codes("--select images").contains(&rule.to_owned()));
    assert!(!codes("--select images --ignore unknown-field").contains(&verdict.to_owned()));
    assert_eq!(codes("--select host-pid"), [rule]);
    assert_eq!(codes("--select unknown-field"), [verdict]);
}

#[test]
fn findings_of_a_chart_point_at_the_values_that_made_them() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  {{- include \"pod\" . | nindent 2 }}\n";
    let helpers = "{{ define \"pod\" -}}\nhostPID: {{ .Values.global.hostPID }}\ncontainers:\n  - name: web\n    image: {{ .Values.image }}\n    resources:\n      {{- toYaml .Values.resources | nindent 6 }}\n    securityContext:\n      {{- with .Values.security }}\n      privileged: {{ .privileged }}\n      {{- end }}\n{{- end }}\n";
    let folder = folder(&[
        (
            "app/Chart.yaml",
            "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- name: web\n  version: 1.0.0\n",
        ),
        ("app/values.yaml", "global:\n  hostPID: true\nweb:\n  image: registry.example.com/web:latest\n"),
        ("app/charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        (
            "app/charts/web/values.yaml",
            "image: registry.example.com/web:1.0\nresources:\n  requests: {memory: 2Gi}\n  limits: {memory: 1Gi}\nsecurity: {}\n",
        ),
        ("app/charts/web/templates/_pod.tpl", helpers),
        ("app/charts/web/templates/pod.yaml", pod),
        ("app/ci/test-values.yaml", "web:\n  security:\n    privileged: true\n"),
    ]);
    let path = folder.path();
    assert_eq!(said(path, "privileged-container"), ["app/ci/test-values.yaml:3"]);
    assert_eq!(said(path, "image-tag-floating"), ["app/values.yaml:4"]);
    assert_eq!(said(path, "host-pid"), ["app/values.yaml:2"]);
    // The server refuses it, and so validation says it.
    let refused = codes(path, "");
    assert!(
        refused.iter().any(|found| found == "app/charts/web/values.yaml:3 invalid-value"),
        "{refused:#?}"
    );
    assert_eq!(said(path, "request-exceeds-limit"), [""; 0]);
}

#[test]
fn what_is_drawn_at_random_is_told_with_the_call() {
    let template = "{{- $p := default (randAlphaNum 16) .Values.password }}\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\ndata:\n  password: {{ $p | b64enc }}\n";
    let folder = folder(&[
        ("chart/Chart.yaml", CHART[0].1),
        ("chart/values.yaml", "password: \"\"\n"),
        ("chart/templates/secret.yaml", template),
    ]);
    assert_eq!(said(folder.path(), "value-non-deterministic"), ["chart/templates/secret.yaml:8"]);
    assert_eq!(said(folder.path(), "secret-manifest-plain"), [""; 0]);
    let shown = stdout(&plimsoll(folder.path(), "check --select value-non-deterministic"));
    assert!(shown.contains("default (randAlphaNum 16) .Values.password"), "{shown}");
    write(folder.path(), "chart/values.yaml", "password: correct-horse\n");
    assert_eq!(said(folder.path(), "value-non-deterministic"), [""; 0]);
    assert_eq!(said(folder.path(), "secret-manifest-plain"), ["chart/values.yaml:1"]);
}

#[test]
fn no_report_over_a_chart_shows_a_secret() {
    let template = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\ndata:\n  password: {{ .Values.db.password | b64enc }}\n  key: {{ .Values.db.key }}\nstringData:\n  pin: \"{{ .Values.db.pin }}\"\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: web\n      image: registry.example.com/web:latest\n      args: [\"--password={{ .Values.db.password }}\"]\n      env:\n        - name: DB_PASSWORD\n          value: {{ .Values.db.password }}\n";
    let folder = folder(&[
        ("chart/Chart.yaml", CHART[0].1),
        (
            "chart/values.yaml",
            "db:\n  password: swordfish-4711\n  key: \"not-base64-hushhush!\"\n  pin: 90210-ultra\n",
        ),
        ("chart/templates/all.yaml", template),
        ("plimsoll.yaml", "preset: strict\n"),
    ]);
    for format in [
        "human",
        "grouped",
        "concise",
        "json",
        "json-lines",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "markdown",
    ] {
        let output = plimsoll(folder.path(), &format!("check --output {format}"));
        let text = stdout(&output) + &String::from_utf8_lossy(&output.stderr);
        assert!(text.contains("secret-manifest-plain"), "{format}: {text}");
        for secret in ["swordfish-4711", "c3dvcmRmaXNoLTQ3MTE", "hushhush", "90210-ultra"] {
            assert!(!text.contains(secret), "{format} shows {secret}:\n{text}");
        }
    }
}

#[test]
fn what_a_server_refuses_is_told_once() {
    let output = plimsoll(&root().join("testdata/lint"), "check --output concise refused.yaml");
    let shown = stdout(&output);
    let path = root().join("testdata/lint/refused.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &shown).unwrap();
    }
    assert_eq!(shown, fs::read_to_string(&path).unwrap_or_default());
}

#[test]
fn a_configuration_above_is_found_with_what_it_extends() {
    let folder = folder(&[
        ("base/common.yaml", "rules: {host-pid: error}\n"),
        ("plimsoll.yaml", "extends: base/common.yaml\nbaseline: known.json\n"),
        ("known.json", "{\"version\": 1, \"findings\": []}\n"),
        ("team/web.yaml", BASE),
    ]);
    let found = plimsoll(&folder.path().join("team"), "lint --output concise web.yaml");
    assert!(stdout(&found).contains("error[host-pid]"), "{}", String::from_utf8_lossy(&found.stderr));
}
