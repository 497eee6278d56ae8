//! From origins to places in texts: what a stage said of a node becomes something a person can open.

use source::{Chain, Diagnostic, Label, Origins, Place};

/// Replaces every origin in a diagnostic by the place that a person would edit, and adds what lies between as
/// related places. Where nothing is known, the place stays unknown.
pub fn expand(diagnostic: &mut Diagnostic, origins: &Origins) {
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
    settle(&mut diagnostic.primary, origins);
    between.retain(|label| label.at != diagnostic.primary.at);
    diagnostic.related.iter_mut().for_each(|label| settle(label, origins));
    diagnostic.related.append(&mut between);
}

fn settle(label: &mut Label, origins: &Origins) {
    if let Some(span) = origins.primary(label.at) {
        label.at = span.into();
    }
}
