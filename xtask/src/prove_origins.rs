//! Proves origins by perturbation: one leaf of the input is changed, everything is rendered again, and what changed is
//! compared with what the origins had said.
//!
//! Recall: every node that changed or went was named, and of every node that appeared the nearest ancestor that was
//! there before was. Precision: a named node changes for at least one of several other values of the leaf.

mod charts;
mod compare;
mod leaves;
mod masks;
mod overlays;
mod tally;
mod tree;
mod witness;
mod world;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use source::{OriginId, Origins, Sources};

use crate::process::root;
use compare::{Change, compare};
use leaves::{Leaf, Words};
use masks::Masks;
use tally::{Miss, Tally};
use tree::Tree;
use world::Changed;

/// Leaves that are changed in one case; their bits fit a word.
const LEAVES: usize = 50;

/// Other values of a leaf that are tried, besides those that stop the rendering.
const OTHERS: usize = 5;

/// One thing that is rendered: a chart with arguments, an overlay.
trait Subject: Sync {
    /// As the suite calls it.
    fn id(&self) -> &str;
    /// Renders it; `None` where that fails. Who does not ask for origins may get none.
    fn render(&self, world: &Changed, traced: bool) -> Option<Run>;
    /// The same with other random values; `None` where nothing is random.
    fn redrawn(&self, _: &Changed) -> Option<Run> {
        None
    }
    /// Up to so many of the leaves that can be changed.
    fn leaves(&self, base: &Run, count: usize) -> Vec<Leaf>;
    /// Words that a text may become, for what compares it with something.
    fn words(&self, base: &Run) -> Words;
}

/// One rendering with what is needed to judge it.
struct Run {
    tree: Tree,
    origins: Origins,
    sources: Sources,
    /// What kept documents out of a template's file.
    gaps: Vec<(String, Vec<OriginId>)>,
    /// What kept whole files out.
    absent: Vec<OriginId>,
}

const USAGE: &str = "prove-origins helm|kustomize [DIR] [--only NAME] [--leaves N] [--misses N]";

/// `prove-origins helm|kustomize [DIR] [--only NAME] [--leaves N] [--misses N]`
pub fn run(args: &[&str]) -> Result<(), String> {
    let [what @ ("helm" | "kustomize"), args @ ..] = args else { return Err(USAGE.to_owned()) };
    let mut dir = root().join("../shared/conformance").join(what);
    let (mut only, mut shown, mut count) = ("", 0, LEAVES);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--only" => only = args.next().copied().unwrap_or(""),
            "--misses" => shown = args.next().and_then(|n| n.parse().ok()).unwrap_or(20),
            "--leaves" => count = args.next().and_then(|n| n.parse().ok()).unwrap_or(LEAVES).min(LEAVES),
            other => dir = other.into(),
        }
    }
    let mut cases = if *what == "helm" { charts::cases(&dir)? } else { overlays::cases(&dir)? };
    cases.retain(|case| case.id().contains(only));
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tally = prove(&**case, count);
                    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.print_line(case.id(), shown);
                    all.add(tally);
                }
            });
        }
    });
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.print(shown);
    all.verdict()
}

fn prove(case: &dyn Subject, count: usize) -> Tally {
    let mut tally = Tally::default();
    let world = Changed::default();
    let Some(mut base) = case.render(&world, true) else {
        tally.unrendered += 1;
        return tally;
    };
    let leaves = case.leaves(&base, count);
    let words = case.words(&base);
    // What is another with another seed is random: a run that draws once more or less than before changes it.
    let random: HashSet<usize> = match case.redrawn(&world) {
        Some(other) => compare(&base.tree, &other.tree).iter().filter_map(Change::node).collect(),
        None => HashSet::new(),
    };
    let masks = Masks::new(&base, &leaves);
    base.tree.mark(&base.origins, &masks);
    let tree = &base.tree;
    tally.cases += 1;
    tree.count_known(&mut tally);
    for (index, leaf) in leaves.iter().enumerate() {
        let bit = 1u64 << index;
        let mut changed: HashSet<usize> = HashSet::new();
        let judge = Judge { base: &base, masks: &masks, leaf, bit };
        let (mut runs, mut tried) = (0, Vec::new());
        let mut others = leaf.others(&words);
        while runs < OTHERS && tried.len() < 2 * OTHERS {
            let turn = tried.len();
            // What is easiest first; then what the statements name that nodes hang on which did not change.
            let aimed = if turn < 2 { None } else { judge.aimed(&changed, &tried) };
            let Some(value) = aimed.or_else(|| others.pop_front()) else { break };
            if tried.contains(&value) {
                continue;
            }
            tried.push(value.clone());
            world.set(&leaf.file, leaf.with(&base.sources, &value));
            // Which way it went is asked of the first alone.
            let Some(other) = case.render(&world, turn == 0) else {
                tally.failed += usize::from(turn == 0);
                continue;
            };
            runs += 1;
            let found = compare(tree, &other.tree);
            if turn == 0 {
                let same_way = other.origins.trail() == base.origins.trail();
                judge.recall(&mut tally, &found, &random, same_way);
            }
            changed.extend(found.iter().filter_map(Change::node));
            changed.extend(found.iter().flat_map(|change| tree.around(change)));
        }
        world.clear();
        if runs > 0 {
            judge.precision(&mut tally, &changed);
        }
    }
    tally
}

