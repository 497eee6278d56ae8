//! `fuzz-kustomize`: random bases, overlays, components and patches, built by Kustomize and by this tree; every difference
//! is a defect.
//!
//! Kustomize's own `build` command answers in one process for all cases; what differs is asked again of the program that is
//! installed, several times, because some of its answers change from run to run. A case that differs is cut down to the
//! parts that make it differ.

mod layers;
mod objects;
mod patches;
mod peer;
mod plugins;
mod pool;
mod tree;
mod uses;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::fuzz::{self, Random, say};
use crate::go_peer;
use crate::process;
use peer::{Answer, Peer};
use tree::Case;

const BATCH: usize = 100;
/// That many differences are cut down and shown.
const SHOWN: usize = 12;
/// One case in so many is asked of the installed program too, so that one process for all is seen to answer like it.
const HELD: usize = 250;

/// `fuzz-kustomize [--texts] [COUNT | --case N] [SEED]`; with `--texts` it tells what is refused most, and where the words
/// differ; with `--case` it shows one case and both answers.
pub fn run(args: &[&str]) -> Result<(), String> {
    let (wants_texts, args) = match args {
        ["--texts", rest @ ..] => (true, rest),
        _ => (false, args),
    };
    let (only, args) = match args {
        ["--case", number, rest @ ..] => (Some(fuzz::number(number)?), rest),
        _ => (None, args),
    };
    let (count, seed) = match only {
        Some(_) => (1, args.first().map_or(Ok(1), |seed| fuzz::number(seed))?),
        None => fuzz::count_and_seed(args, 2_000)?,
    };
    say(&format!("seed {seed}"));
    let installed = process::peer("kustomize");
    let installed = installed.ok_or("kustomize is missing: `go install` it, or set KUSTOMIZE to its path")?;
    let home = tempfile::tempdir_in(quick()).map_err(|e| e.to_string())?;
    let mut judge =
        Judge { peer: Peer::new(go_peer::kustomize()?), installed, home: home.path().to_owned(), written: 0 };
    if let Some(number) = only {
        let case = drawn(seed, number);
        say(&case.show());
        for (theirs, own) in judge.ask(&[case])? {
            say(&format!("--- theirs\n{}\n--- ours\n{}", theirs.told(), own.told()));
        }
        return Ok(());
    }
    let mut found = Findings::default();
    while found.asked < count {
        let cases: Vec<Case> =
            (0..BATCH.min(count - found.asked)).map(|at| drawn(seed, (found.asked + at) as u64)).collect();
        let answers = judge.ask(&cases)?;
        for (case, (theirs, own)) in cases.iter().zip(&answers) {
            found.compare(case, theirs, own, &mut judge, seed)?;
        }
    }
    found.report();
    if wants_texts {
        found.report_texts();
    }
    let wrong = found.wrong;
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} differences; seed {seed}")) }
}

/// The case of that number.
fn drawn(seed: u64, number: u64) -> Case {
    layers::case(&mut Random::new(seed.wrapping_mul(1_000_003).wrapping_add(number)))
}

/// Where small files cost least.
fn quick() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

/// Asks both sides.
struct Judge {
    peer: Peer,
    installed: PathBuf,
    home: PathBuf,
    written: usize,
}

impl Judge {
    fn write(&mut self, case: &Case) -> Result<PathBuf, String> {
        self.written += 1;
        let dir = self.home.join(self.written.to_string());
        std::fs::create_dir_all(&dir).and_then(|()| case.write(&dir)).map_err(|e| e.to_string())?;
        Ok(dir)
    }

    /// Their answer and ours to each.
    fn ask(&mut self, cases: &[Case]) -> Result<Vec<(Answer, Answer)>, String> {
        let dirs: Vec<PathBuf> = cases.iter().map(|case| self.write(case)).collect::<Result<_, _>>()?;
        let mut theirs = Vec::new();
        let mut own = Vec::new();
        while theirs.len() < cases.len() {
            let open = theirs.len();
            for (case, dir) in cases.iter().zip(&dirs).skip(open) {
                self.peer.ask(dir, &case.args, case.sets_schema())?;
            }
            // While they work, so do we.
            for (case, dir) in cases.iter().zip(&dirs).skip(own.len()) {
                own.push(peer::ours(dir, &case.args));
            }
            while theirs.len() < cases.len() {
                let answer = self.peer.answer()?;
                let died = answer.is_none();
                theirs.push(answer.unwrap_or(Answer { panics: true, ..Answer::default() }));
                if died {
                    break;
                }
            }
        }
        for dir in dirs {
            std::fs::remove_dir_all(dir).map_err(|e| e.to_string())?;
        }
        Ok(theirs.into_iter().zip(own).collect())
    }

    /// Whether the installed program gives that answer to the case, at least once of several times.
    fn can_give(&mut self, case: &Case, answer: &Answer) -> Result<bool, String> {
        let dir = self.write(case)?;
        let mut is_given = false;
        for _ in 0..6 {
            is_given = peer::installed(&self.installed, &dir, &case.args)?.is_like(answer);
            if is_given {
                break;
            }
        }
        std::fs::remove_dir_all(dir).map_err(|e| e.to_string())?;
        Ok(is_given)
    }

    /// The parts of the case without which it does not differ, in that way.
    fn shrink(&mut self, case: &Case, way: Way) -> Result<Case, String> {
        let mut case = case.clone();
        // What is in front holds what comes behind it, so large parts go first.
        loop {
            let (mut at, before) = (0, case.parts());
            while at < case.parts() {
                let smaller: Vec<Case> = (at..case.parts()).take(8).map(|at| case.without(at)).collect();
                let answers = self.ask(&smaller)?;
                let better = answers.iter().position(|(theirs, own)| Way::of(theirs, own) == Some(way));
                match better {
                    Some(which) => {
                        at += which;
                        case = case.without(at);
                    }
                    None => at += smaller.len(),
                }
            }
            if case.parts() == before {
                return Ok(case);
            }
        }
    }
}

