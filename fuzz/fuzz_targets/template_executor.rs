//! Executing any template, plain and traced: no panic, the same bytes, segments that cover them.
#![no_main]

use gotmpl::{Engine, NoServices, Options, Profile, Templates, Text, Value};
use libfuzzer_sys::fuzz_target;

fn dot() -> Value {
    let list = Value::list(vec![Value::str("a"), Value::float(1.5), Value::NIL]);
    let nested = Value::map([("k".into(), Value::str("deep"))]);
    let values = [
        ("s", Value::str("hello")),
        ("i", Value::float(5.0)),
        ("n", Value::int64(7)),
        ("t", Value::bool(true)),
        ("l", list),
        ("d", nested),
    ];
    Value::map([("Values".into(), Value::map(values.map(|(k, v)| (Text::from(k), v))))])
}

fuzz_target!(|data: &[u8]| {
    let profile = if data.len() % 2 == 0 { Profile::Helm4 } else { Profile::Helm3 };
    // What is slow by design would only cost runs.
    const SLOW: [&[u8]; 5] = [b"derivePassword", b"bcrypt", b"htpasswd", b"gen", b"randAlpha"];
    if SLOW.iter().any(|name| data.windows(name.len()).any(|w| w == *name)) {
        return;
    }
    let mut templates = Templates::new(profile);
    if templates.add("t", data, Some(source::SourceId(0))).is_err() {
        return;
    }
    let mut options = Options::new(profile);
    options.limits.steps = 20_000;
    options.limits.output = 1 << 16;
    options.limits.memory = 1 << 20;
    options.limits.templates = 200;
    options.limits.nesting = 50;
    let mut services = NoServices;
    let plain = Engine::new(&templates, options.clone(), &mut services).render("t", dot());
    let mut origins = source::Origins::new();
    let traced = Engine::new(&templates, options, &mut services).traced(&mut origins).render("t", dot());
    match (plain, traced) {
        (Ok(plain), Ok(traced)) => {
            assert_eq!(plain.bytes(), traced.bytes());
            assert_eq!(traced.segments().last().map_or(0, |(range, _)| range.end), traced.len());
        }
        (Err(plain), Err(traced)) => assert_eq!(plain.to_string(), traced.to_string()),
        (plain, traced) => panic!("{plain:?} {traced:?}"),
    }
});
