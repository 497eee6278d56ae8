//! The CustomResourceDefinitions that count: those of the input, of the cluster, and those that were named.

use super::codes::CRD_INVALID;
use super::report::Report;
use super::state::Cx;
use crate::kube::{Bundle, Resource};
use crate::schema::{Fault, Schema};

/// Whether an object is a CustomResourceDefinition.
pub(super) fn is_definition(resource: &Resource) -> bool {
    let gvk = &resource.id.gvk;
    &*gvk.kind == "CustomResourceDefinition" && &*gvk.group == "apiextensions.k8s.io" && &*gvk.version == "v1"
}

/// The native kinds and all custom ones; with what keeps definitions of the input from being compiled, by the object's
/// place in it.
pub(super) fn known<'a>(bundle: &'a Bundle, cx: &Cx<'a>) -> (Schema, Vec<(usize, Fault<'a>)>) {
    let mut schema = cx.schema.clone();
    let mut all = Vec::new();
    for (at, crd) in bundle.resources.iter().enumerate().filter(|(_, r)| is_definition(r)) {
        let mut faults = Vec::new();
        schema.add_crd(crd.root(), &mut faults);
        all.extend(faults.into_iter().map(|fault| (at, fault)));
    }
    // What is wrong with the others was to be told where they were read.
    let others = cx.crds.resources.iter().chain(cx.cluster.into_iter().flat_map(|c| &c.resources));
    for crd in others.filter(|r| is_definition(r)) {
        schema.add_crd(crd.root(), &mut Vec::new());
    }
    (schema, all)
}

/// Tells what is wrong with the definition at that place of the input.
pub(super) fn report(faults: &mut Vec<(usize, Fault<'_>)>, at: usize, report: &mut Report<'_>) {
    faults.retain(|(of, fault)| {
        // The rules for definitions tell of patterns, each at its place.
        if *of == at && !fault.is_pattern {
            let field = "spec.validation.openAPIV3Schema".to_owned();
            report.push(&CRD_INVALID, "FieldValueInvalid", fault.node, field, fault.message.clone());
        }
        *of != at
    });
}
