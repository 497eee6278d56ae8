//! What the commands share that stand in for another program: how they refuse, and how their errors look.

use source::{Diagnostic, Origins, Sources, Span};

use super::{Exit, output};
use crate::report::{self, Format, Report, settle};

/// Wrong arguments are told in the words of the program that is stood in for, and end as it ends.
pub(super) fn refuse(text: &str) -> Exit {
    output::talk(&format!("Error: {text}\n"));
    Exit::Findings
}

/// Tells the diagnostics in our own form, the words of `peer` below each. Text within `secrets` is masked.
pub(super) fn tell(
    peer: &'static str,
    mut diagnostics: Vec<Diagnostic>,
    sources: &Sources,
    origins: &Origins,
    secrets: Vec<Span>,
) {
    if diagnostics.is_empty() {
        return;
    }
    let masks = settle(&mut diagnostics, origins, sources, secrets);
    let report = Report {
        sources,
        diagnostics: &diagnostics,
        masks: &masks,
        fingerprints: &[],
        facts: super::catalogue::facts,
    };
    let mut look = output::look(output::Stream::Err, output::Color::Auto);
    look.peer = Some(peer);
    output::talk(&report::render(&report, Format::Human, &look).concat());
}
