//! Two other parsers read the same texts: libyaml-safer (go-yaml's ancestor in Rust) and granit-parser (YAML 1.2 as
//! it is written). Where they see something else, it is go-yaml that decides, and the reason stands here.

use source::{Diagnostics, SourceId};
use yaml::{Kind, Node, Options, Profile, Style};

const TEXTS: &[&str] = &[
    "a: 1\nb:\n- x\n-   c: d\n    e: 'it''s'\nf:\n",
    "a: |\n  x\n   y\n\n  z\n\nb: >-\n  x\n  y\n\n  z\n",
    "a: x\n  y\n\n  z # c\nb: \"x\\\n  y\\tz\n\n  w\"\n",
    "[1, x y, {b: c, d}, [ ], \"e\": f]\n",
    "? a\n: b\n? c\n",
    "a: &x {b: c}\nd: *x\n",
    "--- a\n--- b\n...\n---\nc: d\n",
    "- - a\n  - b\n- c: d\n  e:\n  - f\n",
    "a:\n  - b\n  -\n  - c: d\n",
    "'a': \"b\"\n\"c d\" : e\n",
    "a: b#c\nd: e #f\ng: h:i\n",
    "é: ü\n- x\n",
    "a: |2\n   b\n  c\nd: |+\n  e\n\n\nf: g\n",
    "a: >\n  b\n\n   c\n  d\n",
    "a: [b,\n  c, # d\n  {e: f,\n  g: h}]\n",
    "!!str a: !local b\nc: !!int 3\n",
    "a: b: c\n",
    "a: 'b\n",
    "a: [b\n",
    "a:\n\tb: c\n",
    "a:\t2\n",
    "- a\nb: c\n",
    "a: @b\n",
    "a: %b\n",
    "a: *b c\n",
    "a: \"\\q\"\n",
    "a: b\n  c: d\n",
    "a: \"b\" c\n",
    "a: - b\n",
    "%YAML 1.2\n---\na: b\n",
    "{a: b, c}\n",
    "[a, [b, c]: d]\n",
    "{\"a\":b}\n",
    "{a:b}\n",
    "a: -\n",
    "- -a\n- ?b\n- :c\n",
    "[?a]\n",
    "[]: a\n",
    "a: |\n  b\n c: d\n",
    "a: 1\n...\nb: 2\n",
    "a: &b\nc: *b\n",
    "a: <<\n",
    "# only\n",
    "",
    "---\n",
    "a\n---\n",
    "key: {{ .Values.x }}\n",
    "[a,]\n",
    "[,a]\n",
    "[a,,b]\n",
];

/// (whose, the text, why go-yaml sees it otherwise)
const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "libyaml",
        "%YAML 1.2\n---\na: b\n",
        "go-yaml v2 and v3 take version 1.1 alone; libyaml takes 1.2 as well",
    ),
    ("granit", "%YAML 1.2\n---\na: b\n", "the same"),
    (
        "granit",
        "[?a]\n",
        "in brackets libyaml takes every `?` for a key's mark; YAML 1.2 wants a blank behind it",
    ),
    (
        "libyaml",
        "[]: a\n",
        "go-yaml forgets that an empty list or map may be a key, and then meets a value without one",
    ),
    ("granit", "[]: a\n", "the same"),
    ("granit", "a: 1\n...\nb: 2\n", "behind `...` libyaml wants `---`; YAML 1.2 takes a bare document"),
];

