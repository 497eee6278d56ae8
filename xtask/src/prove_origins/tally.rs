//! What the proof comes to.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use super::leaves::Leaf;
use super::tree::Tree;

/// A change that was not foretold.
pub struct Miss {
    pub leaf: String,
    pub what: String,
    pub cause: &'static str,
    pub same_way: bool,
}

/// Counts of one case, or of all.
#[derive(Default)]
pub struct Tally {
    pub cases: usize,
    pub unrendered: usize,
    pub leaves: usize,
    /// Leaves without any effect.
    pub idle: usize,
    /// Leaves whose other value stops the rendering.
    pub failed: usize,
    /// Changes, and how many of them were named: first where the branches were the same.
    pub same: (usize, usize),
    pub other: (usize, usize),
    pub misses: Vec<Miss>,
    /// Named nodes, and how many of them changed for one of the other values.
    pub named: (usize, usize),
    pub imprecise: Vec<String>,
    pub scalars: usize,
    pub unknown: Vec<String>,
}

impl Tally {
    /// Adds another's counts.
    pub fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.unrendered += other.unrendered;
        self.leaves += other.leaves;
        self.idle += other.idle;
        self.failed += other.failed;
        for (to, from) in
            [(&mut self.same, other.same), (&mut self.other, other.other), (&mut self.named, other.named)]
        {
            to.0 += from.0;
            to.1 += from.1;
        }
        self.misses.extend(other.misses);
        self.imprecise.extend(other.imprecise);
        self.scalars += other.scalars;
        self.unknown.extend(other.unknown);
    }

    /// One change.
    pub fn judged(&mut self, same_way: bool, named: bool) {
        let count = if same_way { &mut self.same } else { &mut self.other };
        count.0 += 1;
        count.1 += usize::from(named);
    }

    /// The nodes that are said to come from a leaf, held against those that changed.
    pub fn precision(&mut self, tree: &Tree, leaf: &Leaf, bit: u64, changed: &HashSet<usize>) {
        for (at, item) in tree.nodes.iter().enumerate() {
            if item.mask & bit == 0 {
                continue;
            }
            self.named.0 += 1;
            if changed.contains(&at) {
                self.named.1 += 1;
            } else {
                self.imprecise.push(format!(
                    "{}: {} named at {}",
                    leaf.file.display(),
                    leaf.path,
                    tree.path_of(at)
                ));
            }
        }
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
                println!("  miss  {way}: {}\n        {}", miss.leaf, miss.what);
            }
            for text in self.imprecise.iter().take(shown) {
                println!("  idle  {text}");
            }
            for text in self.unknown.iter().take(shown) {
                println!("  unknown  {text}");
            }
        }
    }

    /// All counts.
    #[expect(clippy::print_stdout, reason = "the counts are what the task is for")]
    pub fn print(&self) {
        let share = |(of, hit): (usize, usize)| 100.0 * hit as f64 / of.max(1) as f64;
        let all = (self.same.0 + self.other.0, self.same.1 + self.other.1);
        let mut text = String::new();
        let _ = writeln!(text, "cases             {}  ({} do not render)", self.cases, self.unrendered);
        let _ = writeln!(
            text,
            "leaves changed    {}  ({} without effect; {} more stop the rendering)",
            self.leaves, self.idle, self.failed
        );
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
