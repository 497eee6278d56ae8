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
    if out.iter().any(|d| d.upstream.as_deref().is_some_and(|u| !u.contains("invalid map key"))) {
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
    use libyaml_safer::{EventData, Parser, ScalarStyle};
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut out = String::new();
    let mut depth = 0;
    loop {
        let Ok(event) = parser.parse() else { return "error".to_owned() };
        let closes = match event.data {
            EventData::StreamEnd => return out,
            EventData::DocumentEnd { .. } => {
                out.push(';');
                continue;
            }
            EventData::Alias { .. } => {
                out.push('*');
                true
            }
            EventData::Scalar { value, style, .. } => {
                out.push_str(&scalar(&value, style == ScalarStyle::Plain));
                true
            }
            EventData::SequenceStart { .. } => {
                out.push('[');
                depth += 1;
                false
            }
            EventData::MappingStart { .. } => {
                out.push('{');
                depth += 1;
                false
            }
            EventData::SequenceEnd => {
                out.push(']');
                depth -= 1;
                true
            }
            EventData::MappingEnd => {
                out.push('}');
                depth -= 1;
                true
            }
            _ => false,
        };
        if closes && depth > 0 {
            out.push(',');
        }
    }
}

fn granit(text: &str) -> String {
    use granit_parser::{Event, Parser, ScalarStyle};
    let mut out = String::new();
    let mut depth = 0;
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else { return "error".to_owned() };
        let closes = match event {
            Event::DocumentEnd => {
                out.push(';');
                false
            }
            Event::Alias(..) => {
                out.push('*');
                true
            }
            Event::Scalar(value, style, ..) => {
                out.push_str(&scalar(&value, style == ScalarStyle::Plain));
                true
            }
            Event::SequenceStart(..) => {
                out.push('[');
                depth += 1;
                false
            }
            Event::MappingStart(..) => {
                out.push('{');
                depth += 1;
                false
            }
            Event::SequenceEnd => {
                out.push(']');
                depth -= 1;
                true
            }
            Event::MappingEnd => {
                out.push('}');
                depth -= 1;
                true
            }
            _ => false,
        };
        if closes && depth > 0 {
            out.push(',');
        }
    }
    out
}
