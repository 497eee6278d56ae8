//! Which line of a template brought a leaf into a node's origin: the cause of a name that was too much.

use source::{Chain, OriginId, Origins, Sources, Span};

use super::masks::Masks;

/// The innermost statement through which that leaf came to stand behind that origin, as it is written.
pub fn statement(origins: &Origins, sources: &Sources, masks: &Masks, id: OriginId, bit: u64) -> String {
    let mut at = id;
    let mut found: Option<Span> = None;
    loop {
        let has = |id: OriginId| masks.of(origins, id).any() & bit != 0;
        at = match origins.chain(at) {
            Chain::Rendered { action, data, .. } if has(data) => {
                found = Some(action);
                data
            }
            Chain::Rendered { frame, .. } => match framed(origins, masks, frame.0, bit) {
                Some((call, cond)) => {
                    found = Some(call);
                    cond
                }
                None => break,
            },
            Chain::Branched { at, frame, cond, .. } => {
                if has(cond) {
                    found = Some(at);
                    cond
                } else if let Some((call, cond)) = framed(origins, masks, frame.0, bit) {
                    found = Some(call);
                    cond
                } else {
                    break;
                }
            }
            Chain::Union(a, b) | Chain::Either(a, b) | Chain::Given { data: a, cond: b } => {
                if has(a) {
                    a
                } else if has(b) {
                    b
                } else {
                    break;
                }
            }
            Chain::Generated { by, data } => {
                found = Some(by);
                data
            }
            Chain::Patched { .. } | Chain::Read(_) | Chain::Unknown => break,
        };
    }
    found.map_or_else(|| "no statement".to_owned(), |span| opening(sources, span))
}

/// What printed a node: the first action, or text of a template.
pub fn printed(origins: &Origins, sources: &Sources, id: OriginId) -> String {
    let steps = origins.data(id);
    let actions = steps.iter().filter_map(|id| match origins.chain(*id) {
        Chain::Rendered { action, .. } => Some(action),
        _ => None,
    });
    actions
        .map(|action| opening(sources, action))
        .min_by_key(|text| !text.starts_with("{{"))
        .unwrap_or_default()
}

/// Of a block, what opens it.
fn opening(sources: &Sources, span: Span) -> String {
    let text = sources.slice(span);
    let end = text.find("}}").map_or(text.len(), |at| at + 2);
    text[..end].split_whitespace().collect::<Vec<_>>().join(" ").chars().take(150).collect()
}

/// The innermost frame whose condition read the leaf.
fn framed(origins: &Origins, masks: &Masks, frame: u32, bit: u64) -> Option<(Span, OriginId)> {
    let mut at = frame;
    while at != 0 {
        let frame = origins.frames().get(at as usize)?;
        if masks.of(origins, frame.cond).any() & bit != 0 {
            return Some((frame.call, frame.cond));
        }
        at = frame.parent.0;
    }
    None
}
