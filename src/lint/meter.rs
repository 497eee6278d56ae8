//! What each rule costs, for those who want to know.

use std::sync::Mutex;
use std::time::Duration;

use rustc_hash::FxHashMap;

/// Adds up the time that each rule takes, on all threads together.
///
/// The clock is the caller's: no stage looks at one by itself.
pub struct Meter<'a> {
    now: &'a (dyn Fn() -> Duration + Sync),
    spent: Mutex<FxHashMap<&'static str, Duration>>,
}

impl<'a> Meter<'a> {
    /// By that clock.
    pub fn new(now: &'a (dyn Fn() -> Duration + Sync)) -> Self {
        Meter { now, spent: Mutex::default() }
    }

    /// What was spent, the dearest rule first.
    pub fn spent(&self) -> Vec<(&'static str, Duration)> {
        // A thread that panicked has left sums that are true as far as they go.
        let spent = self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all: Vec<_> = spent.iter().map(|(rule, took)| (*rule, *took)).collect();
        all.sort_unstable_by_key(|(rule, took)| (std::cmp::Reverse(*took), *rule));
        all
    }
}

/// One thread's part of the sums: the others are not waited for at every rule.
pub(super) struct Laps<'m> {
    meter: &'m Meter<'m>,
    last: Option<(&'static str, Duration)>,
    spent: FxHashMap<&'static str, Duration>,
}

impl<'m> Laps<'m> {
    pub fn new(meter: &'m Meter<'m>) -> Self {
        Laps { meter, last: None, spent: FxHashMap::default() }
    }

    /// From here on it is that rule's time; nobody's with `None`.
    pub fn turn(&mut self, rule: Option<&'static str>) {
        let now = (self.meter.now)();
        if let Some((before, since)) = self.last {
            *self.spent.entry(before).or_default() += now.saturating_sub(since);
        }
        self.last = rule.map(|rule| (rule, now));
    }
}

impl Drop for Laps<'_> {
    fn drop(&mut self) {
        self.turn(None);
        let mut sums = self.meter.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (rule, took) in self.spent.drain() {
            *sums.entry(rule).or_default() += took;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn time_belongs_to_the_rule_whose_turn_it_is() {
        let clock = AtomicU64::new(0);
        let now = || Duration::from_millis(clock.load(Ordering::Relaxed));
        let pass = |ms| clock.fetch_add(ms, Ordering::Relaxed);
        let meter = Meter::new(&now);
        let mut laps = Laps::new(&meter);
        pass(5);
        laps.turn(Some("a"));
        pass(3);
        laps.turn(Some("b"));
        pass(7);
        laps.turn(Some("a"));
        pass(1);
        drop(laps);
        assert_eq!(meter.spent(), [("b", Duration::from_millis(7)), ("a", Duration::from_millis(4))]);
    }
}
