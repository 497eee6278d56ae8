//! Runs the examples of the codes' documentation, and random trees against all tables.

use std::sync::Arc;

use source::{Diagnostics, Severity, SourceId};
use yaml::{Options, Profile};

use super::{ALL, Cx, stage};
use crate::kube::{Bundle, Resource};
use crate::schema::{Schema, VERSIONS, Version};

fn judge(text: &str, version: Version) -> (Bundle, Diagnostics) {
    let text: Arc<str> = text.into();
    let mut out = Diagnostics::new();
    let mut bundle = Bundle::default();
    for doc in yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out) {
        let first = bundle.origins.add_document(SourceId(0), doc.clone());
        if let Some(root) = doc.root() {
            bundle.resources.push(Resource::new(doc.clone(), root.id(), first));
        }
    }
    let crds = Bundle::default();
    stage(
        &bundle,
        &Cx { schema: Schema::of(version), crds: &crds, cluster: None, locations: None },
        &mut out,
    );
    (bundle, out)
}

/// (line, message) of every error, lines counted from 1.
fn errors(text: &str) -> Vec<(usize, String)> {
    let (bundle, out) = judge(text, crate::schema::NEWEST);
    let line = |start: u32| text[..start as usize].matches('\n').count() + 1;
    let mut found: Vec<(usize, String)> = out
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| (bundle.origins.primary(d.primary.at).map_or(0, |s| line(s.start)), d.message.clone()))
        .collect();
    found.sort();
    found
}

/// The fenced examples of a manual: what follows ```` ```yaml bad ```` or ```` ```yaml good ````.
fn examples(docs: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let mut lines = docs.lines().map(|l| l.strip_prefix(' ').unwrap_or(l));
    while let Some(line) = lines.next() {
        let bad = match line.strip_prefix("```yaml ") {
            Some("bad") => true,
            Some("good") => false,
            _ => continue,
        };
        let body: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
        found.push((bad, body.join("\n")));
    }
    found
}

#[test]
fn the_examples_say_what_they_say() {
    for code in ALL {
        for (bad, example) in examples(code.docs) {
            let mut wanted: Vec<(usize, String)> = example
                .lines()
                .enumerate()
                .filter_map(|(at, line)| Some((at + 1, line.split_once(" #! ")?.1.to_owned())))
                .collect();
            wanted.sort();
            assert_eq!(bad, !wanted.is_empty(), "{}: an example that shows nothing", code.id);
            assert_eq!(errors(&example), wanted, "{}", code.id);
        }
    }
}

#[test]
fn every_error_has_an_example() {
    // What only a closed world shows cannot be shown by a manifest alone.
    // Nor can what a schema of `--schema-location` says.
    let without =
        ["api-not-served", "namespace-not-found", "group-unknown", "schema-violation", "schema-unusable"];
    for code in ALL.iter().filter(|c| !without.contains(&c.id)) {
        let examples = examples(code.docs);
        assert!(examples.iter().any(|(bad, _)| *bad) && examples.iter().any(|(bad, _)| !bad), "{}", code.id);
    }
}

#[test]
fn a_field_below_an_empty_one_is_to_be_indented() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: b}]\n  volumes:\n  - name: v\n    hostPath:\n    path: /x\n";
    let (_, out) = judge(text, crate::schema::NEWEST);
    let help: Vec<_> = out.iter().filter_map(|d| d.help.as_deref()).collect();
    assert_eq!(help, ["`path` belongs under `hostPath`: indent it by two more blanks"]);
}

#[test]
fn a_field_of_an_outer_map_is_told_by_levels() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: b\n    dnsPolicy: Default\n";
    let (_, out) = judge(text, crate::schema::NEWEST);
    let help: Vec<_> = out.iter().filter_map(|d| d.help.as_deref()).collect();
    assert_eq!(help, ["`dnsPolicy` is a field of `spec`, two levels up: indent it less"]);
}

/// A small generator of its own: the same seed gives the same tree on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

const SCALARS: [&str; 16] = [
    "null",
    "true",
    "1",
    "-1",
    "1.5",
    "\"\"",
    "a",
    "'é'",
    "1Gi",
    "2026-01-01T00:00:00Z",
    "aGk=",
    "18446744073709551615",
    ".nan",
    "[]",
    "{}",
    "&a x",
];

