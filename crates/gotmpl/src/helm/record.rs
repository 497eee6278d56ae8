//! A struct of Go as plain data: fields in order, with their JSON names.

use std::any::Any;

use crate::value::{Object, Value};
use crate::{Func, Type};

/// A field of a [`Record`].
pub(super) struct Field {
    pub name: &'static str,
    pub json: &'static str,
    /// Whether JSON leaves it out where it is empty.
    pub omit_empty: bool,
    /// Whether Go sees its fields as the record's own.
    pub embedded: bool,
    /// Whether templates can read it.
    pub exported: bool,
    pub value: Value,
}

impl Field {
    pub(super) fn new(name: &'static str, value: Value) -> Field {
        Field { name, json: name, omit_empty: false, embedded: false, exported: true, value }
    }

    pub(super) fn json(mut self, name: &'static str) -> Field {
        self.json = name;
        self.omit_empty = true;
        self
    }
}

/// A struct, or a pointer to one if the type's name begins with `*`.
pub struct Record {
    pub(super) ty: &'static str,
    pub(super) fields: Vec<Field>,
    pub(super) methods: &'static [&'static Func],
    /// What `String()` of its address gives: `{{ }}` prints that, while a function sees the bare struct.
    pub(super) address_string: Option<String>,
}

impl Object for Record {
    fn type_name(&self) -> &'static str {
        self.ty
    }

    fn string(&self) -> Option<String> {
        None
    }

    fn address_string(&self) -> Option<String> {
        self.address_string.clone()
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.fields.iter().map(|f| (f.name, f.value.clone())).collect()
    }

    fn field(&self, name: &str) -> Option<Value> {
        if let Some(field) = self.fields.iter().find(|f| f.exported && f.name == name) {
            return Some(field.value.clone());
        }
        let mut embedded = self.fields.iter().filter(|f| f.embedded);
        embedded.find_map(|f| f.value.as_object::<Record>()?.field(name))
    }

    fn field_type(&self, name: &str) -> Option<Type> {
        self.field(name).map(|v| v.ty())
    }

    fn methods(&self) -> &'static [&'static Func] {
        self.methods
    }

    fn to_json(&self) -> Value {
        let fields = self.json_fields().unwrap_or_default();
        Value::map(fields.into_iter().map(|(name, value)| (name.into(), value)))
    }

    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        let mut entries = Vec::new();
        self.json_into(&mut entries);
        Some(entries)
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Record>().is_some_and(|o| std::ptr::eq(self, o))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Record {
    fn json_into(&self, entries: &mut Vec<(&'static str, Value)>) {
        for field in self.fields.iter().filter(|f| f.exported) {
            match field.value.as_object::<Record>() {
                Some(record) if field.embedded => record.json_into(entries),
                _ if field.omit_empty && !field.value.truth() => {}
                _ => entries.push((field.json, field.value.clone())),
            }
        }
    }
}
