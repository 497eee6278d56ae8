//! From what the stages found to what is shown: places instead of origins, in order, without secrets.

use std::cmp::Reverse;

use source::{Chain, Diagnostic, Label, Origins, Place, SourceId, Sources, Span};

use super::Masks;

/// Makes diagnostics ready to be shown: every origin becomes the place in a text that a person can open, secret
/// values are taken out of the words, and all stand in the order of the texts.
///
/// `secrets` are the places of values of Secrets; with what the texts themselves tell they come back as what must
/// not be shown.
pub fn settle(
    diagnostics: &mut [Diagnostic],
    origins: &Origins,
    sources: &Sources,
    secrets: impl IntoIterator<Item = Span>,
) -> Masks {
    diagnostics.iter_mut().for_each(|d| expand(d, origins));
    let mut masks = Masks::new(secrets);
    masks.read_all(diagnostics, sources);
    diagnostics.iter_mut().for_each(|d| masks.clean(d, sources));
    let place = |d: &Diagnostic| match d.primary.at {
        Place::Span(span) => (span.source, span.start, span.end),
        Place::Origin(_) => (SourceId(u32::MAX), 0, 0),
    };
    let key = |d: &Diagnostic| (place(d), Reverse(d.severity), d.code.id);
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)));
    masks
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