/// How two answers differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Bytes,
    OnlyTheirs,
    OnlyOurs,
    Panic,
}

impl Way {
    fn of(theirs: &Answer, own: &Answer) -> Option<Way> {
        match (&theirs.out, &own.out) {
            _ if own.panics => Some(Way::Panic),
            (Some(theirs), Some(own)) => (theirs != own).then_some(Way::Bytes),
            (Some(_), None) => Some(Way::OnlyTheirs),
            (None, Some(_)) => Some(Way::OnlyOurs),
            (None, None) => None,
        }
    }
}

#[derive(Default)]
struct Findings {
    asked: usize,
    built: usize,
    failed: usize,
    died: usize,
    wrong: usize,
    /// Kustomize itself answers now this, now that.
    unsteady: usize,
    other_text: usize,
    held: usize,
    shown: usize,
    /// What is refused, with all that is particular taken out: how often, and how often in other words.
    refused: BTreeMap<String, (usize, usize, String)>,
    uses: uses::Uses,
}

impl Findings {
    fn compare(
        &mut self,
        case: &Case,
        theirs: &Answer,
        own: &Answer,
        judge: &mut Judge,
        seed: u64,
    ) -> Result<(), String> {
        let number = self.asked;
        self.asked += 1;
        self.uses.count(case);
        self.built += usize::from(theirs.out.is_some());
        self.failed += usize::from(theirs.out.is_none());
        self.died += usize::from(theirs.panics);
        let way = Way::of(theirs, own);
        if number.is_multiple_of(HELD) && way.is_none() {
            self.held += 1;
            if !judge.can_give(case, theirs)? {
                return Err(format!("one process for all answers unlike the program:\n{}", case.show()));
            }
        }
        if theirs.out.is_none() {
            self.refuse(number, theirs, own);
        }
        let Some(way) = way else { return Ok(()) };
        if !own.panics && judge.can_give(case, own)? {
            self.unsteady += 1;
            return Ok(());
        }
        self.wrong += 1;
        if self.shown < SHOWN {
            self.shown += 1;
            let small = judge.shrink(case, way)?;
            let answers = judge.ask(std::slice::from_ref(&small))?;
            let (theirs, own) = answers.first().ok_or("no answer")?;
            say(&format!("DIFFERENT: case {number} of seed {seed}\n{}", small.show()));
            show(theirs, own);
        }
        Ok(())
    }

    /// Counts what is refused, and whether we say the same.
    fn refuse(&mut self, number: usize, theirs: &Answer, own: &Answer) {
        let is_other = !theirs.panics && own.out.is_none() && theirs.err != own.err;
        self.other_text += usize::from(is_other);
        let (all, other, example) = self.refused.entry(in_general(&theirs.err)).or_default();
        *all += 1;
        *other += usize::from(is_other);
        if is_other && example.is_empty() {
            *example = format!(
                "    case {number}\n    theirs {}\n    ours   {}",
                theirs.err.trim_end(),
                own.err.trim_end()
            );
        }
    }

    fn report_texts(&self) {
        let mut refused: Vec<_> = self.refused.iter().collect();
        refused.sort_by_key(|(_, (all, ..))| std::cmp::Reverse(*all));
        for (text, (all, other, example)) in refused.into_iter().take(60) {
            say(&format!("{all} refused, {other} in other words: {text}"));
            if *other > 0 {
                say(example);
            }
        }
    }

    fn report(&self) {
        say(&format!(
            "{} cases: {} % build, {} fail, of them {} kill kustomize; {} differ, {} have no steady answer, {} errors of another text; \
             {} held against the program itself",
            self.asked,
            100 * self.built / self.asked.max(1),
            self.failed,
            self.died,
            self.wrong,
            self.unsteady,
            self.other_text,
            self.held,
        ));
        self.uses.report();
    }
}

/// The end of an error, without names, numbers and what is quoted.
fn in_general(text: &str) -> String {
    let last = text.lines().rfind(|line| line.starts_with("Error:")).unwrap_or(text);
    let last = last.rsplit("': ").next().unwrap_or_default();
    let mut general = String::new();
    let mut within = None;
    for word in last.split_inclusive([' ', '\'', '"', '`']) {
        match within {
            Some(quote) if word.ends_with(quote) => within = None,
            Some(_) => {}
            None if word.ends_with(['\'', '"', '`']) => {
                within = word.chars().last();
                general.push_str("...");
            }
            None if word.contains(|c: char| c.is_ascii_digit() || "/.[]{}".contains(c)) => {
                general.push_str("_ ")
            }
            None => general.push_str(word),
        }
    }
    general.chars().take(90).collect()
}

/// Where two answers part.
fn show(theirs: &Answer, own: &Answer) {
    let (Some(a), Some(b)) = (&theirs.out, &own.out) else {
        say(&format!("--- theirs\n{}\n--- ours\n{}", theirs.told(), own.told()));
        return;
    };
    let (a, b) = (String::from_utf8_lossy(a), String::from_utf8_lossy(b));
    let (a, b): (Vec<&str>, Vec<&str>) = (a.lines().collect(), b.lines().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str]| {
        let shown: Vec<&str> = lines.iter().skip(same.saturating_sub(6)).take(16).copied().collect();
        shown.join("\n")
    };
    say(&format!(
        "--- theirs, from line {}\n{}\n--- ours\n{}",
        same.saturating_sub(6) + 1,
        part(&a),
        part(&b)
    ));
}
