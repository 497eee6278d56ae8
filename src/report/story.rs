//! The history of a node, in the parts in which it is told: what wrote it, from which values, under which conditions.

use std::collections::HashSet;

use source::{Chain, Frame, FrameId, OriginId, Origins, Sources, Span};

/// Steps of each kind that are told: what has more is no story.
const MOST: usize = 64;

/// Where a node came from.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Story {
    /// The actions and texts of templates that printed it, in order.
    pub written: Vec<Written>,
    /// The values that it was made of.
    pub values: Vec<Fed>,
    /// What decided that it is there, the outermost first.
    pub conditions: Vec<Condition>,
    /// The patches, overlays and generators that made it, the last first.
    pub patches: Vec<Span>,
    /// Whether nothing is known of a part of it.
    pub has_unknown: bool,
}

/// One action of a template, or text that stands there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The innermost.
    pub at: Span,
    /// The calls that led to it, the innermost first.
    pub calls: Vec<Span>,
}

/// A value with those that it won over.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fed {
    /// Where it stands.
    pub at: Span,
    /// The layers below, from the highest down.
    pub lost: Vec<Span>,
}

/// Something that was decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// The statement, or the declaration of a subchart; `None` where a function decided inside of an action.
    pub at: Option<Span>,
    /// What it read.
    pub values: Vec<Fed>,
}

impl Story {
    /// The story of an origin.
    pub fn of(origins: &Origins, sources: &Sources, id: OriginId) -> Story {
        Story::told(Teller { origins, sources, story: Story::default(), frames: Some(HashSet::new()) }, id)
    }

    /// The same without what decided over it, for those who only ask what it was made of.
    pub fn without_conditions(origins: &Origins, sources: &Sources, id: OriginId) -> Story {
        Story::told(Teller { origins, sources, story: Story::default(), frames: None }, id)
    }

    fn told(mut teller: Teller<'_>, id: OriginId) -> Story {
        teller.tell(id);
        let story = &mut teller.story;
        dedup(&mut story.written);
        dedup(&mut story.values);
        dedup(&mut story.patches);
        teller.story
    }

    /// All values behind an origin, those behind conditions among them.
    pub fn values_of(origins: &Origins, id: OriginId) -> Vec<Fed> {
        fed(origins, id)
    }
}

fn dedup<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::new();
    for item in list.drain(..) {
        if kept.len() < MOST && !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

struct Teller<'a> {
    origins: &'a Origins,
    sources: &'a Sources,
    story: Story,
    /// Those whose conditions were told; `None` where none are.
    frames: Option<HashSet<FrameId>>,
}

impl Teller<'_> {
    fn tell(&mut self, id: OriginId) {
        // With what is behind an action, layers are those of values.
        let mut open = vec![(id, false)];
        let mut seen = HashSet::new();
        while let Some((id, is_value)) = open.pop() {
            if !seen.insert(self.origins.resolve(id)) || seen.len() > 4096 {
                continue;
            }
            match self.origins.chain(id) {
                Chain::Unknown => self.story.has_unknown |= seen.len() == 1,
                Chain::Read(at) => self.story.values.push(Fed { at, lost: Vec::new() }),
                Chain::Rendered { action, frame, data } => {
                    let calls = self.calls(frame);
                    self.story.written.push(Written { at: action, calls });
                    if data != OriginId::UNKNOWN {
                        open.push((data, true));
                    }
                }
                Chain::Patched { by, was } if is_value => {
                    let mut lost = Vec::new();
                    let mut below = was;
                    while let Some((span, next)) = self.layer(below) {
                        lost.push(span);
                        match next {
                            Some(next) if lost.len() < MOST => below = next,
                            _ => break,
                        }
                    }
                    self.story.values.push(Fed { at: by, lost });
                }
                Chain::Patched { by, was } => {
                    self.story.patches.push(by);
                    open.push((was, is_value));
                }
                // A call that a template drew a value from is a part of what the action says.
                Chain::Generated { data, .. } if is_value => open.push((data, true)),
                Chain::Generated { by, data } => {
                    self.story.patches.push(by);
                    open.push((data, is_value));
                }
                Chain::Union(a, b) | Chain::Either(a, b) => open.extend([(b, is_value), (a, is_value)]),
                Chain::Given { data, cond } => {
                    self.decision(None, cond);
                    open.push((data, is_value));
                }
                Chain::Branched { .. } => {}
            }
        }
    }

    /// A lower layer of a value, and the one below that.
    fn layer(&self, mut id: OriginId) -> Option<(Span, Option<OriginId>)> {
        loop {
            match self.origins.chain(id) {
                Chain::Read(span) => return Some((span, None)),
                Chain::Patched { by, was } => return Some((by, Some(was))),
                Chain::Given { data, .. } => id = data,
                _ => return None,
            }
        }
    }

    /// The calls around a place, the innermost first; the branches on the way become conditions.
    fn calls(&mut self, frame: FrameId) -> Vec<Span> {
        let (mut calls, mut branches): (Vec<Span>, Vec<(FrameId, Frame)>) = (Vec::new(), Vec::new());
        let mut at = frame;
        while let Some(frame) = self.origins.frame_of(at) {
            if calls.len() + branches.len() >= 4 * MOST {
                break;
            }
            if is_branch(self.sources, frame.call) {
                branches.push((at, frame));
            } else {
                calls.push(frame.call);
                if frame.cond != OriginId::UNKNOWN {
                    branches.push((at, frame));
                }
            }
            at = frame.parent;
        }
        for (id, frame) in branches.into_iter().rev() {
            if self.frames.as_mut().is_some_and(|known| known.insert(id)) {
                self.decision(Some(frame.call), frame.cond);
            }
        }
        calls
    }

    fn decision(&mut self, at: Option<Span>, cond: OriginId) {
        if self.frames.is_none() {
            return;
        }
        let values = fed(self.origins, cond);
        let same = |known: &Condition| known.at == at && (at.is_some() || known.values == values);
        if at.is_none() && values.is_empty() || self.story.conditions.len() >= MOST {
            return;
        }
        match self.story.conditions.iter_mut().find(|known| same(known)) {
            Some(known) => {
                known.values.extend(values);
                dedup(&mut known.values);
            }
            None => self.story.conditions.push(Condition { at, values }),
        }
    }
}