fn tree(random: &mut Random, names: &[&str], depth: usize, out: &mut String) {
    if depth == 0 || random.below(4) == 0 {
        out.push_str(SCALARS[random.below(SCALARS.len())]);
        return;
    }
    let is_map = random.below(3) > 0;
    out.push(if is_map { '{' } else { '[' });
    for at in 0..random.below(5) {
        if at > 0 {
            out.push_str(", ");
        }
        if is_map {
            out.push_str(names[random.below(names.len())]);
            out.push_str(": ");
        }
        tree(random, names, depth - 1, out);
    }
    out.push(if is_map { '}' } else { ']' });
}

#[test]
fn any_tree_against_any_table_gives_places_inside_the_text() {
    let mut random = Random(7);
    for version in VERSIONS {
        let schema = Schema::of(version);
        for kind in schema.kinds() {
            let fields = kind
                .ty()
                .fields()
                .flat_map(|f| f.ty().fields().map(|g| g.name()).chain([f.name()]).collect::<Vec<_>>());
            let mut names: Vec<&str> = fields.chain(["items", "properties", "name", "x"]).collect();
            names.dedup();
            for _ in 0..12 {
                let mut text = format!("apiVersion: {}\nkind: {}\n", kind.api_version(), kind.kind());
                for _ in 0..3 {
                    text.push_str(names[random.below(names.len())]);
                    text.push_str(": ");
                    tree(&mut random, &names, 6, &mut text);
                    text.push('\n');
                }
                let (bundle, out) = judge(&text, version);
                for found in out.iter() {
                    for label in std::iter::once(&found.primary).chain(&found.related) {
                        let span = bundle.origins.primary(label.at);
                        let span = span.unwrap_or_else(|| panic!("{}: no place in\n{text}", found.message));
                        assert!(span.start <= span.end && span.end as usize <= text.len(), "{text}");
                        assert!(text.is_char_boundary(span.start as usize), "{text}");
                    }
                }
            }
        }
    }
}

fn definition(schema: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: foos.example.com}}\nspec:\n  group: example.com\n  scope: Namespaced\n  names: {{kind: Foo, plural: foos}}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema: {schema}\n"
    )
}

#[test]
fn a_hostile_definition_is_a_located_error() {
    let deep = "{type: object, properties: {a: ".repeat(2_000) + "{type: string}" + &"}}".repeat(2_000);
    let found = errors(&definition(&deep));
    assert_eq!(found, [(13, "the schema is nested too deeply".to_owned())]);

    let long = format!(
        "{{type: object, properties: {{spec: {{type: string, pattern: \"({}\"}}}}}}",
        "a".repeat(1 << 20)
    );
    let found = errors(&definition(&long));
    assert!(
        matches!(found.as_slice(), [(13, message)] if message.ends_with("it is too long")),
        "{}",
        found.len()
    );

    // Each level names the one before it ten times.
    let mut bomb = "&a0 {type: string}".to_owned();
    for level in 1..9 {
        let before = level - 1;
        let again = format!(", y: *a{before}").repeat(9).replace('y', "k");
        let again: String = again
            .split(", ")
            .filter(|p| !p.is_empty())
            .enumerate()
            .map(|(i, p)| format!(", {}{i}{}", &p[..1], &p[1..]))
            .collect();
        bomb = format!("&a{level} {{type: object, properties: {{x: {bomb}{again}}}}}");
    }
    let text = definition(&bomb);
    let start = std::time::Instant::now();
    let (_, out) = judge(&text, crate::schema::NEWEST);
    assert!(!out.is_empty() && start.elapsed().as_secs() < 60);
}

/// A volume that cannot be decoded is a volume all the same: its mounts are not told as well.
#[test]
fn a_broken_volume_is_one_mistake() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: a:1\n    \
                volumeMounts: [{name: data, mountPath: /data}]\n  volumes:\n  - name: data\n    emptyDir: {sizelimit: 1Gi}\n";
    let found = errors(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, 11);
}
