//! Writes the manifests: what was not changed keeps its text, comments included.

mod order;
mod text;

use std::str::FromStr;

use source::Sources;

use crate::kube::Bundle;

/// In which order objects are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// As they came.
    #[default]
    Input,
    /// So that what others need comes first: namespaces, definitions, configuration, workloads.
    Install,
}

impl FromStr for Order {
    type Err = String;
    fn from_str(name: &str) -> Result<Order, String> {
        match name {
            "input" => Ok(Order::Input),
            "install" => Ok(Order::Install),
            _ => Err(format!("unknown order `{name}`; known: input, install")),
        }
    }
}

/// In which form objects are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// The text as it was read, wherever nothing changed it.
    #[default]
    Kept,
    /// As kubectl would write it: keys sorted, one style, no comments.
    Canonical,
    /// A JSON list of all objects, or the object where there is but one.
    Json,
}

/// The manifests as one text. `Err` says which object cannot be written and why.
pub fn emit(bundle: &Bundle, sources: &Sources, order: Order, form: Form) -> Result<String, String> {
    let resources = order::ordered(bundle, order);
    match form {
        Form::Kept => text::kept(&resources, sources),
        Form::Canonical => text::canonical(&resources),
        Form::Json => text::json(&resources),
    }
}
