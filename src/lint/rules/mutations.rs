//! Random objects: all rules survive them, and every finding lies within its file.
//!
//! The objects are those of the manuals' examples with parts taken out, doubled, wrapped, exchanged among each other and
//! replaced by absurdities; so most of them are nearly right, which is where a rule looks closest.

use std::fmt::Write as _;

use yaml::{Kind, Node, Style};

use super::all;
use super::tests::{examples, told};
use crate::lint::testing::{bundle_of, findings};
use crate::lint::{Check, Preset, Settings};

/// Values that nobody expects.
const ABSURD: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "1e400",
    "99999999999999999999",
    "\"\"",
    "\" \"",
    "\"\u{1f980}\"",
    "\"a/b:c@sha256:\"",
    "\"*\"",
    "\"$(A)$(B\"",
    "\"{{\"",
    "[]",
    "{}",
    "[null]",
    "[[[]]]",
    "{name: {name: []}}",
    "{\"\": \"\"}",
];

/// A part of an object; a map may say a key twice.
#[derive(Clone)]
enum Part {
    Scalar(String),
    List(Vec<Part>),
    Map(Vec<(String, Part)>),
}

impl Part {
    fn of(node: Node<'_>) -> Part {
        match node.kind() {
            Kind::Map => Part::Map(node.entries().map(|(k, v)| (k.text().to_owned(), Part::of(v))).collect()),
            Kind::Seq => Part::List(node.items().map(Part::of).collect()),
            Kind::Scalar if node.style() == Style::Plain && is_word(node.text()) => {
                Part::Scalar(node.text().to_owned())
            }
            Kind::Scalar => Part::Scalar(quoted(node.text())),
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Part::Scalar(text) => out.push_str(text),
            Part::List(items) => {
                out.push('[');
                for item in items {
                    item.write(out);
                    out.push_str(",\n ");
                }
                out.push(']');
            }
            Part::Map(entries) => {
                out.push('{');
                for (key, value) in entries {
                    let _ = write!(out, "{}: ", quoted(key));
                    value.write(out);
                    out.push_str(",\n ");
                }
                out.push('}');
            }
        }
    }

    /// All parts below, this one first.
    fn each<'p>(&'p self, into: &mut Vec<&'p Part>) {
        into.push(self);
        match self {
            Part::Scalar(_) => {}
            Part::List(items) => items.iter().for_each(|item| item.each(into)),
            Part::Map(entries) => entries.iter().for_each(|(_, value)| value.each(into)),
        }
    }
}

/// Whether a plain text means the same in braces.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./+".contains(&b))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text")
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}

/// Changes something somewhere below.
fn mutate(part: &mut Part, pool: &[Part], dice: &mut Dice) {
    // Down to a random depth, then one change.
    let is_here = dice.below(4) == 0;
    match part {
        Part::List(items) if !items.is_empty() && !is_here => {
            let at = dice.below(items.len());
            mutate(&mut items[at], pool, dice);
        }
        Part::Map(entries) if !entries.is_empty() && !is_here => {
            let at = dice.below(entries.len());
            mutate(&mut entries[at].1, pool, dice);
        }
        _ => change(part, pool, dice),
    }
}

fn change(part: &mut Part, pool: &[Part], dice: &mut Dice) {
    let absurd = Part::Scalar(ABSURD[dice.below(ABSURD.len())].to_owned());
    match (dice.below(8), &mut *part) {
        (0, Part::Map(entries)) if !entries.is_empty() => {
            let at = dice.below(entries.len());
            entries.remove(at);
        }
        (1, Part::Map(entries)) if !entries.is_empty() => {
            let entry = entries[dice.below(entries.len())].clone();
            entries.push(entry);
        }
        (0, Part::List(items)) if !items.is_empty() => {
            let at = dice.below(items.len());
            items.remove(at);
        }
        (1, Part::List(items)) if !items.is_empty() => {
            let item = items[dice.below(items.len())].clone();
            items.push(item);
        }
        (2, _) => *part = Part::List(vec![part.clone(), absurd]),
        (3, _) => *part = Part::Map(vec![("name".to_owned(), part.clone())]),
        (4 | 5, _) => *part = pool[dice.below(pool.len())].clone(),
        _ => *part = absurd,
    }
}

#[test]
fn random_objects_are_survived() {
    let rounds = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1500);
    let settings = told(Settings::preset(Preset::Strict));
    let mut objects = Vec::new();
    for rule in all().filter(|rule| !matches!(rule.check, Check::Chart(_))) {
        for example in examples(rule) {
            let (_, bundle) = bundle_of(&example.manifest);
            objects.push(bundle.resources.iter().map(|r| Part::of(r.root())).collect::<Vec<_>>());
        }
    }
    let mut pool = Vec::new();
    objects.iter().flatten().for_each(|object| object.each(&mut pool));
    let pool: Vec<Part> = pool.into_iter().cloned().collect();
    let mut dice = Dice(20);
    for _ in 0..rounds {
        let mut stream = objects[dice.below(objects.len())].clone();
        // Objects of another rule beside them: what looks from one to the other has something to look at.
        stream.extend(objects[dice.below(objects.len())].iter().cloned());
        let mut text = String::new();
        for object in &mut stream {
            for _ in 0..dice.below(4) {
                mutate(object, &pool, &mut dice);
            }
            object.write(&mut text);
            text.push_str("\n---\n");
        }
        // It looks at the places itself.
        if !text.contains("{{") {
            findings(&text, &settings);
        }
    }
}
