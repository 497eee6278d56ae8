//! Which leaves stand behind an origin: one bit each, for all origins of a rendering at once.

use std::collections::HashMap;

use source::{Chain, OriginId, Origins, Span};

use super::Run;
use super::leaves::Leaf;

/// The bits of every step.
pub struct Masks {
    leaves: HashMap<Span, u64>,
    chains: Vec<u64>,
    files: HashMap<String, u64>,
    everywhere: u64,
    counts_lost: bool,
}

impl Masks {
    /// Of all steps that are there now.
    pub fn new(run: &Run, leaves: &[Leaf]) -> Self {
        let origins = &run.origins;
        let mut bits: HashMap<Span, u64> = HashMap::new();
        for (i, leaf) in leaves.iter().enumerate() {
            *bits.entry(leaf.span).or_default() |= 1 << i;
        }
        let mut masks = Masks {
            leaves: bits,
            chains: Vec::new(),
            files: HashMap::new(),
            everywhere: 0,
            counts_lost: run.counts_lost,
        };
        masks.extend(origins);
        let all = |gaps: &[OriginId]| gaps.iter().fold(0, |all, gap| all | masks.of(origins, *gap));
        let files = run.gaps.iter().map(|(path, gaps)| (path.clone(), all(gaps))).collect();
        let everywhere = all(&run.absent);
        Masks { files, everywhere, ..masks }
    }

    fn extend(&mut self, origins: &Origins) {
        let mut frames: Vec<u64> = vec![u64::MAX; origins.frames().len()];
        frames[0] = 0;
        for chain in origins.chains() {
            let mask = match *chain {
                Chain::Unknown => 0,
                Chain::Read(span) => self.leaf(span),
                Chain::Rendered { frame, data, .. } => {
                    self.frame(origins, &mut frames, frame.0) | self.of(origins, data)
                }
                Chain::Branched { frame, cond, .. } => {
                    self.frame(origins, &mut frames, frame.0) | self.of(origins, cond)
                }
                Chain::Patched { by, was } if self.counts_lost => self.leaf(by) | self.of(origins, was),
                Chain::Patched { by, .. } => self.leaf(by),
                Chain::Generated { by, data } => self.leaf(by) | self.of(origins, data),
                Chain::Union(a, b) | Chain::Given { data: a, cond: b } => {
                    self.of(origins, a) | self.of(origins, b)
                }
            };
            self.chains.push(mask);
        }
    }

    fn frame(&self, origins: &Origins, frames: &mut [u64], frame: u32) -> u64 {
        let mut way = Vec::new();
        let mut at = frame as usize;
        while frames[at] == u64::MAX {
            way.push(at);
            at = origins.frames()[at].parent.0 as usize;
        }
        let mut mask = frames[at];
        for at in way.into_iter().rev() {
            mask |= self.of(origins, origins.frames()[at].cond);
            frames[at] = mask;
        }
        mask
    }

    fn leaf(&self, span: Span) -> u64 {
        self.leaves.get(&span).copied().unwrap_or(0)
    }

    /// The leaves behind one origin.
    pub fn of(&self, origins: &Origins, id: OriginId) -> u64 {
        match origins.chain_index(id) {
            Some(at) => self.chains.get(at).copied().unwrap_or(0),
            None => match origins.chain(id) {
                Chain::Read(span) => self.leaf(span),
                _ => 0,
            },
        }
    }

    /// Of what kept documents out of a template's file.
    pub fn file(&self, path: &str) -> u64 {
        self.files.get(path).copied().unwrap_or(0) | self.everywhere
    }
}
