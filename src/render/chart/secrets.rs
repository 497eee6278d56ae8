//! Which parts of rendered text are values of Secrets, also where the text is no YAML that could be read.

use source::{Chain, OriginId, Origins, SourceId, Sources, Span};

/// Whether a text, a template's or a manifest's, is of a Secret.
pub(crate) fn is_secret_text(text: &[u8]) -> bool {
    text.split(|b| *b == b'\n').any(|line| {
        let Some(kind) = line.strip_prefix(b"kind:") else { return false };
        matches!(kind.trim_ascii(), b"Secret" | b"\"Secret\"" | b"'Secret'")
    })
}

/// Of the manifest of a Secret the values under `data` and `stringData`, and what of the inputs they were made of.
pub(crate) fn of_rendered(
    id: SourceId,
    segments: &[(u32, OriginId)],
    sources: &Sources,
    origins: Option<&Origins>,
) -> Vec<Span> {
    let Some(text) = sources.get(id).map(|source| source.text().clone()) else { return Vec::new() };
    if !is_secret_text(text.as_bytes()) {
        return Vec::new();
    }
    let mut spans: Vec<Span> =
        value_ranges(&text).into_iter().map(|(start, end)| Span::new(id, start, end)).collect();
    let Some(origins) = origins else { return spans };
    let mut inputs = Vec::new();
    for span in &spans {
        let mut at = segments.partition_point(|(end, _)| *end <= span.start);
        let mut from = at.checked_sub(1).and_then(|i| segments.get(i)).map_or(0, |(end, _)| *end);
        while let Some((end, origin)) = segments.get(at).filter(|_| from < span.end) {
            read(*origin, origins, &mut inputs);
            (at, from) = (at + 1, *end);
        }
    }
    inputs.sort_unstable();
    inputs.dedup();
    spans.append(&mut inputs);
    spans
}

/// The places that were read for an origin; what a template says itself is none.
fn read(origin: OriginId, origins: &Origins, into: &mut Vec<Span>) {
    let mut open = vec![origin];
    // A limit only against what cannot be: chains lead to what was there before them.
    for _ in 0..10_000 {
        let Some(origin) = open.pop() else { return };
        match origins.chain(origin) {
            Chain::Read(span) => into.push(span),
            Chain::Rendered { data, .. } | Chain::Generated { data, .. } => open.push(data),
            Chain::Patched { by, .. } => into.push(by),
            Chain::Union(a, b) | Chain::Either(a, b) => open.extend([a, b]),
            Chain::Given { data, .. } => open.push(data),
            Chain::Unknown | Chain::Branched { .. } => {}
        }
    }
}

/// What stands behind the keys below `data:` and `stringData:`, line by line.
fn value_ranges(text: &str) -> Vec<(u32, u32)> {
    let mut ranges = Vec::new();
    let (mut at, mut inside) = (0, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end();
        if content.trim_start().is_empty() {
            continue;
        }
        let value = match content.find(':') {
            // A key of the object itself begins or ends the values.
            Some(colon) if !content.starts_with([' ', '-', '#']) => {
                inside = matches!(&content[..colon], "data" | "stringData");
                colon + 1
            }
            Some(colon)
                if content[..colon]
                    .trim_start()
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_.".contains(c)) =>
            {
                colon + 1
            }
            _ => 0,
        };
        if inside {
            let blanks = content[value..].len() - content[value..].trim_start().len();
            let from = start + value + blanks;
            if from < start + content.len() {
                ranges.push((from as u32, (start + content.len()) as u32));
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_secret_are_found_line_by_line() {
        let text =
            "kind: Secret\nmetadata:\n  name: a\nstringData:\n  a: b: c\n  d: |\n    e\ntype: Opaque\n";
        let values: Vec<_> =
            value_ranges(text).into_iter().map(|(from, to)| &text[from as usize..to as usize]).collect();
        assert_eq!(values, ["b: c", "|", "e"]);
        assert!(is_secret_text(text.as_bytes()));
        assert!(!is_secret_text(b"kind: SecretStore\n"));
    }
}
