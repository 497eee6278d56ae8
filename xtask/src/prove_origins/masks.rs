//! Which leaves stand behind an origin, and in which way: a bit each, for all origins of a rendering at once.

use std::collections::HashMap;
use std::ops::{BitOr, BitOrAssign};

use source::{Chain, OriginId, Origins, Span};

use super::Run;
use super::leaves::Leaf;

/// The leaves behind a node, told apart by how the node hangs on them.
#[derive(Clone, Copy, Default)]
pub struct Bits {
    /// It is made of them.
    pub data: u64,
    /// They decided which of several things it is.
    pub decision: u64,
    /// They are read by a condition around it.
    pub around: u64,
    /// They are read by a condition that could have put something into it.
    pub absent: u64,
}

impl Bits {
    /// All of them.
    pub fn any(self) -> u64 {
        self.data | self.decision | self.around | self.absent
    }

    /// The nearest way in which a node hangs on a leaf.
    pub fn way(self, bit: u64) -> &'static str {
        match self {
            Bits { data, .. } if data & bit != 0 => "made of it",
            Bits { decision, .. } if decision & bit != 0 => "chosen by it",
            Bits { around, .. } if around & bit != 0 => "inside of its condition",
            _ => "could have more by it",
        }
    }
}

impl BitOr for Bits {
    type Output = Bits;
    fn bitor(self, other: Bits) -> Bits {
        Bits {
            data: self.data | other.data,
            decision: self.decision | other.decision,
            around: self.around | other.around,
            absent: self.absent | other.absent,
        }
    }
}

impl BitOrAssign for Bits {
    fn bitor_assign(&mut self, other: Bits) {
        *self = *self | other;
    }
}

/// The bits of every step.
pub struct Masks {
    leaves: HashMap<Span, u64>,
    chains: Vec<Bits>,
    frames: Vec<u64>,
    files: HashMap<String, u64>,
    everywhere: u64,
}

impl Masks {
    /// Of all steps that are there now.
    pub fn new(run: &Run, leaves: &[Leaf]) -> Self {
        let origins = &run.origins;
        let mut bits: HashMap<Span, u64> = HashMap::new();
        for (i, leaf) in leaves.iter().enumerate() {
            for span in leaf.within.into_iter().chain([leaf.span]) {
                *bits.entry(span).or_default() |= 1 << i;
            }
        }
        let mut frames = vec![u64::MAX; origins.frames().len()];
        frames[0] = 0;
        let mut masks =
            Masks { leaves: bits, chains: Vec::new(), frames, files: HashMap::new(), everywhere: 0 };
        masks.extend(origins);
        let all = |gaps: &[OriginId]| gaps.iter().fold(0, |all, gap| all | masks.of(origins, *gap).any());
        let mut files: HashMap<String, u64> = HashMap::new();
        for (path, gaps) in &run.gaps {
            *files.entry(path.clone()).or_default() |= all(gaps);
        }
        let everywhere = all(&run.absent);
        Masks { files, everywhere, ..masks }
    }

    fn extend(&mut self, origins: &Origins) {
        for chain in origins.chains() {
            let data = |data: u64| Bits { data, ..Bits::default() };
            let bits = match *chain {
                Chain::Unknown => Bits::default(),
                Chain::Read(span) => data(self.leaf(span)),
                Chain::Rendered { frame, data, .. } => {
                    let around = self.frame(origins, frame.0);
                    Bits { around, ..Bits::default() } | self.of(origins, data)
                }
                Chain::Branched { frame, cond, .. } => {
                    let absent = self.frame(origins, frame.0) | self.of(origins, cond).any();
                    Bits { absent, ..Bits::default() }
                }
                // What lost is said to have lost: it is not what the node comes from.
                Chain::Patched { by, .. } => data(self.leaf(by)),
                Chain::Generated { by, data: of } => data(self.leaf(by)) | self.of(origins, of),
                Chain::Union(a, b) => self.of(origins, a) | self.of(origins, b),
                Chain::Either(a, b) => {
                    let (a, b) = (self.of(origins, a), self.of(origins, b));
                    let both = a.any() & b.any();
                    let data = a.data & b.data;
                    Bits { data, decision: both & !data, ..Bits::default() }
                }
                Chain::Given { data, cond } => {
                    let decision = self.of(origins, cond).any();
                    self.of(origins, data) | Bits { decision, ..Bits::default() }
                }
            };
            self.chains.push(bits);
        }
    }

    /// The leaves that the conditions around a frame read, its own included.
    fn frame(&mut self, origins: &Origins, frame: u32) -> u64 {
        let mut way = Vec::new();
        let mut at = frame as usize;
        while self.frames[at] == u64::MAX {
            way.push(at);
            at = origins.frames()[at].parent.0 as usize;
        }
        let mut mask = self.frames[at];
        for at in way.into_iter().rev() {
            mask |= self.of(origins, origins.frames()[at].cond).any();
            self.frames[at] = mask;
        }
        mask
    }

    fn leaf(&self, span: Span) -> u64 {
        self.leaves.get(&span).copied().unwrap_or(0)
    }

    /// The leaves behind one origin.
    pub fn of(&self, origins: &Origins, id: OriginId) -> Bits {
        match origins.chain_index(id) {
            Some(at) => self.chains.get(at).copied().unwrap_or_default(),
            None => match origins.chain(id) {
                Chain::Read(span) => Bits { data: self.leaf(span), ..Bits::default() },
                _ => Bits::default(),
            },
        }
    }

    /// Of what kept documents out of a template's file.
    pub fn file(&self, path: &str) -> u64 {
        self.files.get(path).copied().unwrap_or(0) | self.everywhere
    }
}
