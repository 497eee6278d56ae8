//! What the fuzzers share: randomness from a seed, their arguments, what occurred too seldom.

use std::collections::BTreeMap;

/// Each thing that a fuzzer is to cover has to occur this often.
const LEAST: usize = 50;

/// A generator of numbers that are as good as random: SplitMix64.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True in `n` of a hundred cases.
    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// `[COUNT] [SEED]`; without a seed the clock gives one.
pub fn count_and_seed(args: &[&str], count: u64) -> Result<(usize, u64), String> {
    let number_at = |at: usize, default: u64| args.get(at).map_or(Ok(default), |text| number(text));
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Ok((number_at(0, count)? as usize, number_at(1, clock.map_or(0, |d| d.as_secs()))?))
}

/// A number among the arguments.
pub fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

/// What of `all` was used less often than is asked for, in one line.
pub fn rare(all: impl IntoIterator<Item = String>, uses: &BTreeMap<String, usize>) -> Option<String> {
    let mut rare: Vec<String> = all
        .into_iter()
        .map(|name| (uses.get(&name).copied().unwrap_or(0), name))
        .filter(|(count, _)| *count < LEAST)
        .map(|(count, name)| format!("{name} {count}"))
        .collect();
    rare.sort();
    rare.dedup();
    (!rare.is_empty()).then(|| format!("less than {LEAST} times: {}", rare.join(", ")))
}

/// Tells what was found.
#[expect(clippy::print_stdout, reason = "what it finds is what the task is for")]
pub fn say(text: &str) {
    println!("{text}");
}
