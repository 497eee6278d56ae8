//! Documents as the emitters see them.

use crate::emit::{View, Visit};
use crate::node::{Node, Value};

/// Comments, styles and tags are not seen: what comes out is the canonical look, `emit::sigs` for the look of
/// kubectl and Kustomize. Keys that are no strings become strings where the form has no others, as
/// sigs.k8s.io/yaml makes them; lists and maps as keys are refused.
impl Visit for Node<'_> {
    fn view(&self) -> View<'_> {
        match self.value() {
            Value::Null => View::Null,
            Value::Bool(b) => View::Bool(b),
            Value::Int(i) => View::Int(i),
            Value::UInt(u) => View::UInt(u),
            Value::Float(f) => View::Float(f),
            Value::Str(text) => View::Text(text),
            Value::Seq => View::Seq,
            Value::Map => View::Map,
        }
    }

    fn key(&self) -> View<'_> {
        match self.value() {
            Value::Null => View::Text("null"),
            Value::Seq | Value::Map => View::Null,
            _ => self.view(),
        }
    }

    fn items(&self, out: &mut Vec<Self>) {
        out.extend(Node::items(*self));
    }

    fn entries(&self, out: &mut Vec<(Self, Self)>) {
        out.extend(Node::entries(*self));
    }
}
