//! A value as the executor holds it.

use crate::value::{Type, Value};

/// A value with what Go's reflection still knows of it: whether it sits in a variable of type `interface {}`.
#[derive(Clone, Default)]
pub(crate) struct Slot {
    pub value: Value,
    pub boxed: bool,
}

impl Slot {
    pub(crate) fn new(value: Value) -> Self {
        Slot { value, boxed: false }
    }

    pub(crate) fn boxed(value: Value) -> Self {
        Slot { value, boxed: true }
    }

    /// Go's zero `reflect.Value`: not even a nil.
    pub(crate) fn is_invalid(&self) -> bool {
        !self.boxed && self.value.is_nil()
    }

    /// What an element of a list or map of that type is.
    pub(crate) fn element(value: Value, of: Type) -> Self {
        Slot { value, boxed: of.elem() == Type::Any }
    }

    pub(crate) fn unbox(mut self) -> Self {
        self.boxed = false;
        self
    }

    /// The type that error texts give.
    pub(crate) fn ty(&self) -> Type {
        if self.boxed { Type::Any } else { self.value.ty() }
    }
}
