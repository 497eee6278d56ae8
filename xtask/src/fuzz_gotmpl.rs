//! `fuzz-gotmpl`: random templates, rendered by this engine and by Helm's in Go; every difference is a defect.
//!
//! Templates are grown by type, so that most of them render: an expression for a parameter of type `string` is mostly a
//! string. What is random by nature (keys, passwords, the clock, the order of Go's maps) is only asked for its shape.

mod grow;
mod pool;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gotmpl::{Error, Library, NoServices, Profile, Services, Value};
use serde_json::{Map, Value as Json, json};

use crate::answer::template;
use crate::fuzz::{self, Random, say};
use crate::go_peer;
use crate::process::root;

const BATCH: usize = 500;

/// `fuzz-gotmpl [COUNT] [SEED]`
pub fn run(args: &[&str]) -> Result<(), String> {
    let (count, seed) = fuzz::count_and_seed(args, 10_000)?;
    say(&format!("seed {seed}"));
    let peer = go_peer::gotmpl()?;
    let mut random = Random::new(seed);
    let mut found = Findings::default();
    while found.asked < count {
        let mut questions = Vec::new();
        for _ in 0..BATCH.min(count - found.asked) {
            let grown = grow::template(&mut random);
            for what in grown.uses {
                *found.uses.entry(what).or_default() += 1;
            }
            for profile in ["helm4", "helm3"] {
                let question = json!({
                    "id": format!("{}-{profile}", found.asked),
                    "profile": profile,
                    "template": grown.text,
                    "values": pool::values(),
                    "strict": grown.strict,
                });
                questions.extend(question.as_object().cloned());
            }
            found.asked += 1;
        }
        let wanted = ask_all(&peer, &questions)?;
        for (question, wanted) in questions.iter().zip(&wanted) {
            found.compare(&peer, question, wanted)?;
        }
    }
    found.report();
    let is_clean = found.wrong == 0;
    if is_clean { Ok(()) } else { Err(format!("{} differences; seed {seed}", found.wrong)) }
}

/// The answers of Helm's engines, in order, as far as the peer gets.
fn ask(peer: &Path, questions: &[Map<String, Json>]) -> Result<Vec<Json>, String> {
    let context = root().join("../shared/conformance/units/template-context.json");
    let mut command = Command::new(peer);
    command.arg("render").arg(context).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| e.to_string())?;
    let mut stdin = child.stdin.take().ok_or("no stdin")?;
    let mut lines = String::new();
    for question in questions {
        lines += &serde_json::to_string(question).map_err(|e| e.to_string())?;
        lines.push('\n');
    }
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().map_err(|e| e.to_string())?;
    // Where the peer died, what it did not answer says more than the broken pipe.
    let _ = writer.join().map_err(|_| "the writer died")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect())
}

/// The answers of Helm's engines, in order; null where the peer died of the question.
fn ask_all(peer: &Path, questions: &[Map<String, Json>]) -> Result<Vec<Json>, String> {
    let mut answers = Vec::new();
    while answers.len() < questions.len() {
        answers.extend(ask(peer, &questions[answers.len()..])?);
        if answers.len() < questions.len() {
            answers.push(Json::Null);
        }
    }
    Ok(answers)
}

/// The outside that Helm's engines have too: the time, which stands still while a template is rendered.
struct Clock(std::time::Duration);

impl Clock {
    fn new() -> Self {
        Clock(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default())
    }
}

impl Services for Clock {
    fn lookup(&mut self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, Error> {
        NoServices.lookup(version, kind, namespace, name)
    }

    fn now(&mut self) -> (i64, u32) {
        (self.0.as_secs() as i64, self.0.subsec_nanos())
    }

    fn random(&mut self, buffer: &mut [u8]) {
        NoServices.random(buffer);
    }

    fn resolve(&mut self, name: &str) -> String {
        NoServices.resolve(name)
    }
}

/// Whether an error is of the limits that keep time and memory bounded, which Go has none of.
fn is_limit(error: &str) -> bool {
    error.contains("over the limit of")
        || error.contains("more than the limit of")
        || error.contains("longer than the limit of")
}

#[derive(Default)]
struct Findings {
    asked: usize,
    rendered: usize,
    failed: usize,
    wrong: usize,
    /// Of these Go's process dies, by a map that holds itself; here they only have to end.
    died: usize,
    /// Of these Go gives a result, of a size that this engine refuses on purpose.
    limited: usize,
    /// Of these another run of Go gives something else: they print an address.
    random: usize,
    other_text: usize,
    shown: usize,
    uses: BTreeMap<String, usize>,
}

impl Findings {
    fn compare(&mut self, peer: &Path, question: &Map<String, Json>, wanted: &Json) -> Result<(), String> {
        let profile = if question["profile"] == "helm3" { Profile::Helm3 } else { Profile::Helm4 };
        let got = template::render(profile, question, &mut Clock::new());
        if wanted.is_null() {
            self.died += 1;
            return Ok(());
        }
        let (is_same, is_same_text) = match (&got, wanted["error"].as_str()) {
            (Ok(text), None) => {
                self.rendered += 1;
                let same = wanted["output_b64"].as_str() == Some(&STANDARD.encode(text.bytes()));
                (same, true)
            }
            (Err(got), Some(wanted)) => {
                self.failed += 1;
                (true, got == wanted)
            }
            (Err(got), None) if is_limit(got) => {
                self.limited += 1;
                (true, true)
            }
            _ => (false, true),
        };
        if !is_same && ask(peer, std::slice::from_ref(question))?.first() != Some(wanted) {
            self.random += 1;
            say(&format!("RANDOM {} {}", question["profile"], question["template"]));
            return Ok(());
        }
        self.wrong += usize::from(!is_same);
        self.other_text += usize::from(!is_same_text);
        if (!is_same || !is_same_text) && self.shown < 40 {
            self.shown += 1;
            let wanted = match wanted["error"].as_str() {
                Some(error) => format!("error {error:?}"),
                None => {
                    let bytes = STANDARD.decode(wanted["output_b64"].as_str().unwrap_or_default());
                    format!("{:?}", String::from_utf8_lossy(&bytes.unwrap_or_default()))
                }
            };
            let got = got.map_or_else(|e| format!("error {e:?}"), |t| format!("{:?}", t.lossy()));
            let label = if is_same { "OTHER TEXT" } else { "DIFFERENT" };
            say(&format!(
                "{label} {} {}\n  Go   {wanted}\n  ours {got}",
                question["profile"], question["template"]
            ));
        }
        Ok(())
    }

    fn report(&self) {
        let all = self.rendered + self.failed + self.wrong;
        say(&format!(
            "{} templates in two profiles: {} % render, {} different, {} errors of another text of {}, {} over a limit that Go has not, \
             {} differ from run to run in Go, {} kill Go",
            self.asked,
            100 * self.rendered / all.max(1),
            self.wrong,
            self.other_text,
            self.failed,
            self.limited,
            self.random,
            self.died
        ));
        let names = Library::of(Profile::Helm4).iter().map(|f| f.name.to_owned());
        let constructs = grow::CONSTRUCTS.iter().map(|c| (*c).to_owned());
        if let Some(rare) = fuzz::rare(names.chain(constructs), &self.uses) {
            say(&rare);
        }
    }
}