/// The texts of the recorded suites, and what fuzzing keeps; either may be absent.
fn found_texts() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    for suite in ["yaml-decode", "yaml-roundtrip"] {
        let file = root.join(format!("../shared/conformance/units/{suite}.jsonl"));
        for line in std::fs::read_to_string(file).unwrap_or_default().lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("a suite is JSON lines");
            texts.extend(case["text"].as_str().map(str::to_owned));
        }
    }
    for target in ["reader", "roundtrip", "edit"] {
        let Ok(corpus) = std::fs::read_dir(root.join("fuzz/corpus").join(target)) else { continue };
        let kept = corpus.flatten().filter_map(|entry| std::fs::read(entry.path()).ok());
        texts.extend(kept.filter_map(|bytes| String::from_utf8(bytes).ok()));
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Why go-yaml sees it otherwise: whose, what the two make of the text, what marks the text, the reason.
type Cause = (&'static str, Verdicts, fn(&str) -> bool, &'static str);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdicts {
    /// go-yaml refuses what the other one reads.
    Refused,
    /// It reads what the other one refuses.
    Accepted,
    /// Both read it, as different things.
    Different,
}
use Verdicts::{Accepted, Different, Refused};

/// Whether a key is absent before some colon.
fn has_bare_colon(text: &str) -> bool {
    let at_start = |line: &str| {
        let line = line.trim_start_matches(['-', '?', ' ', '[', '{', ',']);
        line.starts_with(": ") || line == ":"
    };
    text.lines().any(at_start) || text.contains(", :") || text.contains("{ :")
}

const CAUSES: &[Cause] = &[
    ("libyaml", Refused, |t| t.contains("%YAML 1.2"), "go-yaml v2 and v3 take version 1.1 alone"),
    ("libyaml", Refused, |t| t.contains("\\/"), "YAML 1.2 has the escape `\\/`, go-yaml does not know it"),
    ("libyaml", Accepted, |t| t.contains("\\'"), "go-yaml takes `\\'` for a quote"),
    (
        "libyaml",
        Refused,
        |t| t.contains("[]:") || t.contains("{}:"),
        "go-yaml forgets that an empty list or map may be a key, and then meets a value without one",
    ),
    (
        "libyaml",
        Refused,
        |t| t.contains('?'),
        "go-yaml's line of libyaml takes each `?` in brackets for a key's mark",
    ),
    ("libyaml", Accepted, |t| t.contains('!'), "a later libyaml ends a tag at a bracket or comma"),
    (
        "libyaml",
        Refused,
        |t| t.contains('*'),
        "libyaml leaves it to its caller whether an alias has an anchor",
    ),
    (
        "libyaml",
        Accepted,
        |t| t.contains(":,") || t.contains(":}"),
        "in brackets a later libyaml ends a key at `:,`",
    ),
    (
        "libyaml",
        Accepted,
        |t| t.contains('|'),
        "libyaml-safer refuses a block scalar whose last line has no break",
    ),
    (
        "libyaml",
        Accepted,
        |t| t.contains('\u{feff}'),
        "a byte order mark inside of a text is text to go-yaml",
    ),
    ("libyaml", Different, |t| t.contains('\u{feff}'), "the same"),
    ("libyaml", Different, |t| t.contains("*x"), "an alias inside of its own anchor stands for nothing"),
    (
        "granit",
        Refused,
        |t| t.lines().any(|l| l.starts_with('%')),
        "other versions and unknown directives are faults",
    ),
    ("granit", Refused, |t| t.contains('\t'), "in block context libyaml takes no tab for a blank"),
    ("granit", Accepted, |t| t.contains('\t'), "in brackets libyaml takes a tab for indentation"),
    ("granit", Refused, has_bare_colon, "libyaml wants something before the colon"),
    (
        "granit",
        Refused,
        |t| t.contains("..."),
        "behind `...` libyaml wants `---`; YAML 1.2 takes a bare document",
    ),
    ("granit", Refused, |t| t.contains("\\/"), "YAML 1.2 has the escape `\\/`, go-yaml does not know it"),
    ("granit", Refused, |t| t.contains("\\u"), "go-yaml takes no halves of a UTF-16 pair"),
    ("granit", Accepted, |t| t.contains("\\'"), "go-yaml takes `\\'` for a quote"),
    (
        "granit",
        Refused,
        |t| t.contains(['\u{85}', '\u{2028}', '\u{2029}']),
        "these end lines in YAML 1.1, and no longer in 1.2",
    ),
    (
        "granit",
        Accepted,
        |t| t.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}']),
        "these end lines in YAML 1.1, and no longer in 1.2; byte order marks are text",
    ),
    ("granit", Refused, |t| t.contains('\u{feff}'), "granit leaves byte order marks out"),
    (
        "granit",
        Different,
        |t| t.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}']) || t.contains("\\u202"),
        "these end lines in YAML 1.1, and no longer in 1.2; byte order marks are text",
    ),
    ("granit", Refused, |t| t.contains('&'), "an anchor is of letters, digits, `_` and `-` in libyaml"),
    ("granit", Different, |t| t.contains('&'), "the same: `&a:` is an anchor and a colon to libyaml"),
    ("granit", Refused, |t| t.contains('*'), "the same: `*a:` is an alias and a colon"),
    ("granit", Different, |t| t.contains("*x"), "an alias inside of its own anchor stands for nothing"),
    ("granit", Accepted, |t| t.contains("*x"), "the same"),
    (
        "granit",
        Accepted,
        |t| t.contains('!'),
        "YAML 1.2 ends a tag at a bracket, and a handle with its document",
    ),
    ("granit", Accepted, |t| t.contains('#'), "libyaml takes `#` for a comment wherever a token may begin"),
    ("granit", Refused, |t| t.contains('?'), "libyaml takes each `?` in brackets for a key's mark"),
    (
        "granit",
        Refused,
        |t| t.contains(['[', '{']),
        "libyaml's keys end on their line in brackets too, and `[]` is no key",
    ),
    (
        "granit",
        Accepted,
        |t| t.contains("[-") || t.contains("-}"),
        "libyaml takes a dash in brackets for text",
    ),
    (
        "granit",
        Different,
        |t| t.contains(['?', '!']),
        "libyaml's `?` and tags in brackets need no blank behind them",
    ),
    ("granit", Different, |t| t.contains(":,") || t.contains(":}"), "nor does go-yaml end a key at `:,`"),
    (
        "granit",
        Accepted,
        |t| t.contains("%YAML"),
        "libyaml takes a directive behind a document without `...`",
    ),
    ("granit", Different, |t| t.contains('|'), "a last line without a break has none in the value either"),
    (
        "granit",
        Refused,
        |t| t.contains("--- >") || t.contains("--- |") || t.contains("\n|") || t.starts_with('|'),
        "at the root libyaml wants the lines of a block scalar indented",
    ),
    (
        "granit",
        Accepted,
        |t| t.contains(['|', '"', '\'']),
        "libyaml is lenient about lines of a block scalar or of quoted text that are not far enough in",
    ),
    (
        "granit",
        Different,
        |t| t.contains("|+"),
        "a last line of blanks without a break is no line to libyaml",
    ),
];

