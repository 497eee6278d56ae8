//! What holds for every execution: limits, scopes, origins. The language itself is held against the recorded answers.

use source::{Chain, Lines, OriginId, Origins, Reach, SourceId, Span};

use crate::{Engine, Error, NoServices, Options, Profile, Templates, Text, Value, helm};

fn render(files: &[(&str, &str)], values: Value) -> Result<String, Error> {
    let mut options = Options::new(Profile::Helm4);
    options.limits.steps = 500_000;
    options.limits.output = 1 << 20;
    render_with(options, files, values)
}

fn render_with(options: Options, files: &[(&str, &str)], values: Value) -> Result<String, Error> {
    let mut templates = Templates::new(Profile::Helm4);
    for (name, text) in files {
        templates.add(*name, text, None)?;
    }
    let dot = Value::map([("Values".into(), values)]);
    let mut services = NoServices;
    let mut engine = Engine::new(&templates, options, &mut services);
    engine.render(files[0].0, dot).map(|t| t.lossy().into_owned())
}

fn error(text: &str) -> String {
    match render(&[("t", text)], Value::NIL) {
        Ok(text) => format!("rendered {} bytes", text.len()),
        Err(e) => helm::exec_error(Profile::Helm3, "t", &e),
    }
}

/// The parts of an error that a person reads: its beginning and its end.
fn ends(text: &str) -> (&str, &str) {
    (text.split(" at <").next().unwrap_or(""), text.rsplit(": ").next().unwrap_or(""))
}