/// Holds what the origins said of one leaf against what happened.
struct Judge<'a> {
    base: &'a Run,
    masks: &'a Masks,
    leaf: &'a Leaf,
    bit: u64,
}

impl Judge<'_> {
    /// Counts what was named of what changed.
    fn recall(&self, tally: &mut Tally, found: &[Change], random: &HashSet<usize>, same_way: bool) {
        let Judge { base, masks, leaf, bit } = self;
        let tree = &base.tree;
        tally.leaves += 1;
        tally.idle_leaves += usize::from(found.is_empty());
        for change in found {
            let (named, node) = match change {
                Change::Value(node) | Change::Went(node) => (tree.nodes[*node].bits.any(), Some(*node)),
                Change::Appeared(_, Some(within)) => (tree.nodes[*within].bits.any(), Some(*within)),
                Change::Appeared(path, None) => (masks.file(path), None),
            };
            let is_named = named & bit != 0;
            if !is_named && !same_way && node.is_some_and(|node| random.contains(&node)) {
                tally.drawn += 1;
                continue;
            }
            tally.judged(same_way, is_named);
            if !is_named {
                let by = node.map_or_else(String::new, |node| {
                    witness::printed(&base.origins, &base.sources, tree.nodes[node].origin)
                });
                tally.misses.push(Miss {
                    leaf: format!("{} = {}", leaf.name(), leaf.shown()),
                    what: tree.describe(change),
                    cause: tree.cause(change),
                    by,
                    same_way,
                });
            }
        }
    }

    /// A value that was not tried and that a statement names which brought the leaf to nodes that did not change; of
    /// several statements that with the most nodes.
    fn aimed(&self, changed: &HashSet<usize>, tried: &[String]) -> Option<String> {
        /// Nodes that are looked at: the others hang on the same statements.
        const MOST: usize = 200;
        let Judge { base, masks, leaf, bit } = self;
        let nodes = base.tree.nodes.iter().enumerate();
        let idle = nodes.filter(|(at, node)| node.bits.any() & bit != 0 && !changed.contains(at)).take(MOST);
        let mut statements: BTreeMap<String, usize> = BTreeMap::new();
        for (_, node) in idle {
            let by = witness::statement(&base.origins, &base.sources, masks, node.origin, *bit);
            *statements.entry(by).or_default() += 1;
        }
        let mut statements: Vec<_> = statements.into_iter().collect();
        statements.sort_by_key(|(_, nodes)| std::cmp::Reverse(*nodes));
        statements.iter().flat_map(|(by, _)| leaf.named_in(by)).find(|value| !tried.contains(value))
    }

    /// The nodes that are said to come from a leaf, held against those that changed for one of its other values.
    fn precision(&self, tally: &mut Tally, changed: &HashSet<usize>) {
        let Judge { base, masks, leaf, bit } = self;
        let tree = &base.tree;
        for (at, item) in tree.nodes.iter().enumerate() {
            if item.bits.any() & bit == 0 {
                continue;
            }
            tally.named.0 += 1;
            if changed.contains(&at) {
                tally.named.1 += 1;
                continue;
            }
            let by = witness::statement(&base.origins, &base.sources, masks, item.origin, *bit);
            tally.idle(item.bits.way(*bit), by, || format!("{} named at {}", leaf.name(), tree.path_of(at)));
        }
    }
}
