//! Which nodes a template drew: out of randomness or of the clock, so that they are others every time.

use crate::origin::{Chain, OriginId, Origins};
use crate::sources::Span;

/// The origins of what a template drew, all of them found in one pass.
pub struct Drawn {
    /// By the index of the step; empty where nothing was drawn.
    steps: Vec<Step>,
}

/// The call that drew it.
#[derive(Clone, Copy, Default)]
struct Step {
    /// As the value that the call gave. A generator of an overlay has the same step, and is not meant.
    value: Option<Span>,
    /// As text that an action printed.
    printed: Option<Span>,
}

impl Drawn {
    /// Of all origins that are there now.
    ///
    /// ```
    /// use source::{Chain, Drawn, FrameId, OriginId, Origins, SourceId, Span};
    /// let mut origins = Origins::new();
    /// let [call, action] = [3, 1].map(|at| Span::new(SourceId(0), at, 20));
    /// let value = origins.intern(Chain::Generated { by: call, data: OriginId::UNKNOWN });
    /// let node = origins.intern(Chain::Rendered { action, frame: FrameId::TOP, data: value });
    /// let drawn = Drawn::new(&origins);
    /// assert_eq!(drawn.by(&origins, node), Some(call));
    /// assert_eq!(drawn.by(&origins, value), None);
    /// ```
    pub fn new(origins: &Origins) -> Drawn {
        let chains = origins.chains();
        if !chains.iter().any(|chain| matches!(chain, Chain::Generated { .. })) {
            return Drawn { steps: Vec::new() };
        }
        let mut drawn = Drawn { steps: Vec::with_capacity(chains.len()) };
        for chain in chains {
            // What a step leads to stands before it.
            let of = |id: OriginId| drawn.step(origins, id);
            let step = match *chain {
                Chain::Generated { by, .. } => Step { value: Some(by), printed: None },
                Chain::Rendered { data, .. } => {
                    let Step { value, printed } = of(data);
                    Step { value: None, printed: value.or(printed) }
                }
                Chain::Union(a, b) | Chain::Either(a, b) => {
                    let (a, b) = (of(a), of(b));
                    Step { value: a.value.or(b.value), printed: a.printed.or(b.printed) }
                }
                // A decision is no part of what was decided, and a patch puts something else in its place.
                Chain::Given { data, .. } => of(data),
                Chain::Patched { .. } | Chain::Unknown | Chain::Read(_) | Chain::Branched { .. } => {
                    Step::default()
                }
            };
            drawn.steps.push(step);
        }
        drawn
    }

    /// Whether nothing was drawn at all.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The call that drew a node, or a part of it.
    pub fn by(&self, origins: &Origins, id: OriginId) -> Option<Span> {
        self.step(origins, id).printed
    }

    fn step(&self, origins: &Origins, id: OriginId) -> Step {
        origins.chain_index(id).and_then(|at| self.steps.get(at)).copied().unwrap_or_default()
    }
}
