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
mod world;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use source::{OriginId, Origins, Sources};

use crate::process::root;
use compare::{Change, compare};
use leaves::Leaf;
use masks::Masks;
use tally::{Miss, Tally};
use tree::Tree;
use world::Changed;

/// Leaves that are changed in one case; their bits fit a word.
const LEAVES: usize = 50;

/// Leaves of a case whose other values are tried for precision.
const PRECISE: usize = 12;

/// One thing that is rendered: a chart with arguments, an overlay.
trait Subject: Sync {
    /// As the suite calls it.
    fn id(&self) -> &str;
    /// Renders it; `None` where that fails.
    fn render(&self, world: &Changed) -> Option<Run>;
    /// Up to so many of the leaves that can be changed.
    fn leaves(&self, base: &Run, count: usize) -> Vec<Leaf>;
    /// Words that a text may become, for what compares it with something.
    fn words(&self, base: &Run) -> Vec<String>;
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
    /// Whether what lost against another layer counts as named.
    counts_lost: bool,
}

const USAGE: &str = "prove-origins helm|kustomize [DIR] [--only NAME] [--misses N] [--leaves N]";

/// `prove-origins helm|kustomize [DIR] [--only NAME] [--misses N] [--leaves N]`
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
    all.print();
    all.verdict()
}

fn prove(case: &dyn Subject, count: usize) -> Tally {
    let mut tally = Tally::default();
    let world = Changed::default();
    let Some(mut base) = case.render(&world) else {
        tally.unrendered += 1;
        return tally;
    };
    let leaves = case.leaves(&base, count);
    let words = case.words(&base);
    let masks = Masks::new(&base, &leaves);
    base.tree.mark(&base.origins, &masks);
    let tree = &base.tree;
    tally.cases += 1;
    tree.count_known(&mut tally);
    for (index, leaf) in leaves.iter().enumerate() {
        let bit = 1u64 << index;
        let mut changed: HashSet<usize> = HashSet::new();
        let mut runs = 0;
        for (turn, value) in leaf.others(&words).into_iter().enumerate() {
            if turn > 0 && index * leaves.len().min(PRECISE) % leaves.len() >= leaves.len().min(PRECISE) {
                break;
            }
            world.set(&leaf.file, leaf.with(&base.sources, &value));
            let Some(other) = case.render(&world) else {
                tally.failed += usize::from(turn == 0);
                continue;
            };
            runs += 1;
            let same_way = other.origins.trail() == base.origins.trail();
            let found = compare(tree, &other.tree);
            if turn == 0 {
                judge(&mut tally, tree, &masks, leaf, bit, &found, same_way);
            }
            changed.extend(found.iter().filter_map(Change::node));
            changed.extend(found.iter().flat_map(|change| tree.around(change)));
        }
        world.clear();
        if runs > 1 {
            tally.precision(tree, leaf, bit, &changed);
        }
    }
    tally
}

/// Counts what was named of what changed.
fn judge(
    tally: &mut Tally,
    tree: &Tree,
    masks: &Masks,
    leaf: &Leaf,
    bit: u64,
    found: &[Change],
    same_way: bool,
) {
    tally.leaves += 1;
    tally.idle += usize::from(found.is_empty());
    for change in found {
        let named = match change {
            Change::Value(node) | Change::Went(node) => tree.nodes[*node].mask & bit != 0,
            Change::Appeared(_, Some(within)) => tree.nodes[*within].mask & bit != 0,
            Change::Appeared(path, None) => masks.file(path) & bit != 0,
        };
        tally.judged(same_way, named);
        if !named {
            tally.misses.push(Miss {
                leaf: format!("{}: {} = {}", leaf.file.display(), leaf.path, leaf.shown()),
                what: tree.describe(change),
                cause: tree.cause(change),
                same_way,
            });
        }
    }
}
