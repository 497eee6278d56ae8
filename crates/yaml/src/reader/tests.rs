//! Forms, types, anchors, recovery, limits, and the finds of fuzzing.

use super::*;
use crate::{Node, Value};

fn show(node: Node<'_>) -> String {
    match node.value() {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::UInt(u) => u.to_string(),
        Value::Float(f) => format!("{f:?}"),
        Value::Str(s) => format!("{s:?}"),
        Value::Seq => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(", ")),
        Value::Map => {
            let pairs = node.entries().map(|(k, v)| format!("{}: {}", show(k), show(v)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

fn all(text: &str, profile: Profile) -> (Vec<String>, Vec<String>) {
    let mut out = Diagnostics::new();
    let docs = read(SourceId(0), &text.into(), &Options::new(profile), &mut out);
    let shown = docs.iter().map(|d| d.root().map_or("-".to_owned(), show)).collect();
    (shown, out.iter().map(|d| d.upstream.clone().unwrap_or_default()).collect())
}

fn one(text: &str) -> String {
    let (docs, faults) = all(text, Profile::HelmValues);
    assert_eq!(faults, [""; 0], "{text}");
    assert_eq!(docs.len(), 1, "{text}");
    docs.into_iter().next().unwrap_or_default()
}

#[test]
fn block_forms() {
    assert_eq!(
        one("a: 1\nb:\n- x\n-   k: z\n    w: 'it''s'\nc:\n"),
        r#"{"a": 1, "b": ["x", {"k": "z", "w": "it's"}], "c": null}"#
    );
    assert_eq!(
        one("a: |\n  x\n   y\n\n  z\n\nb: >-\n  x\n  y\n\n  z\n"),
        r#"{"a": "x\n y\n\nz\n", "b": "x y\nz"}"#
    );
    assert_eq!(
        one("a: x\n  y\n\n  z # c\nb: \"x\\\n  y\\tz\n\n  w\"\n"),
        r#"{"a": "x y\nz", "b": "xy\tz\nw"}"#
    );
    assert_eq!(one("? a\n: b\n? c\n"), r#"{"a": "b", "c": null}"#);
}

#[test]
fn flow_forms() {
    assert_eq!(
        one("a: [1, x y, {b: c, d}, [ ], \"e\": f]\n"),
        r#"{"a": [1, "x y", {"b": "c", "d": null}, [], {"e": "f"}]}"#
    );
}

#[test]
fn types_of_yaml_1_1() {
    assert_eq!(
        one("[y, NO, on, ~, 0x1F, 017, 1_0, 1e3, 1:20, 2001-01-01, 18446744073709551615, .5, !!str 1]"),
        r#"[true, false, true, null, 31, 15, 10, 1000.0, "1:20", "2001-01-01", 18446744073709551615, 0.5, "1"]"#
    );
}

#[test]
fn anchors_and_merges() {
    assert_eq!(
        one("a: &x {b: 1, c: 2}\nd: *x\ne:\n  <<: *x\n  b: 3\n"),
        r#"{"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 2}, "e": {"b": 3, "c": 2}}"#
    );
    let (_, faults) = all("a: *x\n", Profile::Kubernetes);
    assert_eq!(faults, ["yaml: unknown anchor 'x' referenced"]);
    let (docs, faults) = all("a: &x [*x]\n", Profile::Kubernetes);
    assert_eq!(faults, ["yaml: anchor 'x' value contains itself"]);
    assert_eq!(docs, [r#"{"a": [null]}"#]);
}

#[test]
fn a_broken_document_leaves_the_next_alone() {
    let (docs, faults) = all("a: b\nc: 'x\n---\nd: [e\n---\nf: 1\n", Profile::Kubernetes);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(docs, [r#"{"a": "b", "c": null}"#, r#"{"d": null}"#, r#"{"f": 1}"#]);
}

#[test]
fn spans_and_comments() {
    let text: Arc<str> = "# top\na: 'x' # side\n---\nb: &n [1]\n".into();
    let mut out = Diagnostics::new();
    let docs = read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out);
    let a = docs[0].root().unwrap().get("a").unwrap();
    assert_eq!(a.span(), Some((9, 12)));
    assert_eq!(docs[1].root().unwrap().get("b").unwrap().span(), Some((30, 33)));
    assert_eq!(docs[0].span().1, docs[1].span().0);
    let comments: Vec<_> = docs[0]
        .comments()
        .iter()
        .map(|c| (&text[c.start as usize..c.end as usize], c.trailing, c.after))
        .collect();
    assert_eq!(comments, [("# top", false, None), ("# side", true, Some(a.id()))]);
}

/// All that a document is, as text.
fn whole(doc: &Doc) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        doc.span,
        doc.nodes,
        doc.decoded,
        doc.buffer,
        doc.aliases,
        doc.tags,
        doc.anchors,
        doc.comments,
        doc.odd
    )
}

/// Reads twice: as it is done, and by the complete scanner and parser alone.
fn both_ways(text: &str) -> (Vec<String>, Vec<String>) {
    let text: Arc<str> = text.into();
    let options = Options::new(Profile::HelmValues);
    let reader = Reader::new(SourceId(0), &text, &options, 0..length(&text));
    let (mut out, mut slow) = (Diagnostics::new(), Vec::new());
    let fast = reader.all(&mut Diagnostics::new());
    let range = reader.start()..text.len() as u32;
    reader.stream(&mut Composer::default(), range, 0, &mut Vec::new(), &mut slow, &mut out);
    let show = |docs: Vec<Arc<Doc>>| docs.iter().map(|d| whole(d)).collect::<Vec<_>>();
    // What is broken is read part by part, and so another way on purpose.
    if out.is_empty() { (show(fast), show(slow)) } else { (Vec::new(), Vec::new()) }
}

#[test]
fn the_short_way_gives_the_same_document() {
    let pieces = [
        "a: 1\n",
        "b:\n",
        "  c: x y\n",
        "- d\n",
        "  - e: f\n",
        "    g: 'h'\n",
        "\"i\": \"j\"\n",
        "# k\n",
        "  # l\n",
        "\n",
        "m: [n, {o: p}]\n",
        "  q: {}\n",
        "r: |\n",
        "  s\n",
        "    t\n",
        "u: >-\n",
        "---\n",
        "- \n",
        "-\n",
        "- - v\n",
        "w: 'x''y'\n",
        "z: \"\\n\"\n",
        "key with blanks : z\n",
        "A: b # c\n",
        "B: 'd' # e\n",
        "C: -f\n",
        "1: 2\n",
        "~: g\n",
        "D: \n",
        "  - h\n",
        "E: i: j\n",
        "F: .inf\n",
        "  k\n",
        "G: &l m\n",
        "H: *l\n",
        "I: a#b\n",
        "J: http://k:80/l\n",
        "K:l: m\n",
        "...\n",
        "L: |2\n",
        "   n\n",
        "é: ü\n",
        "M: \tN\n",
        "O:\tP\n",
        "- Q: R\n",
        "- # S\n",
        "T: # U\n",
        "V: [a,\n",
        "  b]\n",
        "W: 'a\n",
        "  b'\n",
        "X: b",
        "- []\n",
    ];
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut compared = 0;
    for _ in 0..12_000 {
        let mut text = String::new();
        for _ in 0..1 + state % 7 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(pieces[(state >> 20) as usize % pieces.len()]);
        }
        let (fast, slow) = both_ways(&text);
        assert_eq!(fast, slow, "{text}");
        compared += fast.len();
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn parts_give_what_the_whole_gives() {
    let mut text = String::from("\u{FEFF}# top\n");
    for n in 0..50 {
        text.push_str(
            ["---\na: 1\n", "---\nb: [&x 1, *x]\n", "---\nc: 'd\n", "---\nk:v\nl: m\n", "---\n"][n % 5],
        );
    }
    let text: Arc<str> = text.into();
    let options = Options::new(Profile::Kubernetes);
    let mut at_once = Diagnostics::new();
    let whole = read(SourceId(0), &text, &options, &mut at_once);
    for size in [1, 30, 100, 10_000] {
        let mut out = Diagnostics::new();
        let parts = crate::split(&text, &options, size);
        assert_eq!(parts.len() > 1, size < 10_000);
        let docs: Vec<_> = parts
            .into_iter()
            .flat_map(|part| read_part(SourceId(0), &text, part, &options, &mut out))
            .collect();
        let shown = |docs: &[Arc<Doc>]| docs.iter().map(|d| super::tests::whole(d)).collect::<Vec<_>>();
        assert_eq!(shown(&docs), shown(&whole));
        assert!(out.iter().eq(at_once.iter()));
    }
}

#[test]
fn nesting_ends_at_the_limit() {
    let deep = |open: &str, n: usize, close: &str| format!("{}x{}", open.repeat(n), close.repeat(n));
    for (text, fine) in [
        (deep("[", 9_000, "]"), true),
        (deep("- ", 9_000, ""), true),
        (deep("[", 20_000, "]"), false),
        (deep("{a: ", 20_000, "}"), false),
        (deep("- ", 20_000, ""), false),
        (deep("? ", 20_000, ""), false),
    ] {
        let mut out = Diagnostics::new();
        let text: Arc<str> = text.into();
        let docs = read(SourceId(0), &text, &Options::new(Profile::HelmValues), &mut out);
        assert_eq!(out.is_empty(), fine, "{}", &text[..10]);
        if let Some(d) = out.iter().next() {
            assert_eq!(d.code.id, "yaml-limit");
            assert!(d.upstream.as_deref().is_some_and(|u| u.ends_with("exceeded max depth of 10000")));
        }
        let mut json = Vec::new();
        docs.iter().filter_map(|d| d.root()).for_each(|root| crate::to_json(root, &mut json));
    }
}

#[test]
fn aliases_end_at_the_limit() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let items = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    for profile in [Profile::Kubernetes, Profile::Kustomize] {
        let mut out = Diagnostics::new();
        let docs = read(SourceId(0), &bomb.as_str().into(), &Options::new(profile), &mut out);
        let codes: Vec<_> = out.iter().map(|d| d.code.id).collect();
        assert_eq!((codes.as_slice(), docs.len()), (["yaml-limit"].as_slice(), 1));
    }
}

/// Found by fuzzing: go-yaml notices the map of `[]: x` only behind the list, and its start lies before that.
#[test]
fn a_map_that_is_noticed_late_holds_its_children() {
    for text in ["? []: x\n", "[]: x\n", "- {}: y\n", "a: []: x\n", "::\n{}:", "O:\n[]:"] {
        for profile in [Profile::Kubernetes, Profile::GoYamlV2, Profile::GoYamlV3, Profile::Kustomize] {
            let docs = read(SourceId(0), &text.into(), &Options::new(profile), &mut Diagnostics::new());
            for doc in &docs {
                for id in 0..doc.len() {
                    let Some(node) = doc.node(crate::NodeId(id as u32)) else { continue };
                    let (start, end) = node.span().unwrap();
                    let mut before = start;
                    for child in node.items().chain(node.written_entries().flat_map(|(k, v)| [k, v])) {
                        let (from, to) = child.span().unwrap();
                        assert!(before <= from && to <= end, "{text:?}");
                        before = to;
                    }
                }
            }
        }
    }
}

/// Found by fuzzing: what is read ahead of a document's end is text of the next one, and stays so after it.
#[test]
fn texts_read_ahead_outlive_their_document() {
    let text = "%YAML L 11.2\n-- |\n%!PS-A!int 3.0: v\ne\n%YAML 1.2\n-m-\n# c\n...\n1.2\n--- |\n%!PS\nYAM\n%YAML 1.2\n-m-\n...\n";
    for profile in [Profile::Kubernetes, Profile::GoYamlV2, Profile::GoYamlV3, Profile::Kustomize] {
        let docs = read(SourceId(0), &text.into(), &Options::new(profile), &mut Diagnostics::new());
        assert!(docs.iter().all(|d| d.root().is_none_or(|root| !root.text().contains('\u{fffd}'))));
    }
    let docs = read(
        SourceId(0),
        &"a: \"x\\ty\"\n--- |\n one\n two\n--- |\n three\n".into(),
        &Options::new(Profile::GoYamlV3),
        &mut Diagnostics::new(),
    );
    let texts: Vec<_> = docs.iter().skip(1).filter_map(|d| d.root()).map(|root| root.text()).collect();
    assert_eq!(texts, ["one\ntwo\n", "three\n"]);
}

/// Where this reader differs from upstream on purpose, with the reason.
#[test]
fn differences_by_cause() {
    // kyaml reads an alias inside of its own anchor and overflows its stack later.
    let (_, said) = all("a: &x [*x]\n", Profile::Kustomize);
    assert_eq!(said, ["yaml: anchor 'x' value contains itself"]);
}
