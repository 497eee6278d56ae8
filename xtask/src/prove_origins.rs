//! Proves origins by perturbation: one leaf of the values is changed, everything is rendered again, and what changed is
//! compared with what the origins had said.
//!
//! Recall: every node that changed or went was named, and of every node that appeared the nearest ancestor that was
//! there before was. Precision: a named node changes for at least one of several other values of the leaf.

mod compare;
mod leaves;
mod masks;
mod suite;
mod tally;
mod tree;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use plimsoll::render::chart::{LoadCx, Profile, RenderOptions, Rendering, Seeded, template};
use source::{Diagnostics, Origins, Sources};

use crate::process::root;
use compare::{Change, compare};
use leaves::Leaf;
use masks::Masks;
use suite::{Case, Changed};
use tally::{Miss, Tally};
use tree::Tree;

/// Leaves that are changed in one chart; their bits fit a word.
const LEAVES: usize = 50;

/// Leaves of a chart whose other values are tried for precision.
const PRECISE: usize = 12;

/// `prove-origins helm [DIR] [--only NAME] [--misses N] [--leaves N]`
pub fn run(args: &[&str]) -> Result<(), String> {
    let (mut dir, mut only, mut shown) = (root().join("../shared/conformance/helm"), "", 0);
    let mut count = LEAVES;
    let mut args = args.iter();
    if args.next() != Some(&"helm") {
        return Err("prove-origins helm [DIR] [--only NAME] [--misses N]".to_owned());
    }
    while let Some(arg) = args.next() {
        match *arg {
            "--only" => only = args.next().copied().unwrap_or(""),
            "--misses" => shown = args.next().and_then(|n| n.parse().ok()).unwrap_or(20),
            "--leaves" => count = args.next().and_then(|n| n.parse().ok()).unwrap_or(LEAVES).min(LEAVES),
            other => dir = PathBuf::from(other),
        }
    }
    let cases: Vec<Case> = suite::cases(&dir)?.into_iter().filter(|case| case.id.contains(only)).collect();
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tally = prove(&dir, case, count);
                    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.print_line(&case.id, shown);
                    all.add(tally);
                }
            });
        }
    });
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.print();
    all.verdict()
}

/// One rendering with what is needed to judge it.
struct Run {
    rendering: Rendering,
    origins: Origins,
    sources: Sources,
}

fn render(dir: &Path, case: &Case, world: &Changed) -> Option<Run> {
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    let options = RenderOptions { trace: true, ..case.options.clone() };
    let seeded = Seeded::new(world, &[&case.chart, &options.release]);
    let mut cx = LoadCx { world: &seeded, sources: &mut sources, profile: Profile::default(), out: &mut out };
    let rendering = template(&dir.join(&case.chart), &options, &mut origins, &mut cx).ok()?;
    Some(Run { rendering, origins, sources })
}

fn prove(dir: &Path, case: &Case, count: usize) -> Tally {
    let mut tally = Tally::default();
    let world = Changed::default();
    let Some(mut base) = render(dir, case, &world) else {
        tally.unrendered += 1;
        return tally;
    };
    let leaves = leaves::choose(&base.sources, &dir.join(&case.chart), count);
    let words = leaves::words(&base.sources);
    let mut tree = Tree::new(&base.rendering, &base.sources, &mut base.origins, true);
    let masks = Masks::new(&base.origins, &leaves, &base.rendering);
    tree.mark(&base.origins, &masks);
    tally.charts += 1;
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
            let Some(mut other) = render(dir, case, &world) else {
                tally.failed += usize::from(turn == 0);
                continue;
            };
            runs += 1;
            let same_way = other.origins.trail() == base.origins.trail();
            let found =
                compare(&tree, &Tree::new(&other.rendering, &other.sources, &mut other.origins, false));
            if turn == 0 {
                judge(&mut tally, &tree, &masks, leaf, bit, &found, same_way);
            }
            changed.extend(found.iter().filter_map(Change::node));
            changed.extend(found.iter().flat_map(|change| tree.around(change)));
        }
        world.clear();
        if runs > 1 {
            tally.precision(&tree, leaf, bit, &changed);
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
