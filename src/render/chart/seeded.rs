//! A world whose randomness and clock are the chart's own, so that a rendering can be repeated.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::world::{Entry, FileKind, World, WorldError};

/// Another world with randomness that follows from a seed, and a clock that stands still.
pub struct Seeded<'a> {
    inner: &'a dyn World,
    seed: u64,
    state: AtomicU64,
    now: i64,
}

/// The first second of 2000, unless `SOURCE_DATE_EPOCH` says otherwise.
const NOW: i64 = 946_684_800;

impl<'a> Seeded<'a> {
    /// Seeded by what the rendering is of: the chart and the release.
    pub fn new(inner: &'a dyn World, seeds: &[&str]) -> Self {
        let seed = seeds.iter().fold(0xcbf2_9ce4_8422_2325, |state, seed| spread(state, seed));
        let now = inner.env("SOURCE_DATE_EPOCH").and_then(|text| text.parse().ok()).unwrap_or(NOW);
        Seeded { inner, seed, state: AtomicU64::new(seed), now }
    }
}

/// FNV-1a: any spread will do, for nothing here is a secret.
fn spread(state: u64, text: &str) -> u64 {
    let bytes = text.bytes().chain([0]);
    bytes.fold(state, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl World for Seeded<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        self.inner.read(path, limit)
    }

    fn read_into(&self, path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<usize, WorldError> {
        self.inner.read_into(path, limit, buffer)
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        self.inner.stdin(limit)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        self.inner.list(dir)
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        self.inner.stat(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        self.inner.canonical(path)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.inner.env(name)
    }

    fn now(&self) -> (i64, u32) {
        (self.now, 0)
    }

    fn begin(&self, name: &str) {
        self.state.store(spread(self.seed, name), Ordering::Relaxed);
    }

    fn random(&self, buffer: &mut [u8]) {
        // SplitMix64: one addition a step, and every seed gives another stream.
        for chunk in buffer.chunks_mut(8) {
            let mut z = self
                .state
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                .wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn the_same_chart_and_release_have_the_same_randomness() {
        let world = Memory::new();
        let bytes = |seeds: &[&str]| {
            let mut buffer = [0; 20];
            Seeded::new(&world, seeds).random(&mut buffer);
            buffer
        };
        assert_eq!(bytes(&["a", "b"]), bytes(&["a", "b"]));
        assert_ne!(bytes(&["a", "b"]), bytes(&["ab", ""]));
    }
}
