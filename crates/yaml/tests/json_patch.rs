//! Patches as the json-patch crate applies them, which keeps to RFC 6902: what it accepts comes out the same here, and
//! what it refuses is refused here but for the leniencies that upstream has.

use json_patch::PatchOperation;
use serde_json::{Value, json};
use source::{Diagnostics, OriginId, SourceId};
use yaml::{Doc, Options, Profile, Tree, read};

const KEYS: [&str; 5] = ["a", "b", "a/b", "m~n", "0"];

/// Numbers that are as good as random, the same in each run: SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn key(&mut self) -> &'static str {
        KEYS[self.below(KEYS.len() as u64) as usize]
    }

    fn value(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 4 } else { 8 }) {
            0 => json!(self.below(3)),
            1 => json!(self.key()),
            2 => json!(self.below(2) == 0),
            3 => Value::Null,
            4 | 5 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => self.map(depth),
        }
    }

    fn map(&mut self, depth: u64) -> Value {
        let entries = (0..self.below(4)).map(|_| (self.key().to_owned(), self.value(depth - 1)));
        Value::Object(entries.collect())
    }

    /// A pointer along what is there; its last part may be a place where nothing is yet.
    fn pointer(&mut self, from: &Value) -> String {
        let (mut pointer, mut at) = (String::new(), Some(from));
        loop {
            let part = match at {
                Some(Value::Array(items)) if self.below(5) == 0 || items.is_empty() => "-".to_owned(),
                Some(Value::Array(items)) => self.below(items.len() as u64 + 1).to_string(),
                Some(Value::Object(entries)) if !entries.is_empty() && self.below(4) > 0 => {
                    let nth = self.below(entries.len() as u64) as usize;
                    entries.keys().nth(nth).cloned().unwrap_or_default()
                }
                _ => self.key().to_owned(),
            };
            at = at.and_then(|value| match value {
                Value::Array(items) => items.get(part.parse::<usize>().ok()?),
                value => value.get(&part),
            });
            pointer = format!("{pointer}/{}", part.replace('~', "~0").replace('/', "~1"));
            if !matches!(at, Some(Value::Array(_) | Value::Object(_))) || self.below(2) == 0 {
                return pointer;
            }
        }
    }

    fn operation(&mut self, on: &Value) -> Value {
        let (path, from) = (self.pointer(on), self.pointer(on));
        match self.below(6) {
            0 => json!({"op": "add", "path": path, "value": self.value(2)}),
            1 => json!({"op": "remove", "path": path}),
            2 => json!({"op": "replace", "path": path, "value": self.value(2)}),
            3 => json!({"op": "move", "from": from, "path": path}),
            4 => json!({"op": "copy", "from": from, "path": path}),
            _ => {
                let there = on.pointer(&path).cloned().filter(|_| self.below(2) == 0);
                json!({"op": "test", "path": path, "value": there.unwrap_or_else(|| self.value(1))})
            }
        }
    }
}

fn doc(value: &Value) -> std::sync::Arc<Doc> {
    let text = value.to_string().into();
    read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut Diagnostics::new()).remove(0)
}

/// The value after one operation, as this crate applies it.
fn ours(value: &Value, operation: &Value) -> Result<Value, String> {
    let mut tree = Tree::of_doc(&doc(value), OriginId::UNKNOWN).expect("a map");
    yaml::patch(&mut tree, doc(&json!([operation])).root().expect("a list"), &|_| OriginId::UNKNOWN)?;
    let text = yaml::emit::tree(&tree).map_err(|error| error.to_string())?;
    yaml_serde::from_str(&text).map_err(|error| error.to_string())
}

/// What upstream takes although the standard does not: no key and `null` are one, so that `null` is found where nothing
/// is, copied from there, and replaced.
fn is_lenient(operation: &Value, on: &Value) -> bool {
    let is_nothing = |key| {
        let path = operation[key].as_str().unwrap_or_default();
        let parent = path.rsplit_once('/').and_then(|(parent, _)| on.pointer(parent));
        parent.is_some_and(Value::is_object) && on.pointer(path).is_none()
    };
    match operation["op"].as_str() {
        Some("test") => operation["value"].is_null(),
        Some("copy") => is_nothing("from"),
        Some("replace") => is_nothing("path"),
        _ => false,
    }
}

#[test]
fn the_standard_s_patches_come_out_as_the_standard_says() {
    let mut random = Random(6902);
    let (mut applied, mut refused) = (0, 0);
    for _ in 0..4000 {
        let mut value = random.map(3);
        for _ in 0..4 {
            let operation = random.operation(&value);
            let parsed: PatchOperation = serde_json::from_value(operation.clone()).expect("an operation");
            let mut wanted = value.clone();
            let got = ours(&value, &operation);
            match json_patch::patch(&mut wanted, &[parsed]) {
                Ok(()) => {
                    assert_eq!(got.as_ref(), Ok(&wanted), "{operation} on {value}");
                    applied += 1;
                    value = wanted;
                }
                Err(_) if is_lenient(&operation, &value) => {}
                Err(error) => {
                    assert!(got.is_err(), "{operation} on {value}: {error}, but here {got:?}");
                    refused += 1;
                }
            }
        }
    }
    assert!(applied > 4000 && refused > 1000, "{applied} applied, {refused} refused");
}
