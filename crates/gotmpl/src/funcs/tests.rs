//! What holds for many functions at once: limits, and origins that follow their bytes.

use source::{Chain, OriginId, Origins, SourceId, Span};

use super::FAMILIES;
use crate::{Args, Cx, Error, Func, Host, Profile, Text, Value};

/// A host that keeps origins and lets a function make a million bytes.
struct TestHost {
    origins: Origins,
    left: usize,
}

impl Host for TestHost {
    fn include(&mut self, _: &Text, _: Value) -> Result<Text, Error> {
        Err(Error::new("no templates here"))
    }
    fn tpl(&mut self, _: &Text, _: Value) -> Result<Text, Error> {
        Err(Error::new("no templates here"))
    }
    fn lookup(&mut self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, Error> {
        Ok(Value::map([]))
    }
    fn is_lint(&self) -> bool {
        false
    }
    fn now(&mut self) -> (i64, u32) {
        (0, 0)
    }
    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
    fn union(&mut self, a: OriginId, b: OriginId) -> OriginId {
        self.origins.union(a, b)
    }
    fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| Error::new("too much"))?;
        Ok(())
    }
}

impl TestHost {
    fn new() -> Self {
        TestHost { origins: Origins::new(), left: 1_000_000 }
    }

    fn origin(&mut self, n: u32) -> OriginId {
        self.origins.intern(Chain::Read(Span::new(SourceId(0), n, n + 1)))
    }

    fn call(&mut self, name: &str, mut args: Vec<Value>) -> Result<Value, Error> {
        let all = FAMILIES.iter().flat_map(|family| family.iter());
        let func: &Func = all.copied().find(|func| func.name == name).unwrap();
        (func.call)(&mut Cx { host: self, profile: Profile::Helm4, traced: true }, Args::new(&mut args))
    }
}

#[test]
fn much_out_of_little_is_refused() {
    let big = || Value::int(1_000_000_000_000);
    let one = || Value::int(1);
    let long = || Value::str("a\n".repeat(1_000));
    for (name, args) in [
        ("until", vec![big()]),
        ("untilStep", vec![one(), big(), one()]),
        ("seq", vec![big()]),
        ("repeat", vec![big(), Value::str("ab")]),
        ("indent", vec![Value::int(10_000), long()]),
        ("nindent", vec![big(), long()]),
        ("randAlphaNum", vec![big()]),
        ("randBytes", vec![big()]),
        ("replace", vec![Value::str("a"), long(), long()]),
        ("regexReplaceAll", vec![Value::str(""), long(), long()]),
        ("wrapWith", vec![one(), long(), long()]),
        ("join", vec![long(), Value::strings(vec!["x".into(); 1_000])]),
    ] {
        assert!(TestHost::new().call(name, args).is_err(), "{name}");
    }
}

#[test]
fn characters_keep_their_origins() {
    let mut host = TestHost::new();
    let (a, b) = (host.origin(1), host.origin(2));
    let text = |bytes: &str, origin| Value::str(Text::with_origin(bytes.as_bytes(), origin));
    let joined = host
        .call("cat", vec![text("ab", a), text("cd", b)])
        .and_then(|cat| host.call("upper", vec![cat]))
        .and_then(|upper| host.call("quote", vec![upper]))
        .and_then(|quoted| host.call("indent", vec![Value::int(1), quoted]))
        .unwrap();
    let joined = joined.text().unwrap();
    assert_eq!(&*joined, b" \"AB CD\"");
    let known: Vec<_> = joined.segments().filter(|(_, origin)| *origin != OriginId::UNKNOWN).collect();
    assert_eq!(known, [(2..4, a), (5..7, b)]);

    let yaml = host.call("toYaml", vec![Value::map([(Text::with_origin(*b"k", a), text("v", b))])]).unwrap();
    let yaml = yaml.text().unwrap();
    assert_eq!(&*yaml, b"k: v");
    let known: Vec<_> = yaml.segments().filter(|(_, origin)| *origin != OriginId::UNKNOWN).collect();
    assert_eq!(known, [(0..1, a), (3..4, b)]);

    let read = host.call("fromYaml", vec![Value::str(yaml)]).unwrap();
    let (key, value) = read.as_map().unwrap().get_entry(b"k").unwrap();
    assert_eq!((key.origin(), value.origin), (a, b));
}
