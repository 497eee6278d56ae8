//! From what the stages found to what is shown: places instead of origins, in order, without secrets.

use std::cmp::Reverse;

use rayon::prelude::*;
use source::{Chain, Diagnostic, Label, Origins, Place, SourceId, Sources, Span};

use super::story::{Story, Written, action_text};
use super::{CHUNK, Masks};

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
    let all = |diagnostics: &mut [Diagnostic], change: &(dyn Fn(&mut Diagnostic) + Sync)| {
        if diagnostics.len() <= CHUNK {
            diagnostics.iter_mut().for_each(change);
        } else {
            diagnostics.par_iter_mut().with_min_len(CHUNK).for_each(change);
        }
    };
    all(diagnostics, &|d| expand(d, origins, sources));
    let mut masks = Masks::new(secrets);
    masks.read_all(diagnostics, sources);
    all(diagnostics, &|d| masks.clean(d, sources));
    sort(diagnostics);
    masks
}

/// By the order of the texts. What is compared is taken out first, and each diagnostic is moved but once.
fn sort(diagnostics: &mut [Diagnostic]) {
    let place = |d: &Diagnostic| match d.primary.at {
        Place::Span(span) => (span.source, span.start, span.end),
        _ => (SourceId(u32::MAX), 0, 0),
    };
    let mut order: Vec<_> =
        diagnostics.iter().enumerate().map(|(at, d)| (place(d), Reverse(d.severity), at)).collect();
    // Stage by stage they stand in the order of the texts already, which a stable sort makes use of; only then are those
    // of one text sorted, a handful each.
    order.sort_by_key(|o| o.0.0);
    for of_text in order.chunk_by_mut(|a, b| a.0.0 == b.0.0) {
        of_text.sort_unstable_by(|a, b| {
            let (of_a, of_b) = (&diagnostics[a.2], &diagnostics[b.2]);
            let words = || (of_a.code.id, &of_a.message).cmp(&(of_b.code.id, &of_b.message));
            (a.0, a.1).cmp(&(b.0, b.1)).then_with(words).then(a.2.cmp(&b.2))
        });
    }
    // Round each cycle of the permutation once.
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at].2, at);
            if from == start || from == at {
                break;
            }
            diagnostics.swap(at, from);
            at = from;
        }
    }
}

/// Replaces every origin in a diagnostic by the place that a person would edit, and adds what lies between as
/// related places. Where nothing is known, the place stays unknown.
fn expand(diagnostic: &mut Diagnostic, origins: &Origins, sources: &Sources) {
    diagnostic.related.iter_mut().for_each(|label| locate(label, origins));
    let Place::Origin(id) = origins.shown(diagnostic.primary.at) else { return };
    let chain = origins.chain(id);
    if let Chain::Read(span) = chain {
        diagnostic.primary.at = span.into();
        return;
    }
    locate(&mut diagnostic.primary, origins);
    let mut between = Vec::new();
    match chain {
        Chain::Read(_) | Chain::Unknown => {}
        Chain::Patched { was, .. } => {
            between.extend(origins.primary(was).map(|at| Label::new(at, "it was this before")));
        }
        Chain::Generated { data, .. } => {
            between.extend(origins.primary(data).map(|at| Label::new(at, "made from this")));
        }
        Chain::Rendered { .. }
        | Chain::Union(..)
        | Chain::Either(..)
        | Chain::Given { .. }
        | Chain::Branched { .. } => {
            let story = Story::without_conditions(origins, sources, id);
            if let Some(call) = call_of(&story, diagnostic, sources) {
                diagnostic.primary.at = call.into();
            }
            between = way(&story, diagnostic, sources);
        }
    }
    // What stands in one action is one place.
    let expanded = diagnostic.primary.at.span().map(|at| Place::Span(action_text(sources, at).0));
    between.retain(|label| label.at != diagnostic.primary.at && Some(label.at) != expanded);
    let mut known = Vec::new();
    between.retain(|label| {
        !known.contains(&label.at) && {
            known.push(label.at);
            true
        }
    });
    diagnostic.related.append(&mut between);
}