#[test]
fn others_read_the_same_of_what_was_found() {
    let mut unexplained = Vec::new();
    for text in found_texts() {
        let own = own(&text);
        for (whose, other) in [("libyaml", libyaml(&text)), ("granit", granit(&text))] {
            let verdicts = match (&*own, &*other) {
                (own, other) if own == other => continue,
                ("error", _) => Refused,
                (_, "error") => Accepted,
                _ => Different,
            };
            if !CAUSES.iter().any(|(w, v, marks, _)| *w == whose && *v == verdicts && marks(&text)) {
                unexplained.push(format!("{whose} {text:?}\n  own   {own}\n  other {other}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

#[test]
fn others_read_the_same() {
    let mut unexplained = Vec::new();
    for text in TEXTS {
        let own = own(text);
        for (whose, other) in [("libyaml", libyaml(text)), ("granit", granit(text))] {
            let reason = DIFFERENCES.iter().find(|(w, t, _)| *w == whose && t == text);
            if (own == other) == reason.is_some() {
                unexplained.push(format!("{whose} {text:?}\n  own   {own}\n  other {other}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

fn own(text: &str) -> String {
    let mut out = Diagnostics::new();
    let docs = yaml::read(SourceId(0), &text.into(), &Options::new(Profile::GoYamlV2), &mut out);
    // What go-yaml refuses of a text that parses is its own affair.
    let decoding = [
        "invalid map key",
        "value contains itself",
        "cannot decode",
        "map merge requires",
        "invalid base64",
        "already",
    ];
    let parses = |upstream: &str| decoding.iter().any(|part| upstream.contains(part));
    if out.iter().any(|d| d.upstream.as_deref().is_some_and(|text| !parses(text))) {
        return "error".to_owned();
    }
    docs.iter().map(|d| d.root().map_or(String::new(), show) + ";").collect()
}

fn show(node: Node<'_>) -> String {
    if node.is_alias() {
        return "*".to_owned();
    }
    match node.kind() {
        Kind::Scalar => scalar(node.text(), node.style() == Style::Plain),
        Kind::Seq => format!("[{}]", node.items().map(|item| show(item) + ",").collect::<String>()),
        Kind::Map => {
            let entries = node.written_entries().map(|(k, v)| format!("{},{},", show(k), show(v)));
            format!("{{{}}}", entries.collect::<String>())
        }
    }
}

/// granit says `~` for a scalar of no bytes.
fn scalar(text: &str, plain: bool) -> String {
    if plain && text == "~" { "\"\"".to_owned() } else { format!("{text:?}") }
}

fn libyaml(text: &str) -> String {
    // It panics on a tag that a bracket ends.
    std::panic::catch_unwind(|| libyaml_events(text)).unwrap_or_else(|_| "error".to_owned())
}

fn libyaml_events(text: &str) -> String {
    use libyaml_safer::{EventData, Parser, ScalarStyle};
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut shape = Shape::default();
    loop {
        let Ok(event) = parser.parse() else { return "error".to_owned() };
        match event.data {
            EventData::StreamEnd => return shape.out,
            EventData::DocumentEnd { .. } => shape.document_end(),
            EventData::Alias { .. } => shape.value("*"),
            EventData::Scalar { value, style, .. } => {
                shape.value(&scalar(&value, style == ScalarStyle::Plain));
            }
            EventData::SequenceStart { .. } => shape.open('['),
            EventData::MappingStart { .. } => shape.open('{'),
            EventData::SequenceEnd => shape.close(']'),
            EventData::MappingEnd => shape.close('}'),
            _ => {}
        }
    }
}

fn granit(text: &str) -> String {
    use granit_parser::{Event, Parser, ScalarStyle};
    let mut shape = Shape::default();
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else { return "error".to_owned() };
        match event {
            Event::DocumentEnd => shape.document_end(),
            Event::Alias(..) => shape.value("*"),
            Event::Scalar(value, style, ..) => shape.value(&scalar(&value, style == ScalarStyle::Plain)),
            Event::SequenceStart(..) => shape.open('['),
            Event::MappingStart(..) => shape.open('{'),
            Event::SequenceEnd => shape.close(']'),
            Event::MappingEnd => shape.close('}'),
            _ => {}
        }
    }
    shape.out
}

/// What events add up to, in the form of [`show`].
#[derive(Default)]
struct Shape {
    out: String,
    depth: usize,
}

impl Shape {
    fn value(&mut self, text: &str) {
        self.out.push_str(text);
        if self.depth > 0 {
            self.out.push(',');
        }
    }

    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        self.value(bracket.encode_utf8(&mut [0; 4]));
    }

    fn document_end(&mut self) {
        self.out.push(';');
    }
}
