//! What a place of a source has become: the way of origins backwards, for all nodes at once.

use crate::origin::{Chain, FrameId, OriginId, Origins};
use crate::sources::Span;

/// How a node hangs on a place.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Hold {
    /// It is made of what stands there.
    pub data: bool,
    /// What stands there decided on it.
    pub condition: bool,
    /// What stands there lost against another layer.
    pub lost: bool,
}

impl Hold {
    /// Whether it hangs on it at all.
    pub fn any(self) -> bool {
        self.data || self.condition
    }

    fn and(self, other: Hold) -> Hold {
        Hold {
            data: self.data || other.data,
            condition: self.condition || other.condition,
            lost: self.lost || other.lost,
        }
    }

    fn with(self, other: Hold) -> Hold {
        Hold {
            data: self.data && other.data,
            condition: self.any() && other.any(),
            lost: self.lost && other.lost,
        }
    }

    fn as_condition(self) -> Hold {
        Hold { data: false, condition: self.any(), lost: false }
    }
}

/// Which origins hang on a place.
pub struct Reach<W> {
    wanted: W,
    chains: Vec<Hold>,
}

impl<W: Fn(Span) -> bool> Reach<W> {
    /// For the places that the test wants, of all origins that are there now.
    ///
    /// ```
    /// use source::{Chain, Origins, Reach, SourceId, Span};
    /// let mut origins = Origins::new();
    /// let [a, b] = [1, 5].map(|at| Span::new(SourceId(0), at, at + 1));
    /// let read = [a, b].map(|span| origins.intern(Chain::Read(span)));
    /// let node = origins.given(read[0], read[1]);
    /// assert!(Reach::new(&origins, |span| span == a).of(&origins, node).data);
    /// assert!(Reach::new(&origins, |span| span == b).of(&origins, node).condition);
    /// ```
    pub fn new(origins: &Origins, wanted: W) -> Reach<W> {
        let mut reach = Reach { wanted, chains: Vec::with_capacity(origins.chains().len()) };
        let mut frames: Vec<Option<bool>> = vec![None; origins.frames().len()];
        for chain in origins.chains() {
            let hold = reach.step(origins, &mut frames, *chain);
            reach.chains.push(hold);
        }
        reach
    }

    /// How an origin hangs on the place. Nodes of documents that were read have no step: their places are looked at when
    /// they are asked for.
    pub fn of(&self, origins: &Origins, id: OriginId) -> Hold {
        match origins.chain_index(id) {
            Some(at) => self.chains.get(at).copied().unwrap_or_default(),
            None => match origins.chain(id) {
                Chain::Read(span) => Hold { data: (self.wanted)(span), ..Hold::default() },
                _ => Hold::default(),
            },
        }
    }

    fn step(&self, origins: &Origins, frames: &mut [Option<bool>], chain: Chain) -> Hold {
        let by_data = |span: Span| Hold { data: (self.wanted)(span), ..Hold::default() };
        let read = |id: OriginId| self.of(origins, id);
        match chain {
            Chain::Unknown => Hold::default(),
            Chain::Read(span) => by_data(span),
            Chain::Rendered { action, frame, data } => {
                let framed = self.framed(origins, frames, frame);
                by_data(action).and(read(data)).and(framed)
            }
            Chain::Branched { at, frame, cond, .. } => {
                let framed = self.framed(origins, frames, frame);
                by_data(at).as_condition().and(read(cond).as_condition()).and(framed)
            }
            Chain::Patched { by, was } => {
                let below = read(was);
                by_data(by).and(Hold { data: false, lost: below.data || below.lost, ..below })
            }
            Chain::Generated { by, data } => by_data(by).and(read(data)),
            Chain::Given { data, cond } => read(data).and(read(cond).as_condition()),
            Chain::Union(a, b) => read(a).and(read(b)),
            Chain::Either(a, b) => read(a).with(read(b)),
        }
    }

    fn framed(&self, origins: &Origins, frames: &mut [Option<bool>], frame: FrameId) -> Hold {
        let (mut way, mut at) = (Vec::new(), frame);
        let mut known = false;
        while let Some(inner) = origins.frame_of(at) {
            if let Some(found) = frames[at.0 as usize] {
                known = found;
                break;
            }
            way.push((at, inner));
            at = inner.parent;
        }
        for (at, frame) in way.into_iter().rev() {
            known = known || (self.wanted)(frame.call) || self.of(origins, frame.cond).any();
            frames[at.0 as usize] = Some(known);
        }
        Hold { condition: known, ..Hold::default() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{SourceId, SpanTable};

    /// Nodes of one byte each.
    struct Bytes(u32);

    impl SpanTable for Bytes {
        fn len(&self) -> u32 {
            self.0
        }
        fn span(&self, index: u32) -> (u32, u32) {
            (index, index + 1)
        }
    }

    #[test]
    fn a_document_that_was_read_hangs_on_its_own_places() {
        let mut origins = Origins::new();
        let first = origins.add_document(SourceId(0), Arc::new(Bytes(3)));
        let reach = Reach::new(&origins, |span| span.start == 1);
        let data = |index| reach.of(&origins, Origins::node(first, index)).data;
        assert_eq!([0, 1, 2].map(data), [false, true, false]);
    }
}