/// Where a field is written whose value a helper makes: many share the helper, and what is wrong with one of them is
/// mended at that one.
fn call_of(story: &Story, diagnostic: &Diagnostic, sources: &Sources) -> Option<Span> {
    let is_meant = |written: &&Written| diagnostic.primary.at == Place::Span(written.at);
    let written = story.written.iter().find(is_meant)?;
    // Text that stands in a template is what a person edits.
    if !sources.slice(written.at).starts_with("{{") {
        return None;
    }
    // Behind a key or a dash.
    let is_in_field = |at: &Span| {
        let Some(source) = sources.get(at.source) else { return false };
        let before = source.text().get(..at.start as usize).unwrap_or("");
        let line = before[before.rfind('\n').map_or(0, |n| n + 1)..].trim_start();
        !line.is_empty() && !line.starts_with("{{")
    };
    if is_in_field(&written.at) {
        return None;
    }
    let calls = written.calls.iter().map(|call| action_text(sources, *call).0);
    // A subchart's declaration stands around its calls, too.
    let calls: Vec<Span> = calls.filter(|call| sources.slice(*call).starts_with("{{")).collect();
    calls.iter().copied().find(is_in_field).or(calls.last().copied())
}

/// From the value or the action at which a finding points to the file that is rendered.
fn way(story: &Story, diagnostic: &Diagnostic, sources: &Sources) -> Vec<Label> {
    /// Calls between a helper and the file: the outermost ones say where it is.
    const CALLS: usize = 3;
    let becomes = match diagnostic.subject.as_deref() {
        Some(subject) if !subject.path.is_empty() => {
            format!("becomes {}/{} {}", subject.kind, subject.name, subject.path)
        }
        Some(subject) => format!("becomes a part of {}/{}", subject.kind, subject.name),
        None => "rendered here".to_owned(),
    };
    let mut labels = Vec::new();
    if let Some(written) = story.written.first() {
        labels.push(Label::new(action_text(sources, written.at).0, becomes));
        let outer = written.calls.len().saturating_sub(CALLS);
        let calls = written.calls.iter().enumerate().filter(|(at, _)| *at == 0 || *at >= outer);
        labels.extend(calls.map(|(_, call)| Label::new(action_text(sources, *call).0, "included from here")));
    }
    let is_primary = |at: Span| diagnostic.primary.at == Place::Span(at);
    for fed in story.values.iter().filter(|fed| is_primary(fed.at)) {
        labels.extend(fed.lost.iter().take(1).map(|at| Label::new(*at, "this value lost")));
    }
    labels
}

fn locate(label: &mut Label, origins: &Origins) {
    if let Some(span) = origins.primary(label.at) {
        label.at = span.into();
    }
}

#[cfg(test)]
mod tests {
    use source::{Severity, code};

    use super::*;

    code! {
        /// A test.
        pub static TEST = "test", Note;
    }

    #[test]
    fn findings_stand_in_the_order_of_the_texts_the_worst_first() {
        let at = |source, start| Span::new(SourceId(source), start, start);
        let mut all: Vec<Diagnostic> = (0..500u32)
            .map(|n| Diagnostic::new(&TEST, at(n * 7 % 3, n * 31 % 40), format!("{}", n * 13 % 11)))
            .collect();
        all[300].severity = Severity::Error;
        let key = |d: &Diagnostic| match d.primary.at {
            Place::Span(s) => (s, Reverse(d.severity), d.message.clone()),
            _ => unreachable!("all are spans"),
        };
        let mut wanted: Vec<_> = all.iter().map(key).collect();
        wanted.sort_by(|a, b| (a.0.source, a.0.start, a.1, &a.2).cmp(&(b.0.source, b.0.start, b.1, &b.2)));
        sort(&mut all);
        assert_eq!(all.iter().map(key).collect::<Vec<_>>(), wanted);
    }
}
