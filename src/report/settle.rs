//! From what the stages found to what is shown: places instead of origins, in order, without secrets.

use std::cmp::Reverse;

use source::{Chain, Diagnostic, Label, Origins, Place, SourceId, Sources};

use super::Masks;

/// Makes diagnostics ready to be shown: every origin becomes the place in a text that a person can open, secret
/// values are taken out of the words, and all stand in the order of the texts.
pub fn settle(diagnostics: &mut [Diagnostic], origins: &Origins, sources: &Sources, masks: &Masks) {
    for diagnostic in diagnostics.iter_mut() {
        expand(diagnostic, origins);
        masks.clean(diagnostic, sources);
    }
    let place = |d: &Diagnostic| match d.primary.at {
        Place::Span(span) => (span.source, span.start, span.end),
        Place::Origin(_) => (SourceId(u32::MAX), 0, 0),
    };
    diagnostics.sort_by(|a, b| {
        (place(a), Reverse(a.severity), a.code.id, &a.message).cmp(&(
            place(b),
            Reverse(b.severity),
            b.code.id,
            &b.message,
        ))
    });
}

/// Replaces every origin in a diagnostic by the place that a person would edit, and adds what lies between as
/// related places. Where nothing is known, the place stays unknown.
fn expand(diagnostic: &mut Diagnostic, origins: &Origins) {
    let mut between = Vec::new();
    if let Place::Origin(id) = diagnostic.primary.at {
        match origins.chain(id) {
            Chain::Read(_) | Chain::Unknown | Chain::Union(..) => {}
            Chain::Rendered { action, .. } => between.push(Label::new(action, "rendered here")),
            Chain::Patched { was, .. } => {
                between.extend(origins.primary(was).map(|at| Label::new(at, "it was this before")));
            }
            Chain::Generated { data, .. } => {
                between.extend(origins.primary(data).map(|at| Label::new(at, "made from this")));
            }
        }
    }
    locate(&mut diagnostic.primary, origins);
    between.retain(|label| label.at != diagnostic.primary.at);
    diagnostic.related.iter_mut().for_each(|label| locate(label, origins));
    diagnostic.related.append(&mut between);
}

fn locate(label: &mut Label, origins: &Origins) {
    if let Some(span) = origins.primary(label.at) {
        label.at = span.into();
    }
}