fn fed(origins: &Origins, id: OriginId) -> Vec<Fed> {
    let (mut all, mut open, mut seen) = (Vec::new(), vec![id], HashSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) || seen.len() > 1024 || all.len() >= MOST {
            continue;
        }
        match origins.chain(id) {
            Chain::Read(at) => all.push(Fed { at, lost: Vec::new() }),
            Chain::Patched { by, was } => {
                let lost = match origins.chain(was) {
                    Chain::Read(span) | Chain::Patched { by: span, .. } => vec![span],
                    _ => Vec::new(),
                };
                all.push(Fed { at: by, lost });
            }
            Chain::Rendered { data, .. } | Chain::Generated { data, .. } => open.push(data),
            Chain::Union(a, b) | Chain::Either(a, b) | Chain::Given { data: a, cond: b } => {
                open.extend([b, a]);
            }
            Chain::Branched { cond, .. } => open.push(cond),
            Chain::Unknown => {}
        }
    }
    dedup(&mut all);
    all
}

/// Whether a frame was opened by a branch, and not by a call.
fn is_branch(sources: &Sources, call: Span) -> bool {
    let text = sources.slice(call).trim_start_matches("{{").trim_start_matches('-').trim_start();
    let word = &text[..text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len())];
    matches!(word, "if" | "with" | "range" | "else")
}

/// The action that a place stands in, `{{ ... }}`, on one line; other text as it is, up to its first line's end.
pub fn action_text(sources: &Sources, at: Span) -> (Span, String) {
    let Some(source) = sources.get(at.source) else { return (at, String::new()) };
    let text: &str = source.text();
    let (start, end) = (at.start as usize, at.end as usize);
    let (Some(before), Some(_)) = (text.get(..start), text.get(start..end)) else {
        return (at, String::new());
    };
    let begin = match text[start..].starts_with("{{") {
        true => Some(start),
        false => before.rfind("{{").filter(|open| !before[*open..].contains("}}")),
    };
    match begin {
        Some(open) => {
            let close = text[open..].find("}}").map_or(text.len(), |n| open + n + 2);
            let shown = text[open..close].split_whitespace().collect::<Vec<_>>().join(" ");
            (Span::new(at.source, open as u32, close as u32), shown)
        }
        None => {
            let lead = text[start..end].len() - text[start..end].trim_start().len();
            let begin = start + lead;
            let stop = text[begin..].find('\n').map_or(text.len(), |n| begin + n);
            let line = before[..].rfind('\n').map_or(0, |n| n + 1);
            let from = if lead == 0 { line } else { begin };
            (Span::new(at.source, begin as u32, end.max(begin) as u32), text[from..stop].trim().to_owned())
        }
    }
}
