//! What the proof comes to.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// A change that was not foretold.
pub struct Miss {
    pub leaf: String,
    pub what: String,
    pub cause: &'static str,
    /// What had printed the node.
    pub by: String,
    pub same_way: bool,
}

/// Names of one cause that were too much.
#[derive(Default)]
struct Group {
    count: usize,
    cases: usize,
    example: String,
}

/// Counts of one case, or of all.
#[derive(Default)]
pub struct Tally {
    pub cases: usize,
    pub unrendered: usize,
    pub leaves: usize,
    /// Leaves without any effect.
    pub idle_leaves: usize,
    /// Leaves whose other value stops the rendering.
    pub failed: usize,
    /// Changes, and how many of them were named: first where the branches were the same.
    pub same: (usize, usize),
    pub other: (usize, usize),
    pub misses: Vec<Miss>,
    /// Random values that changed because the other branch drew more or less: what stands there is fixed by no leaf.
    pub drawn: usize,
    /// Named nodes, and how many of them changed for one of the other values.
    pub named: (usize, usize),
    /// Named nodes that did not, by the way in which they hang on the leaf and the statement that read it.
    imprecise: HashMap<(&'static str, String), Group>,
    pub scalars: usize,
    pub unknown: Vec<String>,
}

impl Tally {
    /// Adds another's counts.
    pub fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.unrendered += other.unrendered;
        self.leaves += other.leaves;
        self.idle_leaves += other.idle_leaves;
        self.failed += other.failed;
        for (to, from) in
            [(&mut self.same, other.same), (&mut self.other, other.other), (&mut self.named, other.named)]
        {
            to.0 += from.0;
            to.1 += from.1;
        }
        self.misses.extend(other.misses);
        self.drawn += other.drawn;
        for (cause, group) in other.imprecise {
            let known = self.imprecise.entry(cause).or_default();
            known.count += group.count;
            known.cases += group.cases;
            known.example = group.example;
        }
        self.scalars += other.scalars;
        self.unknown.extend(other.unknown);
    }

    /// One change.
    pub fn judged(&mut self, same_way: bool, named: bool) {
        let count = if same_way { &mut self.same } else { &mut self.other };
        count.0 += 1;
        count.1 += usize::from(named);
    }

    /// A named node that did not change, by what named it.
    pub fn idle(&mut self, way: &'static str, by: String, example: impl FnOnce() -> String) {
        let group = self.imprecise.entry((way, by)).or_default();
        if group.count == 0 {
            (group.cases, group.example) = (1, example());
        }
        group.count += 1;
    }

    /// One case's line.
    #[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
    pub fn print_line(&self, id: &str, shown: usize) {
        if shown > 0 && (!self.misses.is_empty() || !self.imprecise.is_empty() || !self.unknown.is_empty()) {
            let changes = self.same.0 + self.other.0;
            let (of, named) = self.named;
            println!(
                "{id}: {} of {changes} changes missed; {} of {of} named nodes idle; {} unknown",
                self.misses.len(),
                of - named,
                self.unknown.len()
            );
            for miss in self.misses.iter().take(shown) {
                let way = if miss.same_way { "same branches" } else { "other branches" };
                println!("  miss  {way}: {}\n        {}    {}", miss.leaf, miss.what, miss.by);
            }
            for ((way, by), group) in largest(&self.imprecise).into_iter().take(shown) {
                println!("  idle  {} {way}: {by}\n        {}", group.count, group.example);
            }
            for text in self.unknown.iter().take(shown) {
                println!("  unknown  {text}");
            }
        }
    }

    /// All counts.
    #[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
    pub fn print(&self, shown: usize) {
        let share = |(of, hit): (usize, usize)| 100.0 * hit as f64 / of.max(1) as f64;
        let all = (self.same.0 + self.other.0, self.same.1 + self.other.1);
        let mut text = String::new();
        let _ = writeln!(text, "cases             {}  ({} do not render)", self.cases, self.unrendered);
        let _ = writeln!(
            text,
            "leaves changed    {}  ({} without effect; {} more stop the rendering)",
            self.leaves, self.idle_leaves, self.failed
        );
        let _ = writeln!(text, "drawn again       {} random values behind another branch", self.drawn);
        for (name, count) in [("same branches", self.same), ("other branches", self.other), ("all", all)] {
            let _ =
                writeln!(text, "recall            {:.3} %  {}/{} ({name})", share(count), count.1, count.0);
        }
        let _ =
            writeln!(text, "precision         {:.2} %  {}/{}", share(self.named), self.named.1, self.named.0);
        let known = self.scalars - self.unknown.len();
        let _ = writeln!(
            text,
            "typed by somebody {:.3} %  {known}/{} scalars",
            share((self.scalars, known)),
            self.scalars
        );
        let mut causes: BTreeMap<(&str, bool), usize> = BTreeMap::new();
        for miss in &self.misses {
            *causes.entry((miss.cause, miss.same_way)).or_default() += 1;
        }
        for ((cause, same), count) in causes {
            let _ = writeln!(text, "miss  {count:>6}  {cause}{}", if same { ", same branches" } else { "" });
        }
        let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
        for ((way, _), group) in &self.imprecise {
            *ways.entry(way).or_default() += group.count;
        }
        for (way, count) in ways {
            let _ = writeln!(text, "idle  {count:>6}  {way}");
        }
        for ((way, by), group) in largest(&self.imprecise).into_iter().take(shown * 4) {
            let Group { count, cases, example } = group;
            let _ = writeln!(text, "idle  {count:>6}  in {cases} cases, {way}: {by}\n        {example}");
        }
        print!("{text}");
    }

    /// Whether the promises hold.
    pub fn verdict(&self) -> Result<(), String> {
        let all = (self.same.0 + self.other.0, self.same.1 + self.other.1);
        if self.same.0 != self.same.1 {
            return Err("a change was not named although both runs took the same branches".to_owned());
        }
        if (all.0 - all.1) * 200 > all.0 {
            return Err("recall is below 99.5 %".to_owned());
        }
        if self.unknown.len() * 1000 > self.scalars {
            return Err("more than one scalar in a thousand comes from nowhere".to_owned());
        }
        Ok(())
    }
}

fn largest<'a>(
    groups: &'a HashMap<(&'static str, String), Group>,
) -> Vec<((&'static str, &'a str), &'a Group)> {
    let mut all: Vec<_> = groups.iter().map(|((way, by), group)| ((*way, &**by), group)).collect();
    all.sort_by_key(|(cause, group)| (std::cmp::Reverse(group.count), *cause));
    all
}
