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
mod gates;
mod kind;
mod labels;
mod locations;
mod metadata;
mod name;
mod place;
mod report;
mod required;
mod rules;
mod said;
mod scalar;
mod state;
mod time;
mod traits;
mod values;
mod yaml_layer;

pub use codes::ALL;
use decode::Decoder;
use kind::Found;
pub use locations::Locations;
use locations::{Judge, Judges};
use rayon::prelude::*;
use report::Report;
use source::Diagnostics;
pub use state::Cx;
use state::State;
use traits::Types;

use crate::kube::{Bundle, Resource};
use crate::schema::Schema;

/// So many objects are one thread's at a time.
const CHUNK: usize = 128;

/// Judges every object. Findings stand in the order of the objects, and of their fields.
pub fn stage(bundle: &Bundle, cx: &Cx<'_>, out: &mut Diagnostics) {
    let judges = cx.locations.map(|(locations, world)| locations.ask(bundle, world));
    let judges = judges.as_ref();
    let (schema, mut faults) = definitions::known(bundle, cx);
    let custom = traits::custom(&schema);
    let types = Types::new(&schema, &custom);
    let mut state = State::new(bundle, cx);
    let alone = |from: usize, resources| alone(bundle, from, resources, &schema, types, &state, judges);
    let judged: Vec<(Report<'_>, Found<'_>)> = if bundle.resources.len() > CHUNK {
        let chunks = bundle.resources.par_chunks(CHUNK).enumerate();
        chunks.flat_map_iter(|(at, chunk)| alone(at * CHUNK, chunk)).collect()
    } else {
        alone(0, &bundle.resources)
    };
    // What an object means for those after it is judged in their order.
    for (at, (resource, (mut report, found))) in bundle.resources.iter().zip(judged).enumerate() {
        match found {
            Found::Known(kind) if !report.refuses_to_decode() => {
                state.judge(resource, kind, &mut report);
                definitions::report(&mut faults, at, &mut report);
                if report.is_clean() {
                    state.add(resource);
                }
            }
            Found::Unknown(place) => state.meet_unknown(resource, place),
            Found::Known(_) | Found::Refused => {}
        }
        out.extend(report.into_findings());
    }
    state.finish(out);
}

/// Whether an object can be judged without any other: it is of one of the native kinds that `schema` has, and defines none.
pub fn stands_alone(resource: &Resource, schema: &Schema) -> bool {
    let gvk = &resource.id.gvk;
    schema.kind(&gvk.group, &gvk.version, &gvk.kind).is_some() && !definitions::is_definition(resource)
}

/// Judges objects by themselves; the first stands at `from` in the input.
fn alone<'a>(
    bundle: &'a Bundle,
    from: usize,
    resources: &'a [Resource],
    schema: &'a Schema,
    types: Types<'a>,
    state: &State<'_>,
    judges: Option<&Judges<'_>>,
) -> Vec<(Report<'a>, Found<'a>)> {
    let mut decoder = Decoder::new(schema.version().minor(), types);
    let mut kinds = kind::Kinds::default();
    let judge = |(at, resource): (usize, &'a Resource)| {
        let mut report = Report::new(bundle, resource);
        yaml_layer::judge(resource, &mut report);
        if let Some(judges) = judges
            && let Some(found) = by_schema(resource, judges, &mut report)
        {
            return (report, found);
        }
        let found = kind::judge(resource, from + at, schema, &mut kinds, state, &mut report);
        if let Found::Known(kind) = found {
            decoder.run(resource, kind, &mut report);
            if !report.refuses_to_decode() {
                metadata::judge(resource, kind, &mut report);
            }
        }
        (report, found)
    };
    resources.iter().enumerate().map(judge).collect()
}

/// Judges an object by a JSON Schema that a person named for its kind; `None` where the tables are to judge.
fn by_schema<'s>(resource: &Resource, judges: &Judges<'_>, report: &mut Report<'_>) -> Option<Found<'s>> {
    match judges.of(&resource.id.gvk) {
        Judge::BuiltIn => None,
        Judge::Schema(schema) => {
            locations::judge(schema, resource, report);
            Some(Found::Refused)
        }
        Judge::Broken(why) => {
            locations::broken(why, resource, report);
            Some(Found::Refused)
        }
        Judge::None => {
            let node = resource.root().get("kind").unwrap_or(resource.root());
            Some(Found::Unknown(report.place(node)))
        }
    }
}

/// Whether a finding is of the server's decoder: it stops there, so that nothing else is judged.
pub fn is_of_decoder(reason: &str) -> bool {
    matches!(reason, "Decode" | "UnknownField" | "DuplicateField" | "DuplicateKey")
}

#[cfg(test)]
mod tests;
