//! What a kube-apiserver would answer to a strict dry run of each object, found without one.
//!
//! An object is decoded against its kind's table ([`crate::schema`]) as the server's strict decoder does it; what can be decoded
//! is then held against what the schema says of values, and against the rules for names and labels. Every finding carries the
//! server's reason and field beside our own position and advice.

mod codes;
mod custom;
mod decode;
mod definitions;
mod facts;
mod format;
mod kind;
mod labels;
mod metadata;
mod name;
mod place;
mod report;
mod required;
mod scalar;
mod state;
mod time;
mod values;
mod yaml_layer;

pub use codes::ALL;
use decode::Decoder;
use report::Report;
use source::Diagnostics;
pub use state::Cx;
use state::State;

use crate::kube::Bundle;

/// Judges every object. Findings stand in the order of the objects, and of their fields.
pub fn stage(bundle: &Bundle, cx: &Cx<'_>, out: &mut Diagnostics) {
    let (schema, mut faults) = definitions::known(bundle, cx);
    let mut state = State::new(bundle, cx);
    let mut decoder = Decoder::default();
    for (at, resource) in bundle.resources.iter().enumerate() {
        let mut report = Report::new(bundle, resource);
        yaml_layer::judge(resource, &mut report);
        if let Some(kind) = kind::judge(resource, at, &schema, &mut state, &mut report) {
            decoder.run(resource, kind, &mut report);
            if !report.refuses_to_decode() {
                metadata::judge(resource, kind, &mut report);
                state.judge(resource, kind, &mut report);
                definitions::report(&mut faults, at, &mut report);
            }
            if report.is_clean() {
                state.add(resource);
            }
        }
        out.extend(report.into_findings());
    }
    state.finish(out);
}

/// Whether a finding is of the server's decoder: it stops there, so that nothing else is judged.
pub fn is_of_decoder(reason: &str) -> bool {
    matches!(reason, "Decode" | "UnknownField" | "DuplicateField" | "DuplicateKey")
}

#[cfg(test)]
mod tests;