#[test]
fn an_endless_include_is_helm_s_error() {
    let text = error(r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#);
    let (start, end) = ends(&text);
    assert_eq!((start, end), ("template: t:1:47: executing \"t\"", "unable to execute template"));
    assert!(text.contains("rendering template has a nested reference name: a"));
    assert_eq!(text.matches("error calling include").count(), 1002);
}

#[test]
fn a_thousand_nested_includes_render() {
    let text = concat!(
        r#"{{ define "a" }}{{ if lt (len .) 1000 }}{{ include "a" (print . "x") }}{{ else }}{{ len . }}{{ end }}"#,
        r#"{{ end }}{{ include "a" "" }}"#
    );
    assert_eq!(render(&[("t", text)], Value::NIL).ok().as_deref(), Some("1000"));
}

#[test]
fn endless_templates_end_where_go_ends_them() {
    let text = error(r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#);
    assert!(text.ends_with("exceeded maximum template depth (100000)"), "{text}");
}

#[test]
fn loops_and_output_are_bounded() {
    let text = error("a\n{{ range 1000000000000 }}{{ end }}");
    assert!(text.contains("t:2:9") && text.ends_with("more than the limit of 500000 steps"), "{text}");
    let text = error(r#"{{ range 100000000 }}{{ printf "%1000s" "a" }}{{ end }}"#);
    assert!(text.ends_with("the output is longer than the limit of 1048576 bytes"), "{text}");
}

/// A dict that holds itself, or two others many times over, is small in memory and endless as text. Go dies of the first.
#[test]
fn what_is_larger_as_text_than_in_memory_is_bounded() {
    let itself = r#"{{ $d := dict }}{{ $_ := set $d "a" $d }}"#;
    let doubled =
        r#"{{ $d := repeat 4000000 "x" }}{{ range until 60 }}{{ $d = dict "a" $d "b" (list $d) }}{{ end }}"#;
    for function in ["toYamlPretty", "toYaml", "toJson", "mustToPrettyJson", "print", "toToml"] {
        let text = error(&format!("{doubled}{{{{ {function} $d }}}}"));
        assert!(text.ends_with("the result is over the limit of 67108864 bytes"), "{function}: {text}");
    }
    let text = error(&format!("{itself}{{{{ toYamlPretty $d }}}}"));
    assert!(text.ends_with("over the limit of 67108864 bytes"), "{text}");
    let same = format!("{doubled}{{{{ deepEqual (list $d) (list $d) }}}}");
    assert_eq!(render(&[("t", &same)], Value::NIL).ok().as_deref(), Some("true"));
}

#[test]
fn what_calls_make_together_is_bounded() {
    let error = |text: &str| {
        let mut options = Options::new(Profile::Helm4);
        options.limits.memory = 1 << 20;
        options.limits.total = 1 << 24;
        render_with(options, &[("t", text)], Value::NIL).unwrap_or_else(|e| e.to_string())
    };
    for text in [
        r#"{{ $s := "a" }}{{ range 60 }}{{ $s = cat $s $s }}{{ end }}"#,
        r#"{{ $s := "\"" }}{{ range 60 }}{{ $s = quote $s }}{{ end }}"#,
        r#"{{ $s := "&" }}{{ range 60 }}{{ $s = html $s $s }}{{ end }}"#,
        r#"{{ printf (repeat 1000 "%[1]s") (repeat 500000 "a") }}"#,
        r#"{{ splitList "" (repeat 20000 "a") }}"#,
        r#"{{ regexFindAll "a" (repeat 20000 "a") -1 }}"#,
        r#"{{ regexSplit "a" (repeat 20000 "a") -1 }}"#,
    ] {
        let text = error(text);
        assert!(text.contains("t:1:") && text.ends_with("over the limit of 1048576 bytes"), "{text}");
    }
    for text in [
        r#"{{ $d := dict }}{{ range $i, $_ := until 1000 }}{{ $_ := set $d (print $i) (repeat 100000 "a") }}{{ end }}"#,
        r#"{{ $l := splitList "" (repeat 300 "zyx") }}{{ range $i, $_ := until 890 }}{{ $_ := sortAlpha (slice $l $i) }}{{ end }}"#,
    ] {
        let text = error(text);
        assert!(text.ends_with("over the limit of 16777216 bytes"), "{text}");
    }
}

#[test]
fn a_later_definition_wins_unless_it_is_blank() {
    let files = [
        ("t", r#"{{ include "x" . }}{{ include "y" . }}"#),
        ("a", r#"{{ define "x" }}1{{ end }}{{ define "y" }}1{{ end }}"#),
        ("b", r#"{{ define "x" }}2{{ end }}{{ define "y" }} {{ end }}"#),
    ];
    assert_eq!(render(&files, Value::NIL).ok().as_deref(), Some("21"));
}

#[test]
fn a_break_in_the_else_of_a_range_ends_that_range() {
    let text = "{{ range 2 }}{{ range 0 }}{{ else }}a{{ break }}b{{ end }}c{{ end }}";
    assert_eq!(render(&[("t", text)], Value::NIL).ok().as_deref(), Some("acac"));
    let text = "{{ range 2 }}{{ range 0 }}{{ else }}a{{ continue }}b{{ end }}c{{ end }}";
    assert_eq!(render(&[("t", text)], Value::NIL).ok().as_deref(), Some("aa"));
}

/// Renders with origins; each segment as (text, the bytes of the action, the places that fed it).
fn traced(text: &str) -> Vec<(String, String, Vec<u32>)> {
    let mut origins = Origins::new();
    let values = SourceId(1);
    let mut leaf = |at: u32| origins.intern(Chain::Read(Span::new(values, at, at + 1)));
    let values = Value::map([
        (Text::with_origin(&b"a"[..], leaf(0)), Value::str("one").with_origin(leaf(10))),
        (Text::with_origin(&b"b"[..], leaf(1)), Value::str("two").with_origin(leaf(20))),
        (Text::with_origin(&b"on"[..], leaf(2)), Value::bool(true).with_origin(leaf(30))),
        (Text::with_origin(&b"n"[..], leaf(3)), Value::float(3.0).with_origin(leaf(40))),
    ]);
    let mut templates = Templates::new(Profile::Helm4);
    templates.add("t", text, Some(SourceId(0))).expect("parses");
    let mut services = NoServices;
    let mut engine =
        Engine::new(&templates, Options::new(Profile::Helm4), &mut services).traced(&mut origins);
    let out = engine.render("t", values).expect("renders");
    let mut found = Vec::new();
    for (range, origin) in out.segments().filter(|(range, _)| !range.is_empty()) {
        let Chain::Rendered { action, frame, data } = origins.chain(origin) else {
            panic!("a segment without an action");
        };
        let mut places = Vec::new();
        leaves(&origins, data, &mut places);
        let mut at = frame;
        while let Some(frame) = origins.frame_of(at) {
            leaves(&origins, frame.cond, &mut places);
            at = frame.parent;
        }
        places.sort_unstable();
        places.dedup();
        let action = text.get(action.start as usize..action.end as usize).unwrap_or("?").to_owned();
        found.push((String::from_utf8_lossy(&out[range]).into_owned(), action, places));
    }
    found
}

fn leaves(origins: &Origins, id: OriginId, out: &mut Vec<u32>) {
    match origins.chain(id) {
        Chain::Read(span) => out.push(span.start),
        Chain::Union(a, b) | Chain::Either(a, b) | Chain::Given { data: a, cond: b } => {
            leaves(origins, a, out);
            leaves(origins, b, out);
        }
        Chain::Rendered { data, frame, .. } => {
            leaves(origins, data, out);
            if let Some(frame) = origins.frame_of(frame) {
                leaves(origins, frame.cond, out);
            }
        }
        _ => {}
    }
}

fn segment(text: &str, action: &str, places: &[u32]) -> (String, String, Vec<u32>) {
    (text.to_owned(), action.to_owned(), places.to_vec())
}

#[test]
fn each_byte_knows_its_action_and_its_values() {
    assert_eq!(
        traced("x: {{ .a }}\n{{ if .on }}y: {{ .b }}{{ end }}"),
        [
            segment("x: ", "x: ", &[]),
            segment("one", "{{ .a }}", &[10]),
            segment("\n", "\n", &[]),
            segment("y: ", "y: ", &[30]),
            segment("two", "{{ .b }}", &[20, 30]),
        ]
    );
}

#[test]
fn origins_go_through_functions_and_includes() {
    assert_eq!(
        traced(r#"{{ define "p" }}<{{ .a }}>{{ end }}{{ printf "%s-%s" .a (include "p" .) }}"#),
        [
            segment("one", r#"{{ printf "%s-%s" .a (include "p" .) }}"#, &[10]),
            segment("-", r#"{{ printf "%s-%s" .a (include "p" .) }}"#, &[]),
            segment("<", "<", &[]),
            segment("one", "{{ .a }}", &[10]),
            segment(">", ">", &[]),
        ]
    );
    // Neither keeps characters: the result comes from all that was read.
    assert_eq!(traced("{{ len (print .a .b) }}"), [segment("6", "{{ len (print .a .b) }}", &[10, 20])]);
    assert_eq!(traced("{{ or .nope .a }}").len(), 1);
    assert_eq!(traced("{{ and .on .b }}"), [segment("two", "{{ and .on .b }}", &[20, 30])]);
}

#[test]
fn a_variable_depends_on_the_conditions_of_its_assignments() {
    let taken = traced("{{ $x := .a }}{{ if .on }}{{ $x = .b }}{{ end }}{{ $x }}");
    assert_eq!(taken, [segment("two", "{{ $x }}", &[20, 30])]);
    let not_taken = traced("{{ $x := .a }}{{ if not .on }}{{ $x = .b }}{{ end }}{{ $x }}");
    assert_eq!(not_taken, [segment("one", "{{ $x }}", &[10, 30])]);
}

#[test]
fn what_a_condition_kept_out_leaves_its_place() {
    let gaps = |text: &str| {
        let mut origins = Origins::new();
        let off = origins.intern(Chain::Read(Span::new(SourceId(1), 7, 8)));
        let dot = Value::map([("off".into(), Value::bool(false).with_origin(off))]);
        let mut templates = Templates::new(Profile::Helm4);
        templates.add("t", text, Some(SourceId(0))).expect("parses");
        let mut services = NoServices;
        let mut engine =
            Engine::new(&templates, Options::new(Profile::Helm4), &mut services).traced(&mut origins);
        let out = engine.render("t", dot).expect("renders");
        let mut found = Vec::new();
        for (range, origin) in out.segments().filter(|(range, _)| range.is_empty()) {
            if let Chain::Branched { lines, .. } = origins.chain(origin) {
                found.push((range.start, lines));
            }
        }
        found
    };
    assert_eq!(gaps("a: 1\n{{- if .off }}\nb: 2{{ end }}\n"), [(4, Lines::Own(Some(0)))]);
    assert_eq!(gaps("a: 1{{ if .off }}x{{ end }}\n"), [(4, Lines::Part)]);
    // Through include and functions that keep characters.
    let text = r#"{{ define "p" }}a: 1{{ if .off }}x{{ end }}{{ end }}{{ include "p" . | indent 2 | trim }}"#;
    assert_eq!(gaps(text), [(4, Lines::Part)]);
}

#[test]
fn what_was_drawn_leads_to_the_call_that_drew_it() {
    let text = r#"{{ define "p" }}<{{ randAlpha 4 }}>{{ end }}{{ $at := now }}{{ $at | date "2006" }}{{ (genCAWithKey "ca" 1 (genPrivateKey "ed25519")).Cert | b64enc }}{{ include "p" . | upper }}{{ upper "a" }}"#;
    let mut origins = Origins::new();
    let mut templates = Templates::new(Profile::Helm4);
    templates.add("t", text, Some(SourceId(0))).expect("parses");
    let mut services = NoServices;
    let mut engine =
        Engine::new(&templates, Options::new(Profile::Helm4), &mut services).traced(&mut origins);
    let out = engine.render("t", Value::NIL).expect("renders");
    let drawn = source::Drawn::new(&origins);
    let calls = out.segments().filter_map(|(_, origin)| drawn.by(&origins, origin));
    let calls: Vec<&str> = calls.map(|at| &text[at.start as usize..at.end as usize]).collect();
    assert_eq!(calls, ["now", r#"genCAWithKey "ca" 1 (genPrivateKey "ed25519")"#, "randAlpha 4"]);
}

/// Which of the flags would change what a template prints, if it alone were another.
#[test]
fn of_two_reasons_each_of_which_is_enough_neither_decides_alone() {
    let deciding = |text: &str| {
        let mut origins = Origins::new();
        let flags = [("on", true, 1), ("too", true, 2), ("off", false, 3)].map(|(name, flag, at)| {
            let origin = origins.intern(Chain::Read(Span::new(SourceId(1), at, at + 1)));
            (name.into(), Value::bool(flag).with_origin(origin))
        });
        let mut templates = Templates::new(Profile::Helm4);
        templates.add("t", text, Some(SourceId(0))).expect("parses");
        let mut services = NoServices;
        let mut engine =
            Engine::new(&templates, Options::new(Profile::Helm4), &mut services).traced(&mut origins);
        let out = engine.render("t", Value::map(flags)).expect("renders");
        let printed: Vec<_> =
            out.segments().filter(|(range, _)| !range.is_empty()).map(|(_, origin)| origin).collect();
        let names = |at: &u32| {
            let reach = Reach::new(&origins, |span| span.source == SourceId(1) && span.start == *at);
            printed.iter().any(|origin| reach.of(&origins, *origin).any())
        };
        (1..=3).filter(names).collect::<Vec<u32>>()
    };
    for (text, want) in [
        ("{{ if or .on .too }}x{{ end }}", &[][..]),
        ("{{ if or .on .off }}x{{ end }}", &[1]),
        ("{{ if or .off .on }}x{{ end }}", &[1]),
        ("{{ if or .off $.on $.too }}x{{ end }}", &[]),
        ("{{ if and .on .too }}x{{ end }}", &[1, 2]),
        ("{{ if and .off .on }}{{ else }}x{{ end }}", &[3]),
        ("{{ if not (or .on .too) }}{{ else }}x{{ end }}", &[]),
        ("{{ or .on .off }}", &[1]),
    ] {
        assert_eq!(deciding(text), want, "{text}");
    }
}

#[test]
fn a_key_that_was_put_in_by_a_condition_says_nothing_of_the_others() {
    for listed in ["keys $d", "keys $d | sortAlpha"] {
        let text = format!(
            "{{{{ $d := dict \"x\" 1 }}}}{{{{ if .on }}}}{{{{ $_ := set $d \"y\" 2 }}}}{{{{ end }}}}\
             {{{{ range {listed} }}}}{{{{ . }}}}={{{{ get $d . }}}};{{{{ end }}}}"
        );
        for (part, _, places) in traced(&text) {
            let want: &[u32] = if part.contains(['y', '2']) { &[30] } else { &[] };
            assert!(part.contains([';', '=']) || places == want, "{listed}: {part} hangs on {places:?}");
        }
    }
}

#[test]
fn each_piece_of_a_text_that_tpl_is_given_keeps_its_place() {
    let action = "{{ tpl (printf \"%s:%s\" .a .b) . }}";
    let whole: Vec<_> = traced(action).into_iter().map(|(part, _, places)| (part, places)).collect();
    let want = [("one", vec![10]), (":", vec![]), ("two", vec![20])];
    assert_eq!(whole, want.map(|(part, places)| (part.to_owned(), places)));
}
